import type { EmulatorConfig, ProviderName } from '../../../mocks/emulator.ts';
import { deploymentOf } from '../../cost/deployment.ts';
import { ownedRows } from '../../load/owned-rows.ts';
import { loadSamples } from '../../load/samples.ts';
import type { Topology } from '../../scenario/scenario.ts';
import type { GatewayConfig, GatewayLink } from '../../serving/config.ts';
import { placeOf } from '../../serving/design/placement.ts';
import { CANDIDATES } from '../../topology/candidates.ts';
import type { Link } from '../../topology/link.ts';
import type { PlannedNode } from '../../topology/node-placements.ts';
import { datasetRules, residencyRules } from '../../topology/residency/rules.ts';
import type { RunPlan } from '../world.ts';
import type { Access } from './credentials.ts';

/** As many as a team labels by hand. */
const RELEASE_SAMPLES = 64;

const releaseSamples = (model: string): NonNullable<GatewayConfig['samples']> =>
  loadSamples(model)
    .slice(0, RELEASE_SAMPLES)
    .map(({ pixels, label }) => ({ row: pixels, label }));

/** What the model's endpoint is called at each provider: a name at AWS, a numeric id at Google, a deployment at Azure. */
const ENDPOINT_NAMES: Readonly<Record<ProviderName, string>> = {
  aws: 'digits',
  google: '4815162342108',
  azure: 'blue',
};

/** Providers of the topology, in its order. */
export const providersOf = (topology: Topology): readonly ProviderName[] => [
  ...new Set(topology.regions.map(({ provider }) => provider)),
];

/** What a provider's emulator is told. */
export const emulatorConfig = (
  plan: RunPlan,
  provider: ProviderName,
  access: Access,
  owners = ownedRows(plan.scenario.load),
): EmulatorConfig => ({
  provider,
  regions: plan.scenario.topology.regions.flatMap((region, index, regions) => {
    if (region.provider !== provider) return [];
    const { isDeployed: _, ...deployment } = deploymentOf(region, placeOf(regions, index, plan.design), plan.design);
    return [{ region: region.region, ...deployment, ...owners }];
  }),
  credential: access.credential,
  secretStoreToken: access.secretStoreToken,
  endpointName: ENDPOINT_NAMES[provider],
  ...(plan.design.rollout ? { candidate: CANDIDATES[provider] } : {}),
  model: plan.scenario.load.model,
  ...(plan.scenario.topology.hasKeys ? { hasKeys: true } : {}),
});

/**
 * What the gateway is told: every origin is the wire's.
 * @param originOf the wire's origin of a link
 */
export const gatewayConfig = (
  plan: RunPlan,
  accesses: ReadonlyMap<ProviderName, Access>,
  originOf: (linkId: string) => string,
): GatewayConfig => ({
  model: plan.scenario.load.model,
  design: plan.design,
  ...residencyRules(plan.scenario, plan.links),
  ...datasetRules(plan.scenario),
  ...(plan.design.rollout ? { samples: releaseSamples(plan.scenario.load.model) } : {}),
  ...keysOf(plan, accesses, originOf),
  ...(plan.nodes && plan.nodes.length > 0 ? { nodes: nodeAddresses(plan.nodes, originOf) } : {}),
  ...(plan.scenario.data ? { datasets: plan.scenario.data.datasets } : {}),
  links: plan.links
    .filter(({ role }) => role === 'inference')
    .flatMap((link, priority) => gatewayLink(plan, link, priority, accesses, originOf) ?? []),
});

/** Key services of the scenario, in its order of regions. */
const keysOf = (
  { links, scenario }: RunPlan,
  accesses: ReadonlyMap<ProviderName, Access>,
  originOf: (linkId: string) => string,
): Pick<GatewayConfig, 'keys'> => {
  const inOrder = scenario.topology.regions.flatMap(({ provider, region }) =>
    links.filter((link) => link.role === 'key' && link.provider === provider && link.region === region),
  );
  if (inOrder.length === 0) return {};
  const keys = inOrder.map(({ id, provider, region }) => {
    const originOfRole = (role: Link['role']): string | undefined => {
      const found = links.find((one) => one.provider === provider && one.role === role);
      return found && originOf(found.id);
    };
    const tokenEndpoint = originOfRole('token');
    return {
      id,
      provider,
      region,
      endpoint: originOf(id),
      ...(tokenEndpoint ? { tokenEndpoint } : {}),
      secretEndpoint: originOfRole('secret')!,
      secretStoreToken: accesses.get(provider)!.secretStoreToken,
    };
  });
  return { keys };
};

const nodeAddresses = (
  nodes: readonly PlannedNode[],
  originOf: (linkId: string) => string,
): NonNullable<GatewayConfig['nodes']> =>
  nodes
    .filter(({ link }) => link.role !== 'process')
    .map(({ link: { id, kind, region, rttMs } }) => ({ id, kind, region, rttMs, origin: originOf(id) }));

/** @returns undefined where the design has nothing in the region */
const gatewayLink = (
  { scenario, links, design }: RunPlan,
  link: Link,
  priority: number,
  accesses: ReadonlyMap<ProviderName, Access>,
  originOf: (linkId: string) => string,
): GatewayLink | undefined => {
  const { provider, region } = link;
  const { regions } = scenario.topology;
  const index = regions.findIndex((one) => one.provider === provider && one.region === region);
  const place = placeOf(regions, index, design);
  const { isDeployed, instanceType, instanceUsdPerHour, capacity, billing } = deploymentOf(regions[index]!, place, design);
  if (!isDeployed) return undefined;
  const originOfRole = (role: Link['role']): string | undefined => {
    const found = links.find((one) => one.provider === provider && one.role === role);
    return found && originOf(found.id);
  };
  const tokenEndpoint = originOfRole('token');
  return {
    id: link.id,
    provider,
    region,
    endpoint: originOf(link.id),
    endpointName: ENDPOINT_NAMES[provider],
    ...(design.rollout ? { candidate: CANDIDATES[provider] } : {}),
    ...(tokenEndpoint ? { tokenEndpoint } : {}),
    priceEndpoint: originOfRole('price')!,
    instanceType,
    serviceTimeMs: capacity.serviceTimeMs,
    concurrency: capacity.concurrency,
    billing,
    listUsdPerHour: instanceUsdPerHour,
    secretEndpoint: originOfRole('secret')!,
    secretStoreToken: accesses.get(provider)!.secretStoreToken,
    priority,
  };
};
