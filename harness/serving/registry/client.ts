import { openScope, sleep, untilAborted } from '../abort.ts';
import { REGION_HEADER, ROLE_HEADER, STALENESS_HEADER } from './api.ts';
import type { ModelVersion } from './catalogue.ts';
import { RegistryError, type RegistryErrorKind } from './client-errors.ts';
import { digestOf } from './digest.ts';
import type { RegistryAddress } from './peers.ts';
import type { RegistryPolicy } from './policy.ts';
import { readRefusal } from './problem.ts';
import type { Published } from './publish.ts';

/** A version, and the replica that told of it. */
export interface ResolvedVersion extends ModelVersion {
  readonly region: string;
}

/** Bytes of a version, and the replica that had them. */
export interface Download {
  readonly bytes: Uint8Array;
  readonly region: string;
  /** False where digests are not checked, and the bytes are others than were published. */
  readonly isGood: boolean;
}

export interface PublishOptions {
  readonly model: string;
  readonly bytes: Uint8Array;
  /** The version that it follows; 0 for the first. */
  readonly expected: number;
  readonly alias?: string;
}

/** The registry, as the stack and publishers see it. Every call ends when its signal aborts, with the signal's reason. */
export interface RegistryClient {
  /** @throws {RegistryError} */
  resolve(model: string, alias: string, signal: AbortSignal): Promise<ResolvedVersion>;
  /** @throws {RegistryError} */
  download(version: ModelVersion, signal: AbortSignal): Promise<Download>;
  /** Asks a replica after the others for a while: what it gave was not what it should be. */
  shun(region: string): void;
  /** Tries until it is acknowledged, refused for good, or the signal aborts. @throws {RegistryError} */
  publish(options: PublishOptions, signal: AbortSignal): Promise<Published & { readonly region: string }>;
}

export interface RegistryClientOptions {
  /** The nearest first. */
  readonly nodes: readonly RegistryAddress[];
  readonly policy: Pick<RegistryPolicy, 'verifyDigest' | 'readFrom' | 'maxStalenessMs'>;
  /** Needed to publish. */
  readonly token?: string;
  readonly fetch: typeof globalThis.fetch;
  /** A replica that has not answered within this is passed over; 500 ms when left out. */
  readonly attemptTimeoutMs?: number;
  /** Hears that a replica was passed over, and why. */
  readonly onPassedOver?: (region: string, why: RegistryErrorKind) => void;
}

/** Tried after the others for so long, once it has failed. */
const SHUNNED_MS = 5000;
/** Between two rounds of a publish. */
const PAUSE_MS = 100;

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
}

const decoder = new TextDecoder();
const textOf = ({ bytes }: Answer): string => decoder.decode(bytes);

