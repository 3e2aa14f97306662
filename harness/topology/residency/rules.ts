import type { Scenario } from '../../scenario/scenario.ts';
import type { GatewayConfig } from '../../serving/config.ts';
import type { ServiceLink } from '../link.ts';
import { type GatewayRegion, gatewayRegionNames } from '../regions.ts';
import { countryOfGateway } from './countries.ts';
import { type Residency, standingIn } from './transfers.ts';

/** What the gateway is told of where each dataset's rows may be, by regions of the stack; nothing where all may be anywhere. */
export const datasetRules = ({ data }: Pick<Scenario, 'data'>): Pick<GatewayConfig, 'datasetResidency'> => {
  const rules = (data?.datasets ?? []).flatMap(({ name, residency }) => {
    if (!residency) return [];
    const standing = (region: GatewayRegion) => standingIn(residency as Residency, countryOfGateway[region]);
    const home = gatewayRegionNames.filter((region) => standing(region) === 'home');
    const byTransfer = gatewayRegionNames.filter((region) => !home.includes(region) && standing(region) !== null);
    return [[name, { home, byTransfer }] as const];
  });
  return rules.length === 0 ? {} : { datasetResidency: Object.fromEntries(rules) };
};

/** What the gateway is told of where each tenant's data may go; nothing where all may go anywhere. */
export const residencyRules = (
  { load: { tenants = [] }, topology }: Pick<Scenario, 'load' | 'topology'>,
  links: readonly Pick<ServiceLink, 'id' | 'provider' | 'region'>[],
): Pick<GatewayConfig, 'residency'> => {
  const rules = tenants.flatMap(({ name, residency }) => {
    if (!residency) return [];
    const placed = links.map(({ id, provider, region }) => {
      const { country } = topology.regions.find((one) => one.provider === provider && one.region === region) ?? {};
      return { id, standing: country === undefined ? null : standingIn(residency, country) };
    });
    const idsOf = (isIn: (standing: (typeof placed)[number]['standing']) => boolean) =>
      placed.filter(({ standing }) => isIn(standing)).map(({ id }) => id);
    const home = idsOf((standing) => standing === 'home');
    return [[name, { home, byTransfer: idsOf((standing) => standing !== null && standing !== 'home') }] as const];
  });
  return rules.length === 0 ? {} : { residency: Object.fromEntries(rules) };
};
