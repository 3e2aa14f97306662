import { runChild } from '../world/live/child-main.ts';
import { mount } from '../world/live/mount.ts';
import { handlerContext, handlerIn, loadHandlerModule } from './handler.ts';
import type { FromHandler, ToHandler } from './handler-protocol.ts';

/** Entry of the process of a user's handler. */
runChild<ToHandler, FromHandler>(async ({ module, title, config, environment, port }, send) => {
  Object.assign(process.env, environment);
  const context = { ...handlerContext(config), env: environment };
  const handler = await handlerIn(await loadHandlerModule(module, title), context, title);
  const { origin } = await mount(handler, { port });
  send({ type: 'ready', origin });
});
