import { entryBeside } from '../entry.ts';
import { startChild } from '../world/live/child.ts';
import type { FromGateway, ToGateway } from '../world/live/protocol.ts';
import { quietly, untilReady } from '../world/live/until-ready.ts';
import type { SutOptions, SystemUnderTest } from './sut.ts';

/**
 * The reference serving stack, in a process of its own.
 * @param entry the process's module; tests bring their own
 */
export const startReference = (
  { config, port = 0, onEvent }: SutOptions,
  entry: URL = entryBeside('../world/live/gateway-main', import.meta.url),
): SystemUnderTest => {
  const child = startChild<ToGateway, FromGateway>(entry);
  const ready = untilReady(child, 'The gateway', 'GATEWAY_FAILED').then(({ origin }) => origin);
  child.onMessage((message) => {
    if (message.type === 'event') onEvent(message.text);
  });
  child.send({ type: 'start', config, port });
  return {
    ready: quietly(ready),
    exited: child.exited.then(({ text, signal }) => ({ text: `the gateway ${text}`, signal })),
    stop: child.stop,
  };
};
