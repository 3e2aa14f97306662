import type { Announce } from '../announce.ts';
import type { Peers, VoteAnswer, VoteRequest } from './peers.ts';
import type { RegistryPolicy } from './policy.ts';
import type { Replica } from './replica.ts';

/** Who leads, as one node sees it. */
export interface Leadership {
  readonly isLeader: boolean;
  /** Region of the leader, as far as the node knows. */
  readonly leader: string | null;
  /** Whether it leads, and may acknowledge what it has taken. */
  mayWrite(): boolean;
  /** A leader makes itself heard. To be called within a step of the replica. @returns whether it is followed */
  hear(from: string, epoch: number): Promise<boolean>;
  vote(request: VoteRequest): Promise<VoteAnswer>;
  /** A peer has answered the leader. @param sentAtMs when it was asked, by `performance.now()` */
  answered(region: string, sentAtMs: number): void;
  /** Gives up the lead, and lets others try first: nobody reaches it. */
  resign(): Promise<void>;
  /** A peer knows of a later reign. */
  yieldTo(epoch: number): Promise<void>;
  /** Begins to look after who leads. */
  start(): void;
}

export interface LeadershipParts {
  readonly region: string;
  /** Every node's, in the order in which they stand for leader. */
  readonly regions: readonly string[];
  readonly policy: RegistryPolicy;
  readonly replica: Replica;
  readonly peers: Peers;
  readonly announce: Announce;
  readonly stopped: AbortSignal;
  /** Called within a step of the replica when the node has become leader. */
  readonly onReign: () => Promise<void>;
  /** Called for a node that has nothing, where no other has anything, before it leads: a backup may have something. */
  readonly recover: () => Promise<void>;
}

/** Looks at who leads in a lease's time. */
export const LOOKS_PER_LEASE = 8;
