/** A shape that instances can have. */
export interface Shape {
  readonly shape: string;
  /** OCPUs of a fixed shape; the range of a flexible one. */
  readonly ocpus: number | { readonly min: number; readonly max: number };
  /** Of each OCPU for flexible shapes, unless a launch says otherwise, else in all. */
  readonly memoryInGBs: number;
  /** The most that a flexible shape can have in all; left out for others. */
  readonly maxMemoryInGBs?: number;
  readonly gpus: number;
  readonly processorDescription: string;
  /** The service limit that its instances count against, in OCPUs or GPUs a region. */
  readonly limit: string;
}

/**
 * Source: docs.oracle.com/iaas/Content/Compute/References/computeshapes.htm; ranges of the flexible shapes checked in copies that were searched in
 * November 2026, the others not. Bare metal shapes start with `BM.`.
 */
export const SHAPES: readonly Shape[] = [
  {
    shape: 'VM.Standard.E5.Flex',
    ocpus: { min: 1, max: 126 },
    memoryInGBs: 16,
    maxMemoryInGBs: 1049,
    gpus: 0,
    processorDescription: '2.4 GHz AMD EPYC™ 9J14 (Genoa)',
    limit: 'standard-e5-core-count',
  },
  {
    shape: 'VM.Standard.A1.Flex',
    ocpus: { min: 1, max: 80 },
    memoryInGBs: 6,
    maxMemoryInGBs: 512,
    gpus: 0,
    processorDescription: '3.0 GHz Ampere® Altra™',
    limit: 'standard-a1-core-count',
  },
  {
    shape: 'VM.Standard2.1',
    ocpus: 1,
    memoryInGBs: 15,
    gpus: 0,
    processorDescription: '2.0 GHz Intel® Xeon® Platinum 8167M (Skylake)',
    limit: 'standard2-core-count',
  },
  {
    shape: 'VM.GPU.A10.1',
    ocpus: 15,
    memoryInGBs: 240,
    gpus: 1,
    processorDescription: '2.6 GHz Intel® Xeon® Platinum 8358 (Ice Lake)',
    limit: 'gpu-a10-count',
  },
  {
    shape: 'BM.GPU.A10.4',
    ocpus: 64,
    memoryInGBs: 1024,
    gpus: 4,
    processorDescription: '2.6 GHz Intel® Xeon® Platinum 8358 (Ice Lake)',
    limit: 'gpu-a10-count',
  },
];

/** What an account may have of each in a region. The account's own; Oracle sets them by tenancy. */
export const SERVICE_LIMITS: Readonly<Record<string, number>> = {
  'standard-e5-core-count': 100,
  'standard-a1-core-count': 16,
  'standard2-core-count': 20,
  'gpu-a10-count': 4,
};

/** What an availability domain has of each free for the account: less than the limit for what is scarce, so that hosts run out. */
export const HOST_CAPACITY: Readonly<Record<string, number>> = {
  'standard-e5-core-count': 100,
  'standard-a1-core-count': 8,
  'standard2-core-count': 20,
  'gpu-a10-count': 2,
};

/** Memory of a flexible shape for each of its OCPUs, GB: from 1 to 64, and no more than `maxMemoryInGBs` in all. Source: the same page. */
export const MAX_GBS_PER_OCPU = 64;

export const findShape = (name: string): Shape | undefined => SHAPES.find(({ shape }) => shape === name);

/** Cannot be preempted. */
export const isBareMetal = ({ shape }: Shape): boolean => shape.startsWith('BM.');

/** What an instance counts against its shape's limit. @param ocpus that it has */
export const unitsOf = ({ gpus }: Shape, ocpus: number): number => (gpus > 0 ? gpus : ocpus);
