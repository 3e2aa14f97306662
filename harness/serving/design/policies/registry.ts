import { choice, durationMs, flag } from '../field.ts';
import { defineChoice } from '../policy.ts';

export const registry = defineChoice({
  summary: 'How the model registry keeps its replicas, and how the stack reads from it; for scenarios with a registry.',
  settings: {
    replication: choice(
      ['async', 'sync'],
      'sync',
      'When a publish is acknowledged: once the leader has it, or once a majority of the replicas has it.',
    ),
    replicationIntervalMs: durationMs(
      1000,
      'From one shipment of new versions to the replicas to the next, where replication is async.',
    ),
    leaseMs: durationMs(
      2000,
      'How long a leader may act after a majority has last heard from it; another takes its place no earlier.',
      {
        min: 200,
      },
    ),
    fencing: flag(
      true,
      'A leader needs the votes of a majority, acts within its lease, and is refused once there is a later one. False: whoever misses the leader takes its place, and the first in the list wins.',
    ),
    verifyDigest: flag(true, 'Bytes of an artifact count only if they have the SHA-256 digest that was published.'),
    readFrom: choice(['nearest', 'leader'], 'nearest', 'Which replica is asked first for the version to serve.'),
    maxStalenessMs: durationMs(5000, 'A replica that may be further behind the leader is not believed; another is asked.'),
    refreshMs: durationMs(1000, 'From one look for a new version to serve to the next.'),
    scrubIntervalMs: durationMs(
      5000,
      'From one check of a replica of all its stored artifacts to the next; bad ones are had anew.',
    ),
    backupIntervalMs: durationMs(5000, 'From one backup by the leader to the next; 0 is none at all.', { min: 0 }),
    backupTier: choice(
      ['standard', 'infrequent', 'archive'],
      'standard',
      'Storage class of the backup: an archive is cheap, and has to be thawed for minutes before it can be read.',
    ),
  },
});
