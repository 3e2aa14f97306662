import { z } from 'zod';
import { defineHttpFault } from './fault.ts';
import { afterMessages, forHowLong, stream } from './settings.ts';

/** A WebSocket goes quiet in one direction, and stays open. */
export const websocketStall = defineHttpFault({
  type: 'websocket-stall',
  summary: 'Stops the messages of a WebSocket, for a while or for ever.',
  protocols: ['websocket'],
  settings: z.strictObject({ afterMessages, for: forHowLong, stream }),
  stream: ({ stream }) => stream,
  messages: ({ afterMessages, for: forMs = Number.POSITIVE_INFINITY }) => ({ do: 'stall', afterMessages, forMs }),
});
