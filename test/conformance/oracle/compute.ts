import type { OracleAccount } from '../../../mocks/oracle/account.ts';
import { compute } from '../../../mocks/oracle/services/compute.ts';
import { computeClient, launchDetails, type OracleError } from '../../support/oracle.ts';
import type { ConformanceCase, Target } from '../case.ts';
import { forgeSigningKey, LATE_MS } from './forge.ts';

/** Accounts of this cloud are the ones that its definition opens. */
const regionOf = ({ account, region }: Target) => (account as OracleAccount).regionOf(region);

const listInstances = async (target: Target, clockOffsetMs = 0) => {
  const { items } = await computeClient(target.origin, target.credential, clockOffsetMs).listInstances({
    compartmentId: target.credential.tenancy ?? '',
  });
  if (items.length !== regionOf(target).instances.all.length) throw new Error('not all instances were listed');
};

export const computeCase: ConformanceCase = {
  spec: compute.spec,
  connect(target) {
    const client = computeClient(target.origin, target.credential);
    const region = regionOf(target);
    const launch = (changes: Parameters<typeof launchDetails>[1]) =>
      client.launchInstance({ launchInstanceDetails: launchDetails(region, changes) });
    return {
      good: () => listInstances(target),
      malformed: () => launch({ shapeConfig: { ocpus: 0 } }),
      unknownResource: () => client.getInstance({ instanceId: 'ocid1.instance.oc1.iad.aaaa' }),
      async exceedQuota() {
        for (const availabilityDomain of region.availabilityDomains) {
          await launch({ availabilityDomain, shapeConfig: { ocpus: 40 } });
        }
      },
    };
  },
  forge: forgeSigningKey,
  codeOf: (error) => (error as OracleError).serviceCode,
  statusOf: (error) => (error as OracleError).statusCode,
  conditions: {
    // There are no tokens; what expires is the date of a signature.
    'expired-credential': (target) => listInstances(target, LATE_MS),
  },
};
