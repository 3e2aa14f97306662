import { isIPv4 } from 'node:net';
import { SquallError } from '../errors.ts';

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || (isIPv4(host) && host.startsWith('127.'));

/** Hosts beside loopback that the user has allowed load to, by name. Set once, by the command. */
let allowed: readonly string[] = [];

export const allowHosts = (hosts: readonly string[]): void => {
  allowed = hosts.map((host) => host.toLowerCase());
};

/**
 * Load and faults stay on this machine unless the user says otherwise: they would be an attack on somebody else's.
 * @param where names what said it, e.g. `--sut`
 * @throws {SquallError} `BAD_FLAG` for a host that is neither loopback nor allowed
 */
export const requireLoopback = (origin: string, where: string): void => {
  const { hostname } = new URL(origin);
  if (isLoopback(hostname) || allowed.includes(hostname.toLowerCase())) return;
  throw new SquallError(
    'BAD_FLAG',
    `${where}: ${hostname} is not this machine, and squall sends load to loopback only.`,
    `Is it yours, and meant to get the load? Then add --allow-host ${hostname}.`,
  );
};
