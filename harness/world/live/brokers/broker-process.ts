import { entryBeside } from '../../../entry.ts';
import type { BrokerName } from '../../../topology/broker-placement.ts';
import { startChild } from '../child.ts';
import type { NodeProcess } from '../node-process.ts';
import type { FailedMessage } from '../protocol.ts';
import { quietly, untilReady } from '../until-ready.ts';

/** What the squall process tells a broker's keeper. */
export type ToBroker =
  | {
      readonly type: 'run';
      readonly broker: BrokerName;
      readonly command: string;
      readonly port: number;
      readonly folder: string;
    }
  | { readonly type: 'kill' | 'pause' | 'resume' };

/** What a broker's keeper tells squall's process. */
export type FromBroker = FailedMessage | { readonly type: 'ready'; readonly origin: string; readonly port: number };

export interface BrokerProcessOptions {
  readonly broker: BrokerName;
  /** What is run. */
  readonly command: string;
  /** What it is, as a sentence begins with it. */
  readonly title: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Where it keeps what it has: a folder of its own; it is there. */
  readonly folder: string;
}

/** LocalStack takes ten seconds, on a busy machine a minute. */
const READY_WITHIN_MS = 120_000;

const refuse = async (): Promise<never> => {
  throw new TypeError('a broker takes no commands');
};

/** A broker that is somebody else's program, as a node of the stack: it has its keeper for a process. */
export const startBroker = ({ broker, command, title, port, folder }: BrokerProcessOptions): NodeProcess => {
  const child = startChild<ToBroker, FromBroker>(entryBeside('./broker-main', import.meta.url), { isKeeper: true });
  const ready = quietly(untilReady(child, title, 'GATEWAY_FAILED', READY_WITHIN_MS));
  child.send({ type: 'run', broker, command, port, folder });
  return {
    listening: ready,
    setNames: () => undefined,
    start: async () => void (await ready),
    command: refuse,
    audit: async () => undefined,
    async kill() {
      child.send({ type: 'kill' });
      await child.exited;
    },
    // Its keeper ends it with squall, standing still or not.
    async pause() {
      child.send({ type: 'pause' });
    },
    async resume() {
      child.send({ type: 'resume' });
    },
    exited: child.exited,
    stop: child.stop,
  };
};
