import type { Socket } from 'node:net';
import { type Address, createListener } from '../listener.ts';
import type { Toxic } from '../toxics/toxic.ts';
import { createAdmission } from './admission.ts';
import type { Alarms } from './alarms.ts';
import { type Connection, createConnection, type End } from './connection.ts';
import { connectForFastReads, takeOver } from './fast-reads.ts';
import { createMeter, type Meter } from './meter.ts';
import { createToxicStarts } from './toxic-starts.ts';

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
  /** Refuses connections, and ends those that are open: with a FIN, or with a reset (RST). Resolves when they are closed. */
  disable(by?: 'close' | 'reset'): Promise<void>;
  /** As `disable`, for good. */
  close(): Promise<void>;
}

export interface TcpProxyOptions {
  readonly listen: Address;
  /** Further addresses of this machine, at the same port. */
  readonly alsoAt?: readonly string[];
  /** Connects to what the proxy stands before. */
  readonly dial: () => End;
  readonly seed: number;
  readonly alarms: Alarms;
  /** Something has gone wrong that no caller is told, e.g. the system can't accept a connection. */
  readonly onError?: (error: Error) => void;
}

/** Dials a port. */
export const dialTo =
  ({ host, port }: Address): (() => Socket) =>
  () =>
    connectForFastReads({ host, port, allowHalfOpen: true, noDelay: true });

/**
 * Puts a proxy up.
 * Rejects with the system's error, e.g. `EADDRINUSE`.
 */
export const createTcpProxy = async (options: TcpProxyOptions): Promise<TcpProxy> => {
  const { dial, seed, alarms, onError = () => undefined } = options;
  const meter = createMeter();
  const connections = new Set<Connection>();
  const starts = createToxicStarts(seed);
  let toxics: readonly Toxic[] = [];
  let accepted = 0;

  const join = (accepted: Socket, number: number) => {
    const caller = takeOver(accepted);
    const upstream = dial();
    const connection = createConnection({
      caller,
      upstream,
      toxics,
      touchOf: (toxic, stream) => starts.touchOf(toxic, number, stream),
      alarms,
      meter,
      onClose() {
        connections.delete(connection);
        meter.openConnections -= 1;
        admission.onRoom();
      },
    });
    connections.add(connection);
    meter.openConnections += 1;
  };

  const admission = createAdmission({
    toxics: () => toxics,
    touchOf: (toxic, number) => starts.touchOf(toxic, number, 'admit'),
    open: () => connections.size,
    alarms,
    landed: ({ name }) => void meter.landed.set(name, (meter.landed.get(name) ?? 0) + 1),
    serve: join,
    refused() {
      meter.failedConnections += 1;
    },
  });

  const onSocket = (caller: Socket) => {
    const number = accepted++;
    meter.connections += 1;
    if (toxics.some(({ kind }) => kind.admit)) admission.take(caller, number);
    else join(caller, number);
  };

  const listener = await createListener({
    listen: options.listen,
    alsoAt: options.alsoAt ?? [],
    onSocket,
    onError,
    pauseOnConnect: true,
  });

  /** @param isDeaf resolves when the port has no connection left */
  const end = async (isDeaf: Promise<void>, by: 'close' | 'reset') => {
    admission.close();
    if (by === 'reset') for (const connection of connections) connection.reset();
    await Promise.all([isDeaf, ...[...connections].map((connection) => connection.destroy())]);
  };

  return {
    address: listener.address,
    get isEnabled() {
      return listener.isListening;
    },
    meter,
    setToxics(next) {
      if (next.length === toxics.length && next.every((toxic, index) => toxic === toxics[index])) return;
      toxics = [...next];
      starts.update(next, accepted);
      for (const connection of connections) connection.apply(next);
      admission.onChange();
    },
    enable: listener.resume,
    disable: (by = 'close') => end(listener.pause(), by),
    close: () => end(listener.close(), 'close'),
  };
};
