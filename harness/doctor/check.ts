/** What one look at the machine found. */
export interface Finding {
  /** `ok`; `warning`: squall runs, something is missing or slow; `failed`: the main job can't run. */
  readonly status: 'ok' | 'warning' | 'failed';
  readonly detail: string;
  /** What would be right; absent when all is well. */
  readonly remedy?: string;
}

/** One thing that squall needs of a machine. */
export interface DoctorCheck {
  readonly name: string;
  /** Never rejects for what it looks for: what is missing is a finding. */
  run(): Promise<Finding>;
}
