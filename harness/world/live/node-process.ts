import { entryBeside } from '../../entry.ts';
import type { NameTable } from '../../names/names.ts';
import type { NodeCommand, NodeConfig, NodeRecord } from '../../serving/nodes/node.ts';
import type { IdentitySource } from '../../tls/part-identity.ts';
import { type ChildExit, startChild } from './child.ts';
import type { FailedMessage, NamesMessage } from './protocol.ts';
import type { RunGuard } from './run-guard.ts';
import { quietly, untilReady } from './until-ready.ts';

/** What the squall process tells a node's. `listen` comes first, then `start`; that contains secrets. */
export type ToNode =
  | NamesMessage
  | { readonly type: 'listen'; readonly kind: string; readonly port: number; readonly folder: string }
  | { readonly type: 'start'; readonly config: NodeConfig }
  | { readonly type: 'command'; readonly id: number; readonly command: NodeCommand }
  | { readonly type: 'audit'; readonly id: number };

/** What a node's process tells squall's. */
export type FromNode =
  | FailedMessage
  | { readonly type: 'listening'; readonly origin: string; readonly port: number }
  | { readonly type: 'ready' }
  | { readonly type: 'event'; readonly text: string }
  | { readonly type: 'record'; readonly record: NodeRecord }
  /** To the `command` or `audit` of that id. */
  | { readonly type: 'done'; readonly id: number; readonly audit?: unknown }
  | { readonly type: 'refused'; readonly id: number; readonly text: string };

/** A node of the stack in a process of its own. */
export interface NodeProcess {
  /** Where it listens, once it does: it answers 503 until it is started. */
  readonly listening: Promise<{ readonly origin: string; readonly port: number }>;
  /** What names lead to, from now on: before `start`, and with each change. */
  setNames(table: NameTable): void;
  /** Rejects with a SquallError `GATEWAY_FAILED` when it can't. */
  start(config: NodeConfig): Promise<void>;
  /** Rejects when the node refuses the command, is gone, or does not answer. */
  command(command: NodeCommand): Promise<void>;
  audit(): Promise<unknown>;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGSTOP: it does nothing from now on, and keeps what it has. */
  pause(): Promise<void>;
  /** SIGCONT: it goes on where it was. */
  resume(): Promise<void>;
  readonly exited: Promise<ChildExit>;
  stop(): Promise<void>;
}

export interface NodeProcessOptions {
  readonly kind: string;
  /** What it is, as a sentence begins with it. */
  readonly title: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Where its stores are kept. */
  readonly folder: string;
  readonly guard: Pick<RunGuard, 'pause' | 'resume'>;
  /** What it proves itself by; plain HTTP when left out. */
  readonly identity?: IdentitySource | undefined;
  readonly onEvent: (text: string) => void;
  readonly onRecord: (record: NodeRecord) => void;
}

/** A node answers within milliseconds, a busy one within a second; one that is stopped or hangs never does. */
const ANSWER_WITHIN_MS = 5_000;

export const startNode = (
  { kind, title, port, folder, guard, identity, onEvent, onRecord }: NodeProcessOptions,
  entry: URL = entryBeside('./node-main', import.meta.url),
): NodeProcess => {
  const child = startChild<ToNode, FromNode>(entry, { identity });
  const ready = quietly(untilReady(child, title, 'GATEWAY_FAILED'));
  const listening = Promise.withResolvers<{ origin: string; port: number }>();
  const open = new Map<number, PromiseWithResolvers<unknown>>();
  let asked = 0;

  child.onMessage((message) => {
    if (message.type === 'listening') listening.resolve(message);
    if (message.type === 'event') onEvent(message.text);
    if (message.type === 'record') onRecord(message.record);
    if (!('id' in message)) return;
    const question = open.get(message.id);
    open.delete(message.id);
    if (message.type === 'done') question?.resolve(message.audit);
    else question?.reject(new Error(message.text));
  });
  ready.catch(listening.reject);
  void child.exited.then(({ text }) => {
    for (const question of open.values()) question.reject(new Error(`${title} ${text}`));
    open.clear();
  });
  child.send({ type: 'listen', kind, port, folder });

  const ask = (toMessage: (id: number) => ToNode): Promise<unknown> => {
    const id = asked;
    asked += 1;
    const question = Promise.withResolvers<unknown>();
    open.set(id, question);
    const late = () => question.reject(new Error(`${title} did not answer within ${ANSWER_WITHIN_MS / 1000} s`));
    const timer = setTimeout(late, ANSWER_WITHIN_MS);
    child.send(toMessage(id));
    return question.promise.finally(() => {
      clearTimeout(timer);
      open.delete(id);
    });
  };

  return {
    listening: quietly(listening.promise),
    setNames: (table) => child.send({ type: 'names', table }),
    async start(config) {
      child.send({ type: 'start', config });
      await ready;
    },
    async command(command) {
      await ask((id) => ({ type: 'command', id, command }));
    },
    audit: () => ask((id) => ({ type: 'audit', id })),
    async kill() {
      if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL');
      await child.exited;
    },
    async pause() {
      await guard.pause(child.pid!);
    },
    async resume() {
      guard.resume(child.pid!);
    },
    exited: child.exited,
    async stop() {
      guard.resume(child.pid!);
      await child.stop();
    },
  };
};
