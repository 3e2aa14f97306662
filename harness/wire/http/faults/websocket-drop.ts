import { z } from 'zod';
import { share } from '../../../scenario/units.ts';
import { defineHttpFault } from './fault.ts';
import { afterMessages, stream } from './settings.ts';

/** Messages of a WebSocket are lost, whole ones; pings, pongs and close frames pass. */
export const websocketDrop = defineHttpFault({
  type: 'websocket-drop',
  summary: 'Drops messages of a WebSocket.',
  protocols: ['websocket'],
  settings: z.strictObject({
    afterMessages,
    share: share.prefault(1).describe('Share of the messages that are dropped.'),
    stream,
  }),
  stream: ({ stream }) => stream,
  messages: ({ afterMessages, share }) => ({ do: 'drop', afterMessages, share }),
});