export const createRegistryClient = (options: RegistryClientOptions): RegistryClient => {
  const { nodes, policy, token, fetch, attemptTimeoutMs = 500, onPassedOver } = options;
  const shunnedUntilMs = new Map<string, number>();
  let lastLeader: string | undefined;

  const inOrder = (): readonly RegistryAddress[] => {
    const isShunned = ({ region }: RegistryAddress) => (shunnedUntilMs.get(region) ?? 0) > performance.now();
    const isFirst = ({ region }: RegistryAddress) => policy.readFrom === 'leader' && region === lastLeader;
    const rank = (node: RegistryAddress) => (isShunned(node) ? 2 : isFirst(node) ? 0 : 1);
    return nodes.toSorted((a, b) => rank(a) - rank(b));
  };

  /** @returns null when there is no answer in time */
  const call = async (node: RegistryAddress, path: string, init: RequestInit, signal: AbortSignal): Promise<Answer | null> => {
    const reason = () => new Error(`No answer from ${node.region} in ${attemptTimeoutMs} ms.`);
    const scope = openScope(signal, { ms: attemptTimeoutMs, reason });
    const work = async (): Promise<Answer> => {
      const response = await fetch(`${node.origin}${path}`, { ...init, signal: scope.signal });
      return { status: response.status, headers: response.headers, bytes: await response.bytes() };
    };
    try {
      const answer = await untilAborted(work(), scope.signal);
      if (answer.headers.get(ROLE_HEADER) === 'leader') lastLeader = node.region;
      return answer;
    } catch {
      signal.throwIfAborted();
      shunnedUntilMs.set(node.region, performance.now() + SHUNNED_MS);
      return null;
    } finally {
      scope.close();
    }
  };

  /**
   * Asks the replicas in order until one serves.
   * @param serve takes an answer, or says why it will not do
   */
  const askInOrder = async <Result>(
    path: string,
    signal: AbortSignal,
    serve: (answer: Answer, region: string) => Result | RegistryErrorKind,
  ): Promise<Result> => {
    const failures: RegistryErrorKind[] = [];
    for (const node of inOrder()) {
      const answer = await call(node, path, {}, signal);
      const served = answer === null ? 'unavailable' : serve(answer, node.region);
      if (typeof served !== 'string') return served;
      failures.push(served as RegistryErrorKind);
      onPassedOver?.(node.region, served as RegistryErrorKind);
    }
    // The most telling first: one that answered says more than one that did not.
    const kind = (['corrupt', 'stale', 'not-found', 'unavailable'] as const).find((one) => failures.includes(one))!;
    throw new RegistryError(kind, `No replica serves ${path}: ${failures.join(', ')}.`);
  };

  const whyNot = ({ status }: Answer): RegistryErrorKind | undefined => {
    if (status === 404) return 'not-found';
    return status === 200 ? undefined : 'unavailable';
  };

  const isTooStale = ({ headers }: Answer): boolean => {
    if (policy.readFrom === 'leader') return headers.get(ROLE_HEADER) !== 'leader';
    const staleness = headers.get(STALENESS_HEADER);
    return staleness === null || Number(staleness) > policy.maxStalenessMs;
  };

  const publishOnce = async (
    node: RegistryAddress,
    { model, bytes, expected, alias }: PublishOptions,
    signal: AbortSignal,
  ): Promise<(Published & { readonly region: string }) | { readonly leader: string | null }> => {
    const path = `/v1/models/${model}/versions${alias === undefined ? '' : `?alias=${alias}`}`;
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/octet-stream',
      'x-squall-artifact-sha256': digestOf(bytes),
      ...(expected === 0 ? { 'if-none-match': '*' } : { 'if-match': `"${expected}"` }),
    };
    const answer = await call(node, path, { method: 'POST', headers, body: bytes as Uint8Array<ArrayBuffer> }, signal);
    if (answer === null) return { leader: null };
    if (answer.status === 201) {
      return { ...(JSON.parse(textOf(answer)) as Published), region: answer.headers.get(REGION_HEADER) ?? node.region };
    }
    const refusal = readRefusal(textOf(answer));
    if (refusal?.kind === 'conflict') throw new RegistryError('conflict', refusal.detail, refusal.newest ?? null);
    return { leader: refusal?.leader ?? null };
  };

  return {
    shun: (region) => void shunnedUntilMs.set(region, performance.now() + SHUNNED_MS),
    resolve: (model, alias, signal) =>
      askInOrder(`/v1/models/${model}/aliases/${alias}`, signal, (answer, region): ResolvedVersion | RegistryErrorKind => {
        // What a replica that is behind does not have may be there all the same.
        if (answer.status < 500 && isTooStale(answer) && answer.status !== 404) return 'stale';
        return whyNot(answer) ?? { ...(JSON.parse(textOf(answer)) as ModelVersion), region };
      }),
    download: ({ digest }, signal) =>
      askInOrder(`/v1/artifacts/${digest}`, signal, (answer, region): Download | RegistryErrorKind => {
        const failure = whyNot(answer);
        if (failure) return failure;
        const { bytes } = answer;
        const isGood = digestOf(bytes) === digest;
        return !isGood && policy.verifyDigest ? 'corrupt' : { bytes, region, isGood };
      }),
    async publish(publishing, signal) {
      for (;;) {
        for (const node of inOrder()) {
          const first = await publishOnce(node, publishing, signal);
          if ('version' in first) return first;
          const leader = nodes.find(({ region }) => region === first.leader && region !== node.region);
          if (!leader) continue;
          const second = await publishOnce(leader, publishing, signal);
          if ('version' in second) return second;
        }
        await sleep(PAUSE_MS, signal);
      }
    },
  };
};
