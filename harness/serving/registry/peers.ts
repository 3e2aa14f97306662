import { openScope, untilAborted } from '../abort.ts';
import type { LogEnd, LogPiece } from './log.ts';

/** Where a node is reached. */
export interface RegistryAddress {
  readonly region: string;
  /** Origin, e.g. `http://127.0.0.1:20031`. */
  readonly origin: string;
}

/** Region of the node that a request is from: nodes say so to each other, and clients do not. */
export const PEER_HEADER = 'x-squall-registry-peer';

export interface VoteRequest extends LogEnd {
  readonly from: string;
  /** The epoch that the candidate would reign in. */
  readonly epoch: number;
  /** Asks only whether a vote could be had: nothing is promised by the answer (Raft's pre-vote). */
  readonly isTrial: boolean;
}

export interface VoteAnswer {
  readonly epoch: number;
  readonly isGranted: boolean;
  /** The voter has nothing: it may have lost what it once promised, and its vote counts only where all vote. */
  readonly isBlank: boolean;
}

export interface AppendRequest extends LogPiece {
  readonly from: string;
  readonly epoch: number;
  readonly commitIndex: number;
  /** Last index that readers of the leader see. */
  readonly visibleIndex: number;
}

export interface AppendAnswer {
  readonly epoch: number;
  /** Who asked is followed. */
  readonly isFollowing: boolean;
  /** Last index that is known to be as the leader's; null when what stands before the piece is not. */
  readonly matchIndex: number | null;
  readonly lastIndex: number;
  /** Digests among the entries of which the replica has no good artifact. */
  readonly missing: readonly string[];
  /** Whether the replica reaches the leader as the leader reaches it: a cut may be one-way. */
  readonly reachesLeader: boolean;
}

/** The other nodes, as a node asks them. Every call throws when there is no answer in time. */
export interface Peers {
  readonly regions: readonly string[];
  vote(region: string, request: VoteRequest): Promise<VoteAnswer>;
  append(region: string, request: AppendRequest): Promise<AppendAnswer>;
  /** @returns null when the peer has none */
  artifact(region: string, digest: string): Promise<Uint8Array | null>;
  /** Whether the peer answers. */
  ping(region: string): Promise<boolean>;
}

export interface PeersOptions {
  readonly region: string;
  readonly nodes: readonly RegistryAddress[];
  readonly token: string;
  readonly timeoutMs: number;
  readonly fetch: typeof globalThis.fetch;
  readonly stopped: AbortSignal;
}

/** A call that is made to answer another's ends well before that one is given up. */
const INNER_SHARE = 0.5;

export const createPeers = ({ region: own, nodes, token, timeoutMs, fetch, stopped }: PeersOptions): Peers => {
  const origins = new Map(nodes.filter(({ region }) => region !== own).map(({ region, origin }) => [region, origin]));
  const headers = { [PEER_HEADER]: own, authorization: `Bearer ${token}` };

  const call = async <Result>(
    region: string,
    path: string,
    init: RequestInit,
    read: (response: Response) => Promise<Result>,
    withinMs = timeoutMs,
  ): Promise<Result> => {
    const scope = openScope(stopped, { ms: withinMs, reason: () => new Error(`No answer from ${region} in ${withinMs} ms.`) });
    const work = async () => {
      const response = await fetch(`${origins.get(region)}${path}`, {
        ...init,
        headers: { ...headers, ...init.headers },
        signal: scope.signal,
      });
      return read(response);
    };
    try {
      return await untilAborted(work(), scope.signal);
    } finally {
      scope.close();
    }
  };

  const ask = <Answer>(region: string, path: string, request: object): Promise<Answer> =>
    call(
      region,
      path,
      { method: 'POST', body: JSON.stringify(request), headers: { 'content-type': 'application/json' } },
      async (response) => {
        const text = await response.text();
        if (!response.ok) throw new Error(`${region} answered ${response.status}.`);
        return JSON.parse(text) as Answer;
      },
    );

  return {
    regions: [...origins.keys()],
    vote: (region, request) => ask(region, '/v1/peers/vote', request),
    append: (region, request) => ask(region, '/v1/peers/append', request),
    ping: (region) => {
      const read = async (response: Response) => {
        await response.text();
        return response.ok;
      };
      return call(region, '/v1/status', {}, read, timeoutMs * INNER_SHARE).catch(() => false);
    },
    artifact: (region, digest) => {
      const read = async (response: Response) => {
        const bytes = await response.bytes();
        return response.ok ? bytes : null;
      };
      return call(region, `/v1/artifacts/${digest}`, {}, read, timeoutMs * INNER_SHARE);
    },
  };
};
