/** A machine type, as far as quotas and instances know it. */
export interface MachineType {
  readonly vcpus: number;
  /** Regional quota that its vCPUs count against. */
  readonly metric: QuotaMetric;
  readonly cpuPlatform: string;
}

/**
 * vCPUs that a new project may have in a region, by quota.
 * Source: cloud.google.com/compute/resource-usage, defaults of a project with billing, read November 2026.
 */
export const QUOTAS = { CPUS: 24, N2_CPUS: 24 } as const;

export type QuotaMetric = keyof typeof QUOTAS;

const family = (prefix: string, sizes: readonly number[], metric: QuotaMetric, cpuPlatform: string) =>
  sizes.map((vcpus): [string, MachineType] => [`${prefix}-${vcpus}`, { vcpus, metric, cpuPlatform }]);

const E2 = 'Intel Broadwell';

/** Types that the emulated zones have. Source: cloud.google.com/compute/docs/general-purpose-machines and .../gpus, read November 2026. */
export const MACHINE_TYPES: ReadonlyMap<string, MachineType> = new Map([
  ['e2-micro', { vcpus: 2, metric: 'CPUS', cpuPlatform: E2 }],
  ['e2-small', { vcpus: 2, metric: 'CPUS', cpuPlatform: E2 }],
  ['e2-medium', { vcpus: 2, metric: 'CPUS', cpuPlatform: E2 }],
  ['f1-micro', { vcpus: 1, metric: 'CPUS', cpuPlatform: 'Intel Haswell' }],
  ...family('e2-standard', [2, 4, 8, 16, 32], 'CPUS', E2),
  ...family('e2-highmem', [2, 4, 8, 16], 'CPUS', E2),
  ...family('e2-highcpu', [2, 4, 8, 16, 32], 'CPUS', E2),
  ...family('n1-standard', [1, 2, 4, 8, 16, 32, 64, 96], 'CPUS', 'Intel Haswell'),
  ...family('n1-highmem', [2, 4, 8, 16, 32, 64, 96], 'CPUS', 'Intel Haswell'),
  ...family('n2-standard', [2, 4, 8, 16, 32, 48, 64, 80, 96, 128], 'N2_CPUS', 'Intel Cascade Lake'),
  ...family('g2-standard', [4, 8, 12, 16, 24, 32, 48, 96], 'CPUS', 'Intel Cascade Lake'),
]);
