import { ArmError } from '../arm/errors.ts';
import type { MachineInput } from './machine-input.ts';
import { MACHINE_SIZES } from './sizes.ts';

/** One quota of a region, and how much of it is used. */
export interface QuotaUsage {
  readonly name: { readonly value: string; readonly localizedValue: string };
  readonly currentValue: number;
  readonly limit: number;
  readonly unit: 'Count';
}

/** Cores and machines that a subscription may have in each region. */
export interface Quotas {
  /**
   * Holds one machine more to the limits.
   * @throws {ArmError} `OperationNotAllowed`
   */
  check(others: Iterable<{ readonly input: MachineInput }>, wanted: MachineInput): void;
  usage(machines: Iterable<{ readonly input: MachineInput }>, region: string): readonly QuotaUsage[];
}

/**
 * Limits of a subscription that has not asked for more; those of spot machines are counted apart. Deallocated machines count.
 * Source: "Azure subscription and service limits", Resource Manager: 20 cores a region in all, 20 of spot machines, 20 a series, 25,000
 * machines; defaults, which differ by offer; read November 2026. The error's text is as clients have recorded it, its status our choice.
 */
const CORES = 20;
const LOW_PRIORITY_CORES = 20;
const MACHINES = 25_000;

const sumCores = (inputs: readonly MachineInput[]): number => inputs.reduce((sum, { size }) => sum + size.cores, 0);

const exceeded = (title: string, location: string, limit: number, used: number, more: number): ArmError =>
  new ArmError(
    409,
    'OperationNotAllowed',
    `Operation could not be completed as it results in exceeding approved ${title} quota. Additional details - Deployment Model: Resource Manager, Location: ${location}, Current Limit: ${limit}, Current Usage: ${used}, Additional Required: ${more}, (Minimum) New Limit Required: ${used + more}. Setup Alerts when Quota reaches threshold. Submit a request for Quota increase at https://aka.ms/ProdportalCRP by specifying parameters listed in the 'Details' section for deployment to succeed.`,
  );

export const createQuotas = (): Quotas => {
  const inputsAt = (machines: Iterable<{ readonly input: MachineInput }>, region: string): readonly MachineInput[] =>
    [...machines].map(({ input }) => input).filter(({ location }) => location === region);

  return {
    check(others, wanted) {
      const here = inputsAt(others, wanted.location).filter(({ isSpot }) => isSpot === wanted.isSpot);
      const used = sumCores(here);
      const limit = wanted.isSpot ? LOW_PRIORITY_CORES : CORES;
      const title = wanted.isSpot ? 'LowPriorityCores' : 'Total Regional Cores';
      if (used + wanted.size.cores > limit) throw exceeded(title, wanted.location, limit, used, wanted.size.cores);
    },

    usage(machines, region) {
      const here = inputsAt(machines, region);
      const regular = here.filter(({ isSpot }) => !isSpot);
      const row = (value: string, localizedValue: string, currentValue: number, limit: number): QuotaUsage => ({
        name: { value, localizedValue },
        currentValue,
        limit,
        unit: 'Count',
      });
      const families = new Map(MACHINE_SIZES.map(({ family, familyTitle }) => [family, familyTitle]));
      return [
        row('cores', 'Total Regional vCPUs', sumCores(regular), CORES),
        row('virtualMachines', 'Virtual Machines', here.length, MACHINES),
        row(
          'lowPriorityCores',
          'Total Regional Low-priority vCPUs',
          sumCores(here.filter(({ isSpot }) => isSpot)),
          LOW_PRIORITY_CORES,
        ),
        ...[...families].map(([family, title]) =>
          row(family, title, sumCores(regular.filter(({ size }) => size.family === family)), CORES),
        ),
      ];
    },
  };
};
