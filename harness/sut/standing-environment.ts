import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { schemeOf } from '../topology/container-placements.ts';
import { faultableLinks } from '../topology/node-placements.ts';
import { mintAccess } from '../world/live/credentials.ts';
import { gatewayConfig, providersOf } from '../world/live/endpoints.ts';
import type { RunPlan } from '../world/world.ts';
import { containerEnvironment } from './environment/containers.ts';
import { sutEnvironment } from './environment.ts';

/**
 * What a system under test is told that is started before the run: links at ports and with credentials that every run has. Files that variables name
 * stand beside the credentials. Contains secrets.
 */
export const standingEnvironment = async (
  plan: RunPlan,
  firstLinkPort: number,
  credentialsFile: string,
): Promise<Readonly<Record<string, string>>> => {
  const accesses = await mintAccess(providersOf(plan.scenario.topology), credentialsFile);
  const ids = faultableLinks(plan).map(({ id }) => id);
  const originOf = (linkId: string) => `http://127.0.0.1:${firstLinkPort + ids.indexOf(linkId)}`;
  const credentials = new Map([...accesses].map(([provider, { credential }]) => [provider, credential]));
  const ofProviders = sutEnvironment(gatewayConfig(plan, accesses, originOf), credentials, (name, text) => {
    const path = join(dirname(credentialsFile), name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  });
  const containers = plan.containers ?? [];
  const schemes = new Map(containers.map(({ link, container }) => [link.id, schemeOf(container)]));
  const ofContainers = containerEnvironment(containers, (id) => originOf(id).replace('http', schemes.get(id)!));
  return { ...ofContainers, ...ofProviders };
};
