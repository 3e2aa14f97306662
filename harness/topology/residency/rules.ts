import type { Scenario } from '../../scenario/scenario.ts';
import type { GatewayConfig } from '../../serving/config.ts';
import type { ServiceLink } from '../link.ts';
import { standingIn } from './transfers.ts';

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
