import type { ProviderName } from '../../mocks/emulator.ts';
import type { RegionId } from '../topology/regions.ts';
import { knownRegions } from '../topology/round-trip.ts';

/** What recordings call the providers. */
const PROVIDERS: Readonly<Record<string, ProviderName>> = {
  aws: 'aws',
  amazon: 'aws',
  sagemaker: 'aws',
  google: 'google',
  gcp: 'google',
  'google cloud': 'google',
  vertex: 'google',
  azure: 'azure',
  microsoft: 'azure',
};

const REGION = /^[a-z0-9-]+$/;

/**
 * Hosts that have their region in the name. Sources: AWS general reference, endpoints; Vertex AI REST reference, service endpoints; Azure Machine
 * Learning, online endpoints, and Azure AI services' regional endpoints; read November 2026.
 */
const HOSTS: readonly (readonly [pattern: RegExp, provider: ProviderName])[] = [
  [/(?:^|\.)([a-z]{2}(?:-[a-z]+)+-\d+)\.(?:amazonaws\.com(?:\.cn)?|api\.aws)$/, 'aws'],
  [/^([a-z]+(?:-[a-z]+)+\d+)-[a-z]+\.googleapis\.com$/, 'google'],
  [/(?:^|\.)([a-z]+(?:-[a-z]+)+\d+)\.rep\.googleapis\.com$/, 'google'],
  [/\.([a-z0-9]+)\.inference\.ml\.azure\.com$/, 'azure'],
  [/^([a-z0-9]+)\.api\.cognitive\.microsoft\.com$/, 'azure'],
];

const byHost = (key: string): RegionId | undefined => {
  const host = key.replace(/^https?:\/\//, '').replace(/[:/].*$/, '');
  for (const [pattern, provider] of HOSTS) {
    const region = pattern.exec(host)?.[1];
    if (region !== undefined) return `${provider}/${region}`;
  }
  return undefined;
};

/** `aws/us-east-1`, `gcp/us-central1`, `amazon/us-east-1/sagemaker`. */
const byParts = (key: string): RegionId | undefined => {
  const [providerName, region] = key.split('/').map((part) => part.trim());
  const provider = PROVIDERS[providerName ?? ''];
  return provider && region !== undefined && REGION.test(region) ? `${provider}/${region}` : undefined;
};

/** No two providers have a region of the same name. */
const byRegion = (key: string): RegionId | undefined => knownRegions.find((id) => id.endsWith(`/${key}`));

/** Finds the region of the simulated clouds that a recording's name stands for. */
export type MapRegion = (key: string) => RegionId | undefined;

/** @param given names of the recording, in any case, with the regions that they stand for: they come first */
export const createRegionMap = (given: Readonly<Record<string, string>>): MapRegion => {
  const byName = new Map(Object.entries(given).map(([name, region]) => [name.toLowerCase(), region as RegionId]));
  return (key) => {
    const name = key.trim().toLowerCase();
    return byName.get(name) ?? byParts(name) ?? byRegion(name) ?? byHost(name);
  };
};

/** What a user may map to: `provider/region`. */
export const isRegionId = (text: string): text is RegionId => byParts(text) === text;
