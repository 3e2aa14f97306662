import { LOCAL_MODEL } from '../serving/registry/settings.ts';
import type { GatewayRegion } from '../topology/regions.ts';
import type { ParsedRegistry } from './registry-block.ts';
import type { RegistryPlan } from './scenario.ts';

/** Fills in where the parts of the registry stand. @param gateway where the gateway stands */
export const resolveRegistry = (parsed: ParsedRegistry, gateway: GatewayRegion): RegistryPlan => {
  const { regions, backup, publish, read, staleAfter } = parsed;
  const client = (given: typeof publish) => (given ? { everyMs: given.every, regions: given.from ?? [gateway] } : null);
  return {
    ...LOCAL_MODEL,
    regions,
    backupRegion: backup ?? regions.at(-1)!,
    publish: client(publish),
    read: client(read),
    staleAfterMs: staleAfter,
  };
};
