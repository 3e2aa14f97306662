/** A size of virtual machine. */
export interface MachineSize {
  /** E.g. `Standard_D2s_v3`. */
  readonly name: string;
  /** The name of its quota, e.g. `standardDSv3Family`. */
  readonly family: string;
  /** The quota's name in words. */
  readonly familyTitle: string;
  readonly cores: number;
  readonly memoryMb: number;
  /** Size of the temporary disk, MB; 0 for none. */
  readonly temporaryDiskMb: number;
  readonly maxDataDisks: number;
  /** Pay-as-you-go, Linux, US dollars an hour; `otherwise` for regions that are not listed. */
  readonly usdPerHour: { readonly otherwise: number } & Readonly<Record<string, number>>;
}

/**
 * A few sizes of each kind that models are served from. Sources: "Dsv3", "Fsv2" and "NCasT4_v3 sizes series" of azure-compute-docs; prices
 * of eastus (Dsv3 by the core) from SkyPilot's catalogue, which is made from the Retail Prices API; read November 2026. Names of quotas and
 * prices of westeurope are as we know them, looked up nowhere.
 */
export const MACHINE_SIZES: readonly MachineSize[] = [
  {
    name: 'Standard_D2s_v3',
    family: 'standardDSv3Family',
    familyTitle: 'Standard DSv3 Family vCPUs',
    cores: 2,
    memoryMb: 8192,
    temporaryDiskMb: 16_384,
    maxDataDisks: 4,
    usdPerHour: { otherwise: 0.096, westeurope: 0.12 },
  },
  {
    name: 'Standard_D4s_v3',
    family: 'standardDSv3Family',
    familyTitle: 'Standard DSv3 Family vCPUs',
    cores: 4,
    memoryMb: 16_384,
    temporaryDiskMb: 32_768,
    maxDataDisks: 8,
    usdPerHour: { otherwise: 0.192, westeurope: 0.24 },
  },
  {
    name: 'Standard_D32s_v3',
    family: 'standardDSv3Family',
    familyTitle: 'Standard DSv3 Family vCPUs',
    cores: 32,
    memoryMb: 131_072,
    temporaryDiskMb: 262_144,
    maxDataDisks: 32,
    usdPerHour: { otherwise: 1.536, westeurope: 1.92 },
  },
  {
    name: 'Standard_F8s_v2',
    family: 'standardFSv2Family',
    familyTitle: 'Standard FSv2 Family vCPUs',
    cores: 8,
    memoryMb: 16_384,
    temporaryDiskMb: 65_536,
    maxDataDisks: 16,
    usdPerHour: { otherwise: 0.338, westeurope: 0.39 },
  },
  {
    name: 'Standard_NC4as_T4_v3',
    family: 'Standard NCASv3_T4 Family',
    familyTitle: 'Standard NCASv3_T4 Family vCPUs',
    cores: 4,
    memoryMb: 28_672,
    temporaryDiskMb: 180_224,
    maxDataDisks: 8,
    usdPerHour: { otherwise: 0.526, westeurope: 0.6 },
  },
];

/** Sizes go by their name in any case. */
export const findSize = (name: string): MachineSize | undefined =>
  MACHINE_SIZES.find((size) => size.name.toLowerCase() === name.toLowerCase());

/**
 * Share of the list price that a spot machine costs while nobody bids for it. A fixed share: the real one moves from 0.1 to 1 by
 * region, size and day ("Use Azure Spot Virtual Machines": up to 90 % less).
 */
const SPOT_SHARE = 0.2;

/** Prices of virtual machines in force. */
export interface MachinePrices {
  /** US dollars an hour. */
  usdPerHour(size: MachineSize, region: string, isSpot: boolean): number;
  setMultiplier(region: string, multiplier: number): void;
}

export const createMachinePrices = (): MachinePrices => {
  const multipliers = new Map<string, number>();
  return {
    usdPerHour: ({ usdPerHour }, region, isSpot) =>
      (usdPerHour[region] ?? usdPerHour.otherwise) * (isSpot ? SPOT_SHARE : 1) * (multipliers.get(region) ?? 1),
    setMultiplier: (region, multiplier) => void multipliers.set(region, multiplier),
  };
};
