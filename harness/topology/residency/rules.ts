import type { Scenario } from '../../scenario/scenario.ts';
import type { GatewayConfig } from '../../serving/config.ts';
import type { ResidencyRule } from '../../serving/residency.ts';
import type { ServiceLink } from '../link.ts';
import { gatewayRegionNames } from '../regions.ts';
import { type Country, countryOfGateway } from './countries.ts';
import { type Residency, standingIn } from './transfers.ts';

interface Place {
  readonly id: string;
  /** Undefined where nobody knows: data has no right to be there. */
  readonly country: Country | undefined;
}

/** In which of the places data may be, and by what right. */
const ruleOver = (residency: Residency, places: readonly Place[]): ResidencyRule => {
  const placed = places.map(({ id, country }) => ({ id, by: country === undefined ? null : standingIn(residency, country) }));
  return {
    home: placed.filter(({ by }) => by === 'home').map(({ id }) => id),
    byTransfer: placed.filter(({ by }) => by !== null && by !== 'home').map(({ id }) => id),
  };
};

const GATEWAY_PLACES = gatewayRegionNames.map((id): Place => ({ id, country: countryOfGateway[id] }));

/** What the gateway is told of where each dataset's rows may be, by regions of the stack; nothing where all may be anywhere. */
export const datasetRules = ({ data }: Pick<Scenario, 'data'>): Pick<GatewayConfig, 'datasetResidency'> => {
  const rules = (data?.datasets ?? []).flatMap(({ name, residency }) =>
    residency ? [[name, ruleOver(residency as Residency, GATEWAY_PLACES)] as const] : [],
  );
  return rules.length === 0 ? {} : { datasetResidency: Object.fromEntries(rules) };
};

/** What the gateway is told of where each tenant's data may go; nothing where all may go anywhere. */
export const residencyRules = (
  { load: { tenants = [] }, topology }: Pick<Scenario, 'load' | 'topology'>,
  links: readonly Pick<ServiceLink, 'id' | 'provider' | 'region'>[],
): Pick<GatewayConfig, 'residency'> => {
  const places = links.map(({ id, provider, region }): Place => {
    const placed = topology.regions.find((one) => one.provider === provider && one.region === region);
    return { id, country: placed?.country };
  });
  const rules = tenants.flatMap(({ name, residency }) => (residency ? [[name, ruleOver(residency, places)] as const] : []));
  return rules.length === 0 ? {} : { residency: Object.fromEntries(rules) };
};
