/** A machine type, as far as quotas and instances know it. */
export interface MachineType {
  readonly vcpus: number;
  /** Regional quota that its vCPUs count against. */
  readonly metric: QuotaMetric;
  readonly cpuPlatform: string;
  /** The first part of its name, e.g. `n2`. */
  readonly series: string;
}

/**
 * vCPUs that a project may have in a region, by quota. Google sets them by the project's history; 24 is what the messages of users whose
 * quota is exceeded name for both (`Quota 'N2_CPUS' exceeded.  Limit: 24.0 in region us-central1.`).
 */
export const QUOTAS = { CPUS: 24, N2_CPUS: 24 } as const;

export type QuotaMetric = keyof typeof QUOTAS;

/**
 * vCPUs that a zone has free for the project, by series; a series that is not named has hosts without end. The emulator's own figure:
 * machines with GPUs are scarce, and a zone has fewer than the quota allows, so that it runs out.
 */
export const ZONE_CAPACITY: Readonly<Record<string, number>> = { g2: 16 };

const family = (prefix: string, sizes: readonly number[], metric: QuotaMetric, cpuPlatform: string) =>
  sizes.map((vcpus): [string, MachineType] => [
    `${prefix}-${vcpus}`,
    { vcpus, metric, cpuPlatform, series: prefix.split('-', 1).join() },
  ]);

const E2 = 'Intel Broadwell';

/** Types that the emulated zones have, by the names of cloud.google.com/compute/docs/general-purpose-machines and .../gpus; the lists were not checked again. */
export const MACHINE_TYPES: ReadonlyMap<string, MachineType> = new Map([
  ['e2-micro', { vcpus: 2, metric: 'CPUS', cpuPlatform: E2, series: 'e2' }],
  ['e2-small', { vcpus: 2, metric: 'CPUS', cpuPlatform: E2, series: 'e2' }],
  ['e2-medium', { vcpus: 2, metric: 'CPUS', cpuPlatform: E2, series: 'e2' }],
  ['f1-micro', { vcpus: 1, metric: 'CPUS', cpuPlatform: 'Intel Haswell', series: 'f1' }],
  ...family('e2-standard', [2, 4, 8, 16, 32], 'CPUS', E2),
  ...family('e2-highmem', [2, 4, 8, 16], 'CPUS', E2),
  ...family('e2-highcpu', [2, 4, 8, 16, 32], 'CPUS', E2),
  ...family('n1-standard', [1, 2, 4, 8, 16, 32, 64, 96], 'CPUS', 'Intel Haswell'),
  ...family('n1-highmem', [2, 4, 8, 16, 32, 64, 96], 'CPUS', 'Intel Haswell'),
  ...family('n2-standard', [2, 4, 8, 16, 32, 48, 64, 80, 96, 128], 'N2_CPUS', 'Intel Cascade Lake'),
  ...family('g2-standard', [4, 8, 12, 16, 24, 32, 48, 96], 'CPUS', 'Intel Cascade Lake'),
]);
