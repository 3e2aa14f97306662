import { z } from 'zod';
import { gatewayRegionNames } from '../topology/regions.ts';
import { limits } from './limits.ts';
import { duration } from './units.ts';

const place = z.enum(gatewayRegionNames);

const places = z
  .array(place)
  .min(1)
  .max(gatewayRegionNames.length)
  .refine((all) => new Set(all).size === all.length, 'a region is listed twice; expected each once');

const beat = duration.refine((ms) => ms >= 100 && ms <= limits.durationMs, 'expected from 100ms on');

const client = (everyDefault: string, what: string) =>
  z.strictObject({
    every: beat.prefault(everyDefault).describe(`From one ${what} to the next.`),
    from: places.optional().describe("Where it stands; the gateway's region when left out."),
  });

/** The model registry of the stack: docs/disaster-recovery.md. */
export const registryBlock = z.strictObject({
  regions: places
    .prefault(['us-east', 'us-west', 'eu-west'])
    .describe('Where its replicas stand, in the order in which they stand for leader.'),
  backup: place.optional().describe("Where the store of its backups stands; the last replica's region when left out."),
  publish: client('1s', 'new version').optional().describe('Publishers, one a region; none when left out.'),
  read: client('500ms', 'read').optional().describe('Readers, one a region; none when left out.'),
  staleAfter: duration
    .prefault('3s')
    .describe('A read is stale that tells of an older version than one that was acknowledged this long before.'),
});

export type ParsedRegistry = z.output<typeof registryBlock>;
