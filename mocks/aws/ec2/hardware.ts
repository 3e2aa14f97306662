/** What an instance type is made of, beside its processors. */
export interface Hardware {
  readonly memoryMiB: number;
  /** In EC2's words, e.g. `Up to 10 Gigabit`. */
  readonly network: string;
  readonly clockGhz: number;
  readonly isCurrentGeneration: boolean;
  readonly accelerator?: Accelerator;
}

/** Graphics cards, or Inferentia's chips. */
export interface Accelerator {
  readonly name: string;
  readonly manufacturer: 'NVIDIA' | 'AWS';
  readonly count: number;
  /** Of each, MiB. */
  readonly memoryMiB: number;
}

type Row = readonly [name: string, memoryMiB: number, network: string, clockGhz: number, isCurrentGeneration: boolean];

const ROWS: readonly Row[] = [
  ['t2.micro', 1024, 'Low to Moderate', 2.5, true],
  ['t3.micro', 1024, 'Up to 5 Gigabit', 2.5, true],
  ['t3.small', 2048, 'Up to 5 Gigabit', 2.5, true],
  ['t3.medium', 4096, 'Up to 5 Gigabit', 2.5, true],
  ['t3.large', 8192, 'Up to 5 Gigabit', 2.5, true],
  ['m5.large', 8192, 'Up to 10 Gigabit', 3.1, false],
  ['m5.xlarge', 16_384, 'Up to 10 Gigabit', 3.1, false],
  ['m5.2xlarge', 32_768, 'Up to 10 Gigabit', 3.1, false],
  ['m5.4xlarge', 65_536, 'Up to 10 Gigabit', 3.1, false],
  ['m6i.large', 8192, 'Up to 12.5 Gigabit', 3.5, false],
  ['m6i.xlarge', 16_384, 'Up to 12.5 Gigabit', 3.5, false],
  ['m7i.large', 8192, 'Up to 12.5 Gigabit', 3.2, true],
  ['m7i.xlarge', 16_384, 'Up to 12.5 Gigabit', 3.2, true],
  ['c5.large', 4096, 'Up to 10 Gigabit', 3.4, false],
  ['c5.xlarge', 8192, 'Up to 10 Gigabit', 3.4, false],
  ['c5.2xlarge', 16_384, 'Up to 10 Gigabit', 3.4, false],
  ['c6i.large', 4096, 'Up to 12.5 Gigabit', 3.5, true],
  ['c6i.xlarge', 8192, 'Up to 12.5 Gigabit', 3.5, true],
  ['r5.large', 16_384, 'Up to 10 Gigabit', 3.1, false],
  ['r5.xlarge', 32_768, 'Up to 10 Gigabit', 3.1, false],
  ['t4g.micro', 1024, 'Up to 5 Gigabit', 2.5, true],
  ['m7g.large', 8192, 'Up to 12.5 Gigabit', 2.6, true],
  ['c7g.large', 4096, 'Up to 12.5 Gigabit', 2.6, true],
  ['g4dn.xlarge', 16_384, 'Up to 25 Gigabit', 2.5, true],
  ['g4dn.2xlarge', 32_768, 'Up to 25 Gigabit', 2.5, true],
  ['g4dn.12xlarge', 196_608, '50 Gigabit', 2.5, true],
  ['g5.xlarge', 16_384, 'Up to 10 Gigabit', 3.3, true],
  ['g5.2xlarge', 32_768, 'Up to 10 Gigabit', 3.3, true],
  ['g5.4xlarge', 65_536, 'Up to 25 Gigabit', 3.3, true],
  ['g5.12xlarge', 196_608, '40 Gigabit', 3.3, true],
  ['g5.48xlarge', 786_432, '100 Gigabit', 3.3, true],
  ['g6.xlarge', 16_384, 'Up to 10 Gigabit', 3.4, true],
  ['g6.2xlarge', 32_768, 'Up to 10 Gigabit', 3.4, true],
  ['inf2.xlarge', 16_384, 'Up to 15 Gigabit', 3.6, true],
  ['inf2.8xlarge', 131_072, 'Up to 25 Gigabit', 3.6, true],
  ['p3.2xlarge', 62_464, 'Up to 10 Gigabit', 2.7, true],
  ['p3.8xlarge', 249_856, '10 Gigabit', 2.7, true],
];

const FAMILY_CHIPS: Readonly<Record<string, Omit<Accelerator, 'count'>>> = {
  g4dn: { name: 'T4', manufacturer: 'NVIDIA', memoryMiB: 16_384 },
  g5: { name: 'A10G', manufacturer: 'NVIDIA', memoryMiB: 22_888 },
  g6: { name: 'L4', manufacturer: 'NVIDIA', memoryMiB: 22_888 },
  p3: { name: 'V100', manufacturer: 'NVIDIA', memoryMiB: 16_384 },
  inf2: { name: 'Inferentia2', manufacturer: 'AWS', memoryMiB: 32_768 },
};

/** Types with more than one. */
const CHIP_COUNTS: Readonly<Record<string, number>> = { 'g4dn.12xlarge': 4, 'g5.12xlarge': 4, 'g5.48xlarge': 8, 'p3.8xlarge': 4 };

const acceleratorOf = (name: string): { readonly accelerator?: Accelerator } => {
  const chip = FAMILY_CHIPS[name.slice(0, name.indexOf('.'))];
  return chip ? { accelerator: { ...chip, count: CHIP_COUNTS[name] ?? 1 } } : {};
};

/** By instance type: as moto 5.2.5 has them from DescribeInstanceTypes (read November 2026); the p3 types, which it lacks, as we know them. */
export const HARDWARE: ReadonlyMap<string, Hardware> = new Map(
  ROWS.map(([name, memoryMiB, network, clockGhz, isCurrentGeneration]) => [
    name,
    { memoryMiB, network, clockGhz, isCurrentGeneration, ...acceleratorOf(name) },
  ]),
);
