import type { Mutation } from '../mutation.ts';
import { rowsOf } from './row.ts';

const REGISTRY = 'harness/serving/registry';

const client = (policy: string) => rowsOf(`registry: ${policy}`, `${REGISTRY}/client.ts`);
const artifacts = rowsOf('registry: digests', `${REGISTRY}/artifacts.ts`);
const lease = rowsOf('registry: leadership', `${REGISTRY}/lease-leadership.ts`);
const log = rowsOf('registry: quorum', `${REGISTRY}/log.ts`);
const backup = rowsOf('registry: backup', `${REGISTRY}/life.ts`);

export const registryRows: readonly Mutation[] = [
  client('digests')(
    'bytes-believed',
    '!isGood && policy.verifyDigest',
    '!isGood && policy === null',
    'The stack takes bytes whatever their digest.',
    'registry-corrupt-artifact',
  ),
  artifacts(
    'replicas-believe-bytes',
    '!policy.verifyDigest || digestOf(bytes) === digest',
    'true',
    'Replicas take bytes whatever their digest.',
    'registry-corrupt-artifact',
  ),
  artifacts(
    'never-scrubbed',
    'scrub().catch(() => undefined);',
    '',
    'No replica looks at what it has.',
    'registry-corrupt-artifact',
  ),
  client('staleness')(
    'any-age-believed',
    'staleness === null || Number(staleness) > policy.maxStalenessMs',
    'false',
    'A replica is believed however far it is behind.',
    'registry-stale-replica',
  ),
  client('staleness')(
    'ten-times-the-age-believed',
    'Number(staleness) > policy.maxStalenessMs',
    'Number(staleness) > policy.maxStalenessMs * 10',
    'A replica may be ten times as far behind.',
    'registry-stale-replica',
  ),
  client('fallback')(
    'first-replica-only',
    'for (const node of inOrder()) {\n      const answer',
    'for (const node of inOrder().slice(0, 1)) {\n      const answer',
    'No other replica is asked.',
    'registry-corrupt-artifact',
  ),
  rowsOf('registry: acknowledgement', `${REGISTRY}/publish.ts`)(
    'acknowledged-by-leader',
    "if (policy.replication === 'async') {",
    'if (policy !== null) {',
    'A publish is acknowledged before any other replica has it.',
    'split-brain',
  ),
  rowsOf('registry: acknowledgement', `${REGISTRY}/publish.ts`)(
    'order-of-versions-unchecked',
    'if (newest !== expected) {',
    'if (newest < 0) {',
    'A version is taken twice, or after one that its publisher does not know of.',
    'registry-corrupt-artifact',
  ),
  log('quorum-of-all', 'Math.floor(nodes / 2) + 1', 'nodes', 'A majority is all replicas.', 'dr-region-loss'),
  log(
    'diverged-log-kept',
    'return { entries: [...state.entries.slice(0, kept), ...entries.slice(shared)], dropped: state.entries.slice(kept) };',
    'return { entries: state.entries, dropped: [] };',
    'A replica keeps what its leader does not have.',
    'split-brain',
  ),
  lease('never-elected', 'await stand().catch(() => undefined);', '', 'Nobody stands for leader.', 'dr-region-loss'),
  lease(
    'elected-late',
    'nextTryAtMs = heardAtMs + leaseMs * (1 + rank',
    'nextTryAtMs = heardAtMs + leaseMs * (10 + rank',
    'A leader that is gone is missed after ten leases.',
    'dr-region-loss',
  ),
  lease(
    'lease-never-ends',
    'return now() < majorityIndex(heard) + leaseMs * LEADERS_SHARE;',
    'return true;',
    'A leader that hears from nobody goes on.',
    'split-brain-async',
  ),
  backup(
    'never-backed-up',
    'if (leadership.mayWrite()) await backup.take',
    'if (intervalMs < 0) await backup.take',
    'No backup is taken.',
    'dr-restore-from-backup',
  ),
  backup(
    'never-restored',
    'if (hasBackup) await recoverLog(replica, backup);',
    '',
    'The backup is not read.',
    'dr-restore-from-backup',
  ),
  backup(
    'backed-up-seldom',
    'await sleep(intervalMs, stopped);',
    'await sleep(intervalMs * 4, stopped);',
    'A backup is four times as old as it may be.',
    'dr-restore-from-backup',
  ),
  rowsOf('registry: backup', `${REGISTRY}/artifacts.ts`)(
    'artifacts-not-restored',
    "(await take(digest, fromBackup(digest))) === 'good'",
    "digest === ''",
    'The log is restored, and no artifact.',
    'dr-restore-from-backup',
  ),
];
