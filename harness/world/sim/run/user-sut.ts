import type { FetchHandler } from '../../../../mocks/emulator.ts';
import { SquallError } from '../../../errors.ts';
import { handlerContext, handlerIn } from '../../../sut/handler.ts';
import type { SimSut, SutContext } from './simulate.ts';

const load = async (url: string): Promise<object> => {
  try {
    return await import(url);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SquallError('BAD_FLAG', `${url} can't be loaded: ${reason}.`, 'Name a module that Node can import.');
  }
};

/**
 * A user's handler, in the thread whose globals are virtual. A thread of its own for each run: its modules keep state.
 * @param url its module
 */
export const createUserSut =
  (url: string) =>
  async ({ config, hold }: SutContext): Promise<SimSut> => {
    const context = handlerContext(config);
    Object.assign(process.env, context.env);
    const handler: FetchHandler = await hold(load(url).then((module) => handlerIn(module, context, url)));
    return { fetch: handler, start: async () => undefined, stop: () => undefined };
  };
