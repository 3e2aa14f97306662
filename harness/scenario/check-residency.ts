import { countryOfGateway } from '../topology/residency/countries.ts';
import { standingIn } from '../topology/residency/transfers.ts';
import type { Report } from './problem.ts';
import type { LoadPlan, Topology } from './scenario.ts';

/** Each of those whose data has to stay somewhere has inputs of its own: with fewer there is not one for everybody. */
const MIN_INPUTS_A_TENANT = 2;

/** Reports data that has to stay where the stack itself is not, regions of which nobody knows where they stand, and too few inputs. */
export const checkResidency = (
  { tenants = [], inputs }: Pick<LoadPlan, 'tenants' | 'inputs'>,
  { gatewayRegion, regions }: Topology,
  report: Report,
): void => {
  const country = countryOfGateway[gatewayRegion as keyof typeof countryOfGateway];
  const held = tenants.flatMap(({ name, residency }, index) => (residency ? [{ name, residency, index }] : []));
  if (held.length === 0) return;
  for (const { name, residency, index } of held) {
    if (standingIn(residency, country) !== null) continue;
    report(
      ['load', 'tenants', index, 'residency'],
      `the data of ${name} has to stay in ${residency.within}, and the gateway in ${gatewayRegion} stands in ${country}; expected a gateway where it may be (topology.gateway)`,
    );
  }
  regions.forEach(({ provider, region, country: known }, index) => {
    if (known !== undefined) return;
    report(
      ['topology', 'regions', index],
      `nobody knows where ${provider}/${region} stands, and data of the load has to stay somewhere; say country, such as DE`,
    );
  });
  const least = (held.length + 1) * MIN_INPUTS_A_TENANT;
  if (inputs !== undefined && inputs < least) {
    report(['load', 'inputs'], `${inputs} are too few for ${held.length} tenants with inputs of their own; expected ${least}`);
  }
};
