import { connect, createServer, type Server, type Socket } from 'node:net';
import { createRandom } from '../../random.ts';
import type { Toxic } from '../toxics/toxic.ts';
import type { Alarms } from './alarms.ts';
import { type Connection, createConnection, type End } from './connection.ts';
import { createMeter, type Meter } from './meter.ts';

/** Where something listens. */
export interface Address {
  /** E.g. `127.0.0.1`. */
  readonly host: string;
  readonly port: number;
}

/**
 * A port before another one, with toxics between: bytes as they are, whatever they mean.
 *
 *     caller ──► admission ──► toxics upstream ──► upstream
 *            ◄── toxics downstream ◄──────────────
 */
export interface TcpProxy {
  /** Where it listens; the port that it got, where 0 was asked for. */
  readonly address: Address;
  readonly isEnabled: boolean;
  readonly meter: Meter;
  /** Toxics in force, on open connections as on new ones. An object that stays keeps its state. */
  setToxics(toxics: readonly Toxic[]): void;
  /** Listens again. Rejects with the system's error when another process has taken the port meanwhile. */
  enable(): Promise<void>;
  /** Refuses connections, and closes those that are open. */
  disable(): Promise<void>;
  close(): Promise<void>;
}

export interface TcpProxyOptions {
  readonly listen: Address;
  /** Connects to what the proxy stands before. */
  readonly dial: () => End;
  readonly seed: number;
  readonly alarms: Alarms;
  /** Something has gone wrong that no caller is told, e.g. the system can't accept a connection. */
  readonly onError?: (error: Error) => void;
}

/** Connections that the kernel keeps for the proxy to accept. */
const BACKLOG = 4096;

/** Dials a port. */
export const dialTo =
  ({ host, port }: Address): (() => Socket) =>
  () =>
    connect({ host, port, allowHalfOpen: true, noDelay: true });

/**
 * Puts a proxy up.
 * Rejects with the system's error, e.g. `EADDRINUSE`.
 */
export const createTcpProxy = async (options: TcpProxyOptions): Promise<TcpProxy> => {
  const { dial, seed, alarms, onError = () => undefined } = options;
  const meter = createMeter();
  const connections = new Set<Connection>();
  /** Accepted, and held back by a toxic. */
  const waiting = new Set<Socket>();
  let toxics: readonly Toxic[] = [];
  let server: Server | undefined;
  let { listen: address } = options;
  let accepted = 0;

  const join = (caller: Socket, number: number) => {
    waiting.delete(caller);
    const upstream = dial();
    const connection = createConnection({
      caller,
      upstream,
      toxics,
      seed,
      number,
      alarms,
      meter,
      onClose() {
        connections.delete(connection);
        meter.openConnections -= 1;
      },
    });
    connections.add(connection);
    meter.openConnections += 1;
  };

  /** How long toxics keep it waiting, milliseconds; null when one of them resets it. */
  const admit = (number: number): number | null => {
    let waitMs = 0;
    for (const { kind, attributes, name, toxicity } of toxics) {
      if (!kind.admit) continue;
      const random = createRandom(seed, name, 'admit', String(number));
      if (random() >= toxicity) continue;
      const admission = kind.admit(attributes, { open: connections.size + waiting.size, random });
      if (admission.type !== 'accept') meter.landed.set(name, (meter.landed.get(name) ?? 0) + 1);
      if (admission.type === 'reset') return null;
      if (admission.type === 'wait') waitMs += admission.forMs;
    }
    return waitMs;
  };

  const onSocket = (caller: Socket) => {
    const number = accepted++;
    meter.connections += 1;
    const waitMs = admit(number);
    if (waitMs === null) {
      meter.failedConnections += 1;
      caller.on('error', () => undefined);
      caller.resetAndDestroy();
      return;
    }
    if (waitMs === 0) {
      join(caller, number);
      return;
    }
    waiting.add(caller);
    caller.on('error', () => undefined);
    const alarm = alarms.after(waitMs, () => {
      if (!caller.destroyed) join(caller, number);
    });
    caller.once('close', () => {
      waiting.delete(caller);
      alarm.cancel();
    });
  };

  const listen = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const next = createServer({ allowHalfOpen: true, noDelay: true }, onSocket);
      next.once('error', reject);
      next.listen({ host: address.host, port: address.port, backlog: BACKLOG }, () => {
        next.off('error', reject);
        next.on('error', onError);
        const bound = next.address() as { address: string; port: number };
        address = { host: address.host, port: bound.port };
        server = next;
        resolve();
      });
    });

  const disable = async () => {
    const closing = server;
    server = undefined;
    for (const connection of [...connections]) connection.destroy();
    for (const caller of [...waiting]) caller.destroy();
    if (closing) await new Promise<void>((resolve) => closing.close(() => resolve()));
  };

  await listen();
  return {
    get address() {
      return address;
    },
    get isEnabled() {
      return server !== undefined;
    },
    meter,
    setToxics(next) {
      toxics = next;
      for (const connection of connections) connection.apply(next);
    },
    async enable() {
      if (!server) await listen();
    },
    disable,
    close: disable,
  };
};
