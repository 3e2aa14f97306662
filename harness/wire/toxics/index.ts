import { bandwidth } from './bandwidth.ts';
import { connectionLimit } from './connection-limit.ts';
import { corrupt } from './corrupt.ts';
import { halfOpen } from './half-open.ts';
import { latency } from './latency.ts';
import { limitData } from './limit-data.ts';
import { noop } from './noop.ts';
import { packetLoss } from './packet-loss.ts';
import { resetPeer } from './reset-peer.ts';
import { scheduled } from './schedule.ts';
import { slicer } from './slicer.ts';
import { slowAccept } from './slow-accept.ts';
import { slowClose } from './slow-close.ts';
import { timeout } from './timeout.ts';
import type { ToxicKind } from './toxic.ts';

/** Every kind of toxic, one line each: Toxiproxy's first. Its `down` is a proxy that is not enabled. */
const kinds: readonly ToxicKind[] = [
  noop,
  latency,
  bandwidth,
  slowClose,
  timeout,
  resetPeer,
  slicer,
  limitData,
  packetLoss,
  corrupt,
  halfOpen,
  connectionLimit,
  slowAccept,
];

export const toxicKinds: ReadonlyMap<string, ToxicKind> = new Map(kinds.map((kind) => [kind.type, scheduled(kind)]));
