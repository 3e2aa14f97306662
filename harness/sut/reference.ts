import { entryBeside } from '../entry.ts';
import { startChild } from '../world/live/child.ts';
import type { FromGateway, ToGateway } from '../world/live/protocol.ts';
import { quietly, untilReady } from '../world/live/until-ready.ts';
import { type ChosenSut, LOOPBACK_REACH, type ReferenceOptions, type SystemUnderTest } from './sut.ts';

const LAST_PORT = 65_535;

/** For the door beside one that was given a port; 0 takes a free one. */
const portAfter = (port: number): number => (port === 0 || port === LAST_PORT ? 0 : port + 1);

/**
 * The reference serving stack, in a process of its own.
 * @param entry the process's module; tests bring their own
 */
export const startReference = (
  { config, names, port = 0, identity, onEvent }: ReferenceOptions,
  entry: URL = entryBeside('../world/live/gateway-main', import.meta.url),
): SystemUnderTest => {
  const child = startChild<ToGateway, FromGateway>(entry, { identity });
  const ready = untilReady(child, 'The gateway', 'GATEWAY_FAILED').then(({ doors }) => doors);
  child.onMessage((message) => {
    if (message.type === 'event') onEvent(message.text);
  });
  if (names) {
    child.send({ type: 'names', table: names.table });
    void child.exited.then(names.watch((table) => child.send({ type: 'names', table })));
  }
  child.send({ type: 'start', config, ports: { http: port, grpc: portAfter(port) } });
  return {
    ready: quietly(ready),
    exited: child.exited.then(({ text, signal }) => ({ text: `the gateway ${text}`, signal })),
    stop: child.stop,
  };
};

/** What is tested when nothing else is named. Its own clients trust no authority but the public ones, so that it calls every link in plain HTTP. */
export const referenceSut: ChosenSut = {
  async prepare() {
    return {
      reach: { ...LOOPBACK_REACH, hasTls: false },
      start: (options) => startReference(options),
      close: async () => undefined,
    };
  },
};
