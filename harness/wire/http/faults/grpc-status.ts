import { status } from '@grpc/grpc-js';
import { z } from 'zod';
import { atMark, NOWHERE } from './at-mark.ts';
import { defineHttpFault, type HeaderPairs } from './fault.ts';
import { headers, pairsOf } from './settings.ts';

const CODES = Object.keys(status).filter((name) => Number.isNaN(Number(name)) && name !== 'OK') as [string, ...string[]];

const codeOf = (name: string): number => status[name as keyof typeof status];

/** Percent-encoded, but for what may stand in the message as it is (gRPC over HTTP/2, Status-Message). */
const encodeMessage = (message: string): string =>
  message.replace(/[^\x20-\x24\x26-\x7e]/gu, (char) => [...Buffer.from(char)].map((byte) => `%${hex(byte)}`).join(''));

const hex = (byte: number): string => byte.toString(16).toUpperCase().padStart(2, '0');

interface Settings {
  readonly code: string;
  readonly message?: string | undefined;
  readonly trailers?: Record<string, string | string[]> | undefined;
}

const trailersOf = ({ code, message, trailers }: Settings): HeaderPairs => [
  ['grpc-status', String(codeOf(code))],
  ...(message ? [['grpc-message', encodeMessage(message)] as const] : []),
  ...pairsOf(trailers),
];

/** A gRPC call fails with a status. */
export const grpcStatus = defineHttpFault({
  type: 'grpc-status',
  summary: 'Ends a gRPC call with a status: at once, or after some messages of the answer.',
  protocols: ['grpc'],
  settings: z.strictObject({
    code: z.enum(CODES).describe('E.g. UNAVAILABLE.'),
    message: z.string().optional().describe('For people.'),
    trailers: headers.describe('Further metadata, e.g. grpc-retry-pushback-ms.'),
    afterMessages: z
      .int()
      .min(0)
      .default(0)
      .describe('So many messages of the answer pass first; with none the upstream never sees the call.'),
  }),
  request(settings) {
    if (settings.afterMessages > 0) return undefined;
    const headers = [['content-type', 'application/grpc'] as const, ...trailersOf(settings)];
    return { do: 'answer', status: 200, headers, body: '' };
  },
  body(settings, { next, landed, endWith }) {
    if (settings.afterMessages === 0) return undefined;
    const reached = () => {
      landed();
      endWith(trailersOf(settings));
      return NOWHERE;
    };
    return atMark({ afterMessages: settings.afterMessages }, next, reached);
  },
});
