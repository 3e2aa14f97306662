import { entryBeside } from '../../entry.ts';
import { SquallError } from '../../errors.ts';
import { freePort } from '../../wire/free-port.ts';
import { startChild } from '../../world/live/child.ts';
import { createLastWords } from '../../world/live/last-words.ts';
import { quietly } from '../../world/live/until-ready.ts';
import { mergeEnvironment, type Readiness } from '../settings.ts';
import type { SutExit, SutOptions, SystemUnderTest } from '../sut.ts';
import { untilAnswering } from '../until-answering.ts';
import { watchOutput } from '../watch-output.ts';
import type { FromKeeper, ToKeeper } from './protocol.ts';

export interface CommandSettings {
  readonly command: string;
  readonly cwd: string;
  /** On loopback; left out, a free one. */
  readonly port?: number | undefined;
  readonly env: Readonly<Record<string, string | null>>;
  readonly ready: Readiness;
}

/** Its keeper gives the command five seconds to end in order. */
const STOP_WITHIN_MS = 8_000;

/** Starts a command, beside a keeper that ends it with squall whatever ends that. */
export const startCommand = (settings: CommandSettings, options: SutOptions): SystemUnderTest => {
  const keeper = startChild<ToKeeper, FromKeeper>(entryBeside('./keeper-main', import.meta.url), {
    killAfterMs: STOP_WITHIN_MS,
    isKeeper: true,
  });
  const output = watchOutput(settings.ready.log);
  const words = createLastWords();
  const exit = Promise.withResolvers<SutExit>();
  const stopping = new AbortController();

  keeper.onMessage((message) => {
    if (message.type === 'line') {
      words.add(`${message.line.text}\n`);
      output.add(message.line);
      options.onOutput(message.line);
      return;
    }
    const told = words.text();
    exit.resolve({ text: `the command ${message.text}${told === '' ? '' : `: ${told}`}`, signal: message.signal });
  });
  void keeper.exited.then(({ text, signal }) => exit.resolve({ text: `the command's keeper ${text}`, signal }));
  void exit.promise.then(({ text }) =>
    stopping.abort(new SquallError('SUT_FAILED', `The system under test is not there: ${text}, before it was ready.`)),
  );

  const start = async () => {
    const [http, grpc] = [await freePort(settings.port ?? options.port), await freePort()];
    const given = { ...options.environment(), HOST: '127.0.0.1', PORT: String(http), GRPC_PORT: String(grpc) };
    stopping.signal.throwIfAborted();
    keeper.send({
      type: 'start',
      command: settings.command,
      cwd: settings.cwd,
      environment: mergeEnvironment(given, settings.env),
    });
    const doors = { http: `http://127.0.0.1:${http}`, grpc: `http://127.0.0.1:${grpc}` };
    const isOverGrpc = options.transport === 'grpc';
    const { path: _, ...ready } = settings.ready;
    await Promise.all([
      output.seen(stopping.signal, settings.ready.within),
      untilAnswering({
        title: `The command "${settings.command}"`,
        origin: doors[options.transport],
        // A path is asked for over HTTP.
        ready: isOverGrpc ? ready : settings.ready,
        signal: stopping.signal,
        lastWords: words.text,
      }),
    ]);
    options.onEvent(`the command answers at ${doors[options.transport]}`);
    return doors;
  };

  return {
    ready: quietly(start()),
    exited: exit.promise,
    async stop() {
      stopping.abort(new Error('The run has ended.'));
      keeper.send({ type: 'stop' });
      await keeper.stop();
    },
  };
};
