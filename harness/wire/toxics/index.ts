import { latency } from './latency.ts';
import type { ToxicKind } from './toxic.ts';

/** Every kind of toxic, one line each. */
const kinds: readonly ToxicKind[] = [latency];

export const toxicKinds: ReadonlyMap<string, ToxicKind> = new Map(kinds.map((kind) => [kind.type, kind]));
