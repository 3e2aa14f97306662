import type { FetchHandler } from '../../../../mocks/emulator.ts';
import { handlerContext, handlerIn, loadHandlerModule } from '../../../sut/handler.ts';
import type { SimSut, SutContext } from './simulate.ts';

/**
 * A user's handler, in the thread whose globals are virtual. A thread of its own for each run: its modules keep state.
 * @param url its module
 */
export const createUserSut =
  (url: string) =>
  async ({ config, hold }: SutContext): Promise<SimSut> => {
    const context = handlerContext(config);
    Object.assign(process.env, context.env);
    const handler: FetchHandler = await hold(loadHandlerModule(url, url).then((module) => handlerIn(module, context, url)));
    return { fetch: handler, start: async () => undefined, stop: () => undefined };
  };
