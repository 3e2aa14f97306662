import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrokerName } from '../../harness/topology/broker-placement.ts';
import { brokerPrograms } from '../../harness/world/live/brokers/programs.ts';
import { type RunningProgram, runProgram } from '../../harness/world/live/brokers/run-program.ts';

/** A broker of somebody else's, running. */
export interface RunningBroker {
  readonly port: number;
  /** SIGKILL, and up again on the same port with what it had on disk. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** A broker that can be started, or why it cannot. */
export type FoundBroker = { readonly start: () => Promise<RunningBroker> } | { readonly missing: string };

/** A broker where scripts/install-brokers.sh has put it. */
export const findBroker = (name: BrokerName): FoundBroker => {
  const program = brokerPrograms[name];
  const command = program.find();
  if (command === undefined) return { missing: `no ${program.missing}: scripts/install-brokers.sh installs it` };
  return {
    async start() {
      const folder = mkdtempSync(join(tmpdir(), 'squall-broker-'));
      let running: RunningProgram | undefined;
      const onStarted = (started: RunningProgram) => {
        running = started;
      };
      const stop = async () => {
        running?.signal('SIGKILL');
        await running?.exited;
      };
      try {
        const { port } = await runProgram(program, command, { asked: 0, folder, onStarted });
        return {
          port,
          async restart() {
            await stop();
            await runProgram(program, command, { asked: port, folder, onStarted });
          },
          async stop() {
            await stop();
            rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
          },
        };
      } catch (error) {
        await stop();
        throw error;
      }
    },
  };
};
