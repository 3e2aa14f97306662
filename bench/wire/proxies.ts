import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Running, stopper } from './processes.ts';
import type { ToxicMessage } from './squall-proxy.ts';
import { startToxiproxy, TOXIPROXY_VERSION } from './toxiproxy.ts';

export interface Contender {
  readonly name: string;
  /** Undefined: the upstream itself. */
  readonly start?: (upstreamPort: number) => Promise<Running>;
}

export interface SquallProxy extends Running {
  set(toxic: ToxicMessage): Promise<void>;
}

export const startSquall = async (upstreamPort: number): Promise<SquallProxy> => {
  const child = fork(fileURLToPath(new URL('./squall-proxy.ts', import.meta.url)), [String(upstreamPort)]);
  const [port] = (await once(child, 'message')) as [number];
  return {
    port,
    pid: child.pid!,
    stop: stopper(child),
    async set(toxic) {
      const isSet = once(child, 'message');
      child.send(toxic as never);
      await isSet;
    },
  };
};

export const contenders: readonly Contender[] = [
  { name: `Toxiproxy ${TOXIPROXY_VERSION}`, start: startToxiproxy },
  { name: 'squall', start: startSquall },
  { name: 'no proxy' },
];
