import { delay } from './delay.ts';
import type { HttpFaultKind } from './fault.ts';
import { goaway } from './goaway.ts';
import { grpcStatus } from './grpc-status.ts';
import { reset } from './reset.ts';
import { slowBody } from './slow-body.ts';
import { stall } from './stall.ts';
import { status } from './status.ts';
import { truncate } from './truncate.ts';
import { websocketClose } from './websocket-close.ts';
import { websocketCut } from './websocket-cut.ts';
import { websocketDrop } from './websocket-drop.ts';
import { websocketStall } from './websocket-stall.ts';

/** Every kind of HTTP fault, one line each. */
const kinds: readonly HttpFaultKind[] = [
  delay,
  status,
  grpcStatus,
  reset,
  goaway,
  stall,
  truncate,
  slowBody,
  websocketStall,
  websocketCut,
  websocketClose,
  websocketDrop,
];

export const httpFaultKinds: ReadonlyMap<string, HttpFaultKind> = new Map(kinds.map((kind) => [kind.type, kind]));
