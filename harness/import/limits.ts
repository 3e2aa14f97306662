/** Limits of an import: what one machine reads in seconds, and what a scenario can hold. */
export const importLimits = {
  /** Of the file. */
  fileBytes: 200_000_000,
  /** Rows of CSV or JSON. */
  rows: 1_000_000,
  /** Client spans or HAR entries. */
  calls: 2_000_000,
  /** Regions, hosts or other names that rows and calls are grouped by. */
  series: 64,
  /** Moments of one series that the change rule looks at; a longer one is made coarser. */
  moments: 2000,
  /** Points of a curve in the scenario. */
  curvePoints: 300,
  /** Rows of the list of what was not imported; more of one sort are counted together. */
  listed: 100,
  /** Activities of an experiment, or proxies of a configuration. */
  activities: 1000,
} as const;
