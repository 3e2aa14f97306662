import { format } from 'node:util';
import type { FetchHandler } from '../../../../mocks/emulator.ts';
import { handlerContext, handlerIn, loadHandlerModule } from '../../../sut/handler.ts';
import type { OutputLine } from '../../../sut/sut.ts';
import type { SimSut, SutContext } from './simulate.ts';

/** What goes to standard error, as Node's console has it. */
const METHODS = { log: 'out', info: 'out', debug: 'out', warn: 'err', error: 'err' } as const satisfies Readonly<
  Record<string, OutputLine['stream']>
>;

/** What the thread prints is the system's own output, with virtual times. */
const hearConsole = (onOutput: (line: OutputLine) => void): void => {
  for (const [method, stream] of Object.entries(METHODS)) {
    console[method as keyof typeof METHODS] = (...parts: readonly unknown[]) => {
      for (const text of format(...parts).split('\n')) onOutput({ stream, text });
    };
  }
};

/**
 * A user's handler, in the thread whose globals are virtual. A thread of its own for each run: its modules keep state.
 * @param url its module
 */
export const createUserSut =
  (url: string) =>
  async ({ config, environment, onOutput, hold }: SutContext): Promise<SimSut> => {
    const context = { ...handlerContext(config), env: environment() };
    Object.assign(process.env, context.env);
    hearConsole(onOutput);
    const handler: FetchHandler = await hold(loadHandlerModule(url, url).then((module) => handlerIn(module, context, url)));
    return { fetch: handler, start: async () => undefined, stop: () => undefined };
  };
