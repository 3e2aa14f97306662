import { z } from 'zod';
import { atMark, NOWHERE } from './at-mark.ts';
import { defineHttpFault } from './fault.ts';
import { cutBy, mark, stream } from './settings.ts';

/** A body ends too early: the length announced is not reached, or the last chunk missing. */
export const truncate = defineHttpFault({
  type: 'truncate',
  summary: 'Cuts a body short after some bytes, server-sent events or gRPC messages, and with it the connection (HTTP/1.1).',
  protocols: ['http/1.1', 'h2'],
  settings: z.strictObject({ ...mark, by: cutBy, stream }),
  stream: ({ stream }) => stream,
  body(settings, { next, landed, cut }) {
    const reached = () => {
      landed();
      cut(settings.by);
      return NOWHERE;
    };
    return atMark(settings, next, reached);
  },
});
