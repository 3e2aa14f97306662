import { count } from '../field.ts';
import { definePolicy } from '../policy.ts';

export const connections = definePolicy({
  summary:
    'Bounds the connections that are in use to all providers together, as a client library or an operating system does; an attempt waits for one.',
  isOn: false,
  settings: { max: count(256, 'Connections in use.') },
});
