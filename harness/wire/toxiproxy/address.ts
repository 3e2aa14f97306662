import { lookup } from 'node:dns/promises';
import { isIPv6 } from 'node:net';
import type { Address } from '../listener.ts';
import { badAddress } from './api-error.ts';

const MAX_PORT = 65_535;
/** Where a proxy listens that names no host: an empty host is every interface to Toxiproxy. */
const LOOPBACK = '127.0.0.1';

/** `127.0.0.1:80`, `[::1]:80`. */
export const formatAddress = ({ host, port }: Address): string => (isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`);

/** Host and port of a text, the port as it was written. @throws {ApiError} in the words of Go's net */
const split = (text: string): { readonly host: string; readonly port: string } => {
  const fail = (what: string): never => {
    throw badAddress(`address ${text}: ${what}`);
  };
  const colon = text.lastIndexOf(':');
  if (colon < 0) fail('missing port in address');
  const port = text.slice(colon + 1);
  if (text.startsWith('[')) {
    const end = text.indexOf(']');
    if (end < 0) fail("missing ']' in address");
    if (end + 1 === text.length) fail('missing port in address');
    if (end + 1 !== colon) fail(text[end + 1] === ':' ? 'too many colons in address' : 'missing port in address');
    return { host: text.slice(1, end), port };
  }
  const host = text.slice(0, colon);
  if (host.includes(':')) fail('too many colons in address');
  if (/[[\]]/.test(text)) fail(`unexpected '${/[[\]]/.exec(text)![0]}' in address`);
  return { host, port };
};

const portOf = (text: string): number => {
  if (text === '') return 0;
  if (!/^[+-]?[0-9]+$/.test(text)) throw badAddress(`lookup tcp/${text}: unknown port`);
  const port = Number(text);
  if (port < 0 || port > MAX_PORT) throw badAddress(`address ${text}: invalid port`);
  return port;
};

/** Host and port of an address, the host as it was written. @throws {ApiError} */
export const parseAddress = (text: string): Address => {
  const { host, port } = split(text);
  return { host, port: portOf(port) };
};

/**
 * Where to listen. Names are looked up, IPv4 first; without a host it is 127.0.0.1, without a port a free one.
 * Rejects with an ApiError.
 */
export const resolveListen = async (text: string): Promise<Address> => {
  if (text === '') return { host: LOOPBACK, port: 0 };
  const { host, port } = parseAddress(text);
  if (host === '') return { host: LOOPBACK, port };
  try {
    const { address } = await lookup(host, { order: 'ipv4first' });
    return { host: address, port };
  } catch {
    throw badAddress(`lookup ${host}: no such host`);
  }
};
