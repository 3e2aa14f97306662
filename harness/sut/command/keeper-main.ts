import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { cutLine } from '../../cut-line.ts';
import { MAX_OUTPUT_LINE_LENGTH } from '../../line-splitter.ts';
import type { OutputLine } from '../sut.ts';
import { endProcessTree, MARKER } from './process-tree.ts';
import type { FromKeeper, ToKeeper } from './protocol.ts';

/**
 * Entry of the process that keeps a user's command: it passes on what the command prints, and ends it with the channel to squall, whatever
 * ended that. The command has no such channel, so somebody has to.
 */

/** How long the command may take to end in order, milliseconds. */
const GRACE_MS = 5_000;
/** When squall has gone, nobody waits for an orderly end. */
const ORPHAN_GRACE_MS = 500;

const id = randomUUID();
let command: ChildProcess | undefined;
let isEnding = false;

const tell = (message: FromKeeper): Promise<void> =>
  new Promise((resolve) => {
    if (process.connected) process.send!(message, undefined, undefined, () => resolve());
    else resolve();
  });

const passOn = (stream: OutputLine['stream'], from: Readable) => {
  createInterface({ input: from, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (text) => {
    void tell({ type: 'line', line: { stream, text: cutLine(text, MAX_OUTPUT_LINE_LENGTH) } });
  });
};

const end = async (graceMs: number) => {
  if (isEnding) return;
  isEnding = true;
  if (command?.pid !== undefined) await endProcessTree(command.pid, id, graceMs);
  // Where it had been started, `exit` has told of its end, or tells of it now.
  if (!process.connected || command?.pid === undefined) process.exit(0);
};

const start = ({ command: text, cwd, environment }: Extract<ToKeeper, { readonly type: 'start' }>) => {
  // A group of its own: a signal to the terminal's group is squall's to deal with.
  command = spawn(text, {
    shell: true,
    cwd,
    env: { ...process.env, ...environment, [MARKER]: id },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  passOn('out', command.stdout!);
  passOn('err', command.stderr!);
  command.once('error', async (error) => {
    if (command!.pid !== undefined) return;
    await tell({ type: 'ended', code: null, signal: null, text: `could not be started: ${error.message}` });
    process.exit(0);
  });
  command.once('exit', async (code, signal) => {
    const closed = new Promise<void>((resolve) => void command!.once('close', () => resolve()));
    // What it has left behind goes too; then its pipes close, and the last line is passed on.
    await endProcessTree(command!.pid!, id, isEnding ? GRACE_MS : 0);
    await closed;
    await tell({ type: 'ended', code, signal, text: signal ? `was ended by ${signal}` : `exited with code ${code}` });
    process.exit(0);
  });
};

for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.on('SIGTERM', () => void end(GRACE_MS));
process.once('disconnect', () => void end(ORPHAN_GRACE_MS));
process.on('message', (message) => {
  const told = message as ToKeeper;
  if (told.type === 'start') start(told);
  else void end(GRACE_MS);
});
if (!process.connected) process.exit(1);
