import type { FetchHandler } from '../../../../mocks/emulator.ts';
import { handlerContext, handlerIn } from '../../../sut/handler.ts';
import type { SimSut, SutContext } from './simulate.ts';

/** Each import is another module, with state of its own. */
let imports = 0;

/**
 * A user's handler, in the thread whose globals are virtual.
 * @param url its module
 */
export const createUserSut =
  (url: string) =>
  async ({ config }: SutContext): Promise<SimSut> => {
    const context = handlerContext(config);
    Object.assign(process.env, context.env);
    imports += 1;
    const fresh = new URL(url);
    if (imports > 1) fresh.searchParams.set('run', String(imports));
    const handler: FetchHandler = await handlerIn(await import(fresh.href), context, url);
    return { fetch: handler, start: async () => undefined, stop: () => undefined };
  };
