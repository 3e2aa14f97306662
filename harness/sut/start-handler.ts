import { entryBeside } from '../entry.ts';
import { createLineSplitter, MAX_OUTPUT_LINE_LENGTH } from '../line-splitter.ts';
import { startChild } from '../world/live/child.ts';
import { quietly, untilReady } from '../world/live/until-ready.ts';
import type { FromHandler, ToHandler } from './handler-protocol.ts';
import { mergeEnvironment } from './settings.ts';
import type { OutputLine, SutOptions, SystemUnderTest } from './sut.ts';

export interface HandlerSettings {
  /** URL of the module. */
  readonly module: string;
  /** As the user wrote it. */
  readonly title: string;
  /** On loopback; left out, a free one. */
  readonly port?: number;
  readonly env: Readonly<Record<string, string | null>>;
}

/** What Node reads of its environment before any module is run. */
const READ_AT_START = ['NODE_EXTRA_CA_CERTS'];

/** A user's handler, in a process of its own. */
export const startHandler = (settings: HandlerSettings, options: SutOptions): SystemUnderTest => {
  const environment = mergeEnvironment(options.environment(), settings.env);
  const splitterOf = (stream: OutputLine['stream']) =>
    createLineSplitter(MAX_OUTPUT_LINE_LENGTH, (text) => options.onOutput({ stream, text }));
  const lines = { out: splitterOf('out'), err: splitterOf('err') };
  const child = startChild<ToHandler, FromHandler>(entryBeside('./handler-main', import.meta.url), {
    env: Object.fromEntries(
      READ_AT_START.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])),
    ),
    onOutput: (stream, chunk) => lines[stream].add(chunk),
  });
  const { port = options.port ?? 0 } = settings;
  child.send({ type: 'start', module: settings.module, title: settings.title, config: options.config, environment, port });
  const ready = untilReady(child, 'The handler', 'SUT_FAILED').then(({ origin }) => {
    options.onEvent(`the handler answers at ${origin}`);
    return { http: origin };
  });
  return {
    ready: quietly(ready),
    exited: child.exited.then(({ text, signal }) => ({ text: `the handler ${text}`, signal })),
    stop: child.stop,
  };
};
