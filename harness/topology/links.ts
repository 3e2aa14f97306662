import type { ProviderDefinition, ProviderName } from '../../mocks/emulator.ts';
import { providers } from '../../mocks/providers.ts';
import type { Topology } from '../scenario/scenario.ts';
import type { Link } from './link.ts';

/** Region of a service that has one endpoint for all regions. */
const GLOBAL = 'global';

/** Providers that hold their callers to a time that they state: Azure's tokens are got by a secret. */
const STATED: readonly ProviderName[] = ['aws', 'google'];

const linksOfProvider = (definition: ProviderDefinition, topology: Topology): readonly Link[] => {
  const regions = topology.regions.filter(({ provider }) => provider === definition.provider);
  // Providers answer a global service from the region nearest to the caller.
  const nearest = { region: GLOBAL, rttMs: Math.min(...regions.map(({ rttMs }) => rttMs)) };
  const services = definition.services.filter(({ role }) => role !== 'key' || topology.hasKeys);
  return services.flatMap(({ service, role, isRegional, operations }) =>
    (isRegional ? regions : [nearest]).map(({ region, rttMs }) => ({
      id: `${definition.provider}/${region}/${service}`,
      provider: definition.provider,
      region,
      service,
      role,
      rttMs,
      ...(operations ? { operations } : {}),
      ...(role === 'inference' && STATED.includes(definition.provider) ? { hasClock: true as const } : {}),
      ...(role === 'inference' ? { hasSpotInstances: 'by-design' as const } : {}),
    })),
  );
};

/**
 * Every path from the gateway to a provider's service. First the inference links, in the topology's order of priority; then the other
 * services, provider by provider in the order in which the topology first names them.
 */
export const linksOf = (topology: Topology): readonly Link[] => {
  const inOrder = [...new Set(topology.regions.map(({ provider }) => provider))];
  const links = inOrder.flatMap((provider: ProviderName) => linksOfProvider(providers[provider], topology));
  const priority = (link: Link): number =>
    topology.regions.findIndex(({ provider, region }) => provider === link.provider && region === link.region);
  const inference = links.filter(({ role }) => role === 'inference').sort((a, b) => priority(a) - priority(b));
  return [...inference, ...links.filter(({ role }) => role !== 'inference')];
};
