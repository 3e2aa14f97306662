import { openScope } from '../abort.ts';
import type { Artifacts } from './artifacts.ts';
import { modelOf, newestOf } from './catalogue.ts';
import { digestOf } from './digest.ts';
import type { Leadership } from './leadership.ts';
import { type Change, type LogEntry, MAX_ENTRIES, majorityOf } from './log.ts';
import type { RegistryPolicy } from './policy.ts';
import { Refused } from './problem.ts';
import { Dropped, type Replica } from './replica.ts';
import type { Replication } from './replication.ts';

/** A new version, as a client brings it. */
export interface PublishRequest {
  readonly model: string;
  readonly bytes: Uint8Array;
  /** What the client says that the bytes are; checked. */
  readonly digest: string | null;
  /** The version that it follows: 0 for the first. Where it is no longer the newest, nothing is published. */
  readonly expected: number;
  readonly alias: string | null;
}

export interface Published {
  readonly model: string;
  readonly version: number;
  readonly digest: string;
  readonly epoch: number;
}

export interface PublishParts {
  /** Nodes of the registry. */
  readonly nodes: number;
  readonly policy: RegistryPolicy;
  readonly replica: Replica;
  readonly artifacts: Artifacts;
  readonly leadership: Leadership;
  readonly replication: Replication;
  readonly stopped: AbortSignal;
}

const notLeader = (leader: string | null): Refused =>
  new Refused({
    kind: 'not-leader',
    detail:
      leader === null ? 'This replica does not lead, and knows of no leader.' : `This replica does not lead; ${leader} does.`,
    leader,
  });

const unavailable = (detail: string): Refused => new Refused({ kind: 'unavailable', detail });

/** An entry of the present reign. */
export const entryOf = (epoch: number, change: Change): LogEntry => ({
  id: crypto.randomUUID(),
  epoch,
  atMs: Date.now(),
  change,
});

/** Takes a new version or moves an alias, as the leader, and answers when the policy has it acknowledged. */
export const createPublish = (parts: PublishParts) => {
  const { nodes, policy, replica, artifacts, leadership, replication, stopped } = parts;

  const requireLead = () => {
    if (!leadership.isLeader) throw notLeader(leadership.leader);
    if (!leadership.mayWrite()) throw unavailable('The leader has not heard from a majority of the replicas within its lease.');
  };

  /** Adds an entry behind all that there is. @returns its index */
  const add = async (entry: LogEntry): Promise<number> => {
    const { state } = replica;
    if (state.entries.length >= MAX_ENTRIES) throw unavailable(`The registry holds ${MAX_ENTRIES} changes; it takes no more.`);
    await replica.save({ ...state, entries: [...state.entries, entry] });
    return state.entries.length + 1;
  };

  /** Waits until the policy has the entry acknowledged. */
  const settle = async (index: number, id: string, digest: string | null): Promise<void> => {
    replication.wake();
    if (policy.replication === 'async') {
      // The lease may have ended while it was stored: whoever leads now may know nothing of it.
      requireLead();
      return;
    }
    const reason = () =>
      unavailable(`A majority of the replicas has not confirmed it in ${policy.leaseMs} ms; it may be there later.`);
    const scope = openScope(stopped, { ms: policy.leaseMs, reason });
    try {
      await replica.untilCommitted(index, id, scope.signal);
    } catch (error) {
      throw error instanceof Dropped ? unavailable(error.message) : error;
    } finally {
      scope.close();
    }
    if (digest === null) return;
    const own = (await artifacts.isStoredWell(digest)) ? 1 : 0;
    if (own + replication.holders(index) < majorityOf(nodes)) {
      throw unavailable('A majority of the replicas has the entry, but not a good artifact of it.');
    }
  };

  const take = async ({ model, bytes, alias, expected }: PublishRequest, digest: string): Promise<Published> => {
    await artifacts.write(digest, bytes);
    const { entry, index } = await replica.inTurn(async () => {
      requireLead();
      const { state } = replica;
      const known = modelOf(replica.wholeCatalogue, model);
      const newest = newestOf(known);
      if (newest !== expected) {
        // The same once more: its client has not heard that it was taken.
        const isRepeated = newest === expected + 1 && known.versions.at(-1)?.digest === digest;
        const at = state.entries.findLastIndex(({ change }) => change.type === 'publish' && change.model === model);
        if (isRepeated) return { entry: state.entries[at]!, index: at + 1 };
        throw new Refused({
          kind: 'conflict',
          detail: `The newest version of ${model} is ${newest}, not ${expected}.`,
          newest,
        });
      }
      const added = entryOf(state.epoch, {
        type: 'publish',
        model,
        version: newest + 1,
        digest,
        sizeBytes: bytes.byteLength,
        alias,
      });
      return { entry: added, index: await add(added) };
    });
    await settle(index, entry.id, digest);
    const { version } = entry.change as Change & { type: 'publish' };
    return { model, version, digest, epoch: entry.epoch };
  };

  return {
    async publish(request: PublishRequest): Promise<Published> {
      requireLead();
      const digest = digestOf(request.bytes);
      if (request.digest !== null && request.digest !== digest) {
        throw new Refused({ kind: 'digest-mismatch', detail: `The artifact has the digest ${digest}, not ${request.digest}.` });
      }
      // The other replicas get it from memory: what a bad disk has made of it would be refused.
      const release = artifacts.hold(digest, request.bytes);
      return take(request, digest).finally(release);
    },

    async setAlias(model: string, alias: string, version: number): Promise<void> {
      const { entry, index } = await replica.inTurn(async () => {
        requireLead();
        if (!modelOf(replica.wholeCatalogue, model).versions.some((one) => one.version === version)) {
          throw new Refused({ kind: 'not-found', detail: `${model} has no version ${version}.` });
        }
        const added = entryOf(replica.state.epoch, { type: 'alias', model, alias, version });
        return { entry: added, index: await add(added) };
      });
      await settle(index, entry.id, null);
    },
  };
};

export type Publish = ReturnType<typeof createPublish>;
