import type { Protocol } from '../faults/fault.ts';
import { headerOf, type RequestHead } from './head.ts';

const PLAIN: readonly Protocol[] = ['http/1.1'];
const WEBSOCKET: readonly Protocol[] = ['http/1.1', 'websocket'];

export const protocolsOf = ({ headers }: RequestHead): readonly Protocol[] =>
  /\bwebsocket\b/i.test(headerOf(headers, 'upgrade') ?? '') ? WEBSOCKET : PLAIN;

/** Whether the connection ends with this request's answer, as its sender wants it (RFC 9112, section 9.3). */
export const isLastOne = ({ raw, headers }: RequestHead): boolean => {
  const connection = headerOf(headers, 'connection')?.toLowerCase() ?? '';
  const isOld = raw.toString('latin1', 0, raw.indexOf('\r\n')).endsWith('HTTP/1.0');
  return connection.includes('close') || (isOld && !connection.includes('keep-alive'));
};
