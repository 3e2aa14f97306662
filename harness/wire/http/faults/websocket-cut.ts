import { z } from 'zod';
import { defineHttpFault } from './fault.ts';
import { afterMessages, cutBy, stream } from './settings.ts';

/** A WebSocket is gone without a close frame: its client sees code 1006. */
export const websocketCut = defineHttpFault({
  type: 'websocket-cut',
  summary: 'Cuts the connection of a WebSocket without a close frame.',
  protocols: ['websocket'],
  settings: z.strictObject({ afterMessages, by: cutBy, stream }),
  stream: ({ stream }) => stream,
  messages: ({ afterMessages, by }) => ({ do: 'cut', afterMessages, by }),
});
