import { runChild } from '../child-main.ts';
import { removeOwnFolder } from '../remove-own-folder.ts';
import type { FromBroker, ToBroker } from './broker-process.ts';
import { brokerPrograms } from './programs.ts';
import { type RunningProgram, runProgram } from './run-program.ts';

/**
 * Entry of a broker's keeper. The broker is somebody else's program and does not know when to end; its keeper does: with squall, whatever ended
 * that, the broker goes, and what it had written.
 */
let running: RunningProgram | undefined;
let folder: string | undefined;

process.once('exit', () => {
  running?.signal('SIGKILL');
  // A broker that is killed by a fault keeps what it has.
  if (!process.connected && folder !== undefined) removeOwnFolder(folder);
});
// By itself it would end the process without the above.
process.once('SIGTERM', () => process.exit(0));

runChild<ToBroker, FromBroker>(async (message, send) => {
  if (message.type === 'kill') {
    running?.signal('SIGKILL');
    await running?.exited;
    process.exit(0);
  }
  if (message.type !== 'run') return running?.signal(message.type === 'pause' ? 'SIGSTOP' : 'SIGCONT');
  folder = message.folder;
  const program = brokerPrograms[message.broker];
  running = await runProgram(program, message.command, {
    asked: message.port,
    folder,
    onStarted(started) {
      running = started;
    },
  });
  send({ type: 'ready', origin: `${program.protocol}://127.0.0.1:${running.port}`, port: running.port });
  const text = await running.exited;
  throw new Error(`it ${text}`);
});
