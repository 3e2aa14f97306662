import type { ControlCommand, UsageReport } from '../../../mocks/control.ts';
import type { EmulatorConfig, ProviderName } from '../../../mocks/emulator.ts';
import { entryBeside } from '../../entry.ts';
import type { IdentitySource } from '../../tls/part-identity.ts';
import { type Child, type ChildExit, startChild } from './child.ts';
import type { EndpointOrigin, FromEmulator, ToEmulator } from './protocol.ts';
import { quietly, untilReady } from './until-ready.ts';

/** A provider's emulator in a process of its own. */
export interface EmulatorProcess {
  readonly provider: ProviderName;
  /**
   * Where its endpoints listen, once all do.
   * Rejects with a SquallError `EMULATOR_FAILED` when the process can't serve.
   */
  readonly ready: Promise<readonly EndpointOrigin[]>;
  /** Rejects when the emulator refuses the command, is gone, or does not answer. */
  control(command: ControlCommand): Promise<void>;
  /** Rejects when the emulator is gone, or does not answer. */
  usage(): Promise<readonly UsageReport[]>;
  readonly exited: Promise<ChildExit>;
  stop(): Promise<void>;
}

/** An emulator answers within milliseconds, a busy one within a second; one that is stopped or hangs never does. */
const ANSWER_WITHIN_MS = 5_000;

type Done = Extract<FromEmulator, { type: 'done' }>;

/**
 * @param entry the process's module; tests bring their own
 * @param onEvent told in words of what happens to the endpoints' capacity
 * @param onSecrets told of credentials and tokens that it hands out
 * @param identity what it proves itself by; plain HTTP when left out
 */
export const startEmulator = (
  config: EmulatorConfig,
  entry: URL = entryBeside('./emulator-main', import.meta.url),
  onEvent: (text: string) => void = () => undefined,
  onSecrets: (secrets: readonly string[]) => void = () => undefined,
  identity?: IdentitySource,
): EmulatorProcess => {
  const child = startChild<ToEmulator, FromEmulator>(entry, { identity });
  const ready = untilReady(child, `The ${config.provider} emulator`, 'EMULATOR_FAILED');
  child.send({ type: 'start', config });
  const ask = createAsker(child);
  child.onMessage((message) => {
    if (message.type === 'event') onEvent(message.text);
    if (message.type === 'secrets') onSecrets(message.secrets);
  });
  return {
    provider: config.provider,
    ready: quietly(ready.then(({ endpoints }) => endpoints)),
    async control(command) {
      await ask((id) => ({ type: 'control', id, command }));
    },
    usage: async () => (await ask((id) => ({ type: 'usage', id }))).usage ?? [],
    exited: child.exited,
    stop: child.stop,
  };
};

/** Questions and answers over the child's messages, matched by number. */
const createAsker = (child: Child<ToEmulator, FromEmulator>) => {
  const open = new Map<number, PromiseWithResolvers<Done>>();
  let asked = 0;
  let gone: Error | undefined;

  child.onMessage((message) => {
    if (!('id' in message)) return;
    const question = open.get(message.id);
    open.delete(message.id);
    if (message.type === 'done') question?.resolve(message);
    else question?.reject(new Error(message.text));
  });
  void child.exited.then(({ text }) => {
    gone = new Error(text);
    for (const question of open.values()) question.reject(gone);
    open.clear();
  });

  return (toMessage: (id: number) => ToEmulator): Promise<Done> => {
    if (gone) return Promise.reject(gone);
    const id = asked++;
    const question = Promise.withResolvers<Done>();
    open.set(id, question);
    const timer = setTimeout(() => {
      open.delete(id);
      question.reject(new Error(`the emulator did not answer within ${ANSWER_WITHIN_MS / 1000} s`));
    }, ANSWER_WITHIN_MS);
    child.send(toMessage(id));
    return question.promise.finally(() => clearTimeout(timer));
  };
};
