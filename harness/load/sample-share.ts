import type { TenantLoad } from '../scenario/scenario.ts';

type Tenant = Pick<TenantLoad, 'name' | 'residency'>;

/** Which samples each caller's requests carry. */
export interface SampleShare {
  /** The sample of a request. @param draw 0..1, exclusive */
  indexOf(tenant: string, draw: number): number;
  /** Whose alone the sample is; undefined for one that several may send. */
  ownerOf(index: number): string | undefined;
}

/**
 * Tenants whose data has to stay somewhere have samples that nobody else sends, so that whoever gets one is known to have got theirs: of each
 * round of samples one is each such tenant's, and one is everybody else's.
 * @param count samples, more than there are such tenants
 */
export const shareSamples = (tenants: readonly Tenant[] = [], count: number): SampleShare => {
  const owners = tenants.filter(({ residency }) => residency !== undefined).map(({ name }) => name);
  const step = owners.length + 1;
  return {
    indexOf(tenant, draw) {
      // 0 is what is left for all others; tenants without such data are -1 + 1.
      const first = owners.indexOf(tenant) + 1;
      return first + step * Math.floor(draw * Math.ceil((count - first) / step));
    },
    ownerOf: (index) => owners[(index % step) - 1],
  };
};
