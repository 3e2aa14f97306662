import type { FetchHandler } from '../../../mocks/emulator.ts';
import { createRegistryApi } from './api.ts';
import { flipMiddle } from './flip.ts';
import { type RegistryLife, type RegistryNodeConfig, type RegistryNodeDependencies, startLife } from './life.ts';
import { refuse } from './problem.ts';
import type { RegistryStore } from './store.ts';
import { tamperWith } from './tamper.ts';

/** What a fault can do to a node. Plain data. */
export type RegistryCommand =
  /** The disk goes bad: it flips bits of every artifact that is stored now, and of those that are written until it is told off. */
  | { readonly type: 'corrupt-artifacts'; readonly isOn: boolean }
  /** The node loses all that it has stored, and starts anew. */
  | { readonly type: 'erase' }
  /** Whoever has the disk puts other bytes in place of every artifact, and their digests in place of the right ones. */
  | { readonly type: 'tamper-artifacts' }
  /** A replica answers, and applies nothing of what the leader sends; false lets it go on. */
  | { readonly type: 'hold'; readonly isHeld: boolean };

/** One node of the registry. */
export interface RegistryNode {
  readonly fetch: FetchHandler;
  /** Reads what it has stored, and begins to take part. */
  start(): Promise<void>;
  /** Ends every timer and call. What is stored stays. */
  stop(): void;
  control(command: RegistryCommand): Promise<void>;
  /** Digests of what was put in the place of artifacts. */
  readonly tampered: readonly string[];
  /** Whether it leads, and may acknowledge what it takes. */
  mayWrite(): boolean;
}

export const createRegistryNode = (config: RegistryNodeConfig, dependencies: RegistryNodeDependencies): RegistryNode => {
  let life: RegistryLife | undefined;
  let isHeld = false;
  let isDiskBad = false;
  const tampered: string[] = [];
  const store: RegistryStore = {
    ...dependencies.store,
    writeArtifact: (digest, bytes) => dependencies.store.writeArtifact(digest, isDiskBad ? flipMiddle(bytes) : bytes),
  };

  const start = async () => {
    life = await startLife(config, { ...dependencies, store }, () => isHeld);
  };
  const stop = () => {
    life?.stop();
    life = undefined;
  };

  /** What each command does. */
  const control = async (command: RegistryCommand): Promise<void> => {
    switch (command.type) {
      case 'corrupt-artifacts':
        isDiskBad = command.isOn;
        for (const digest of command.isOn ? await store.listArtifacts() : []) {
          const bytes = await store.readArtifact(digest);
          if (bytes) await store.writeArtifact(digest, bytes);
        }
        return;
      case 'erase':
        stop();
        await store.erase();
        return start();
      case 'tamper-artifacts':
        stop();
        tampered.push(...(await tamperWith(dependencies.store)));
        return start();
      case 'hold':
        isHeld = command.isHeld;
    }
  };

  const answer = createRegistryApi(config.token);
  return {
    fetch: async (request) =>
      life ? answer(request, life) : refuse({ kind: 'unavailable', detail: 'The replica is starting.' }),
    start,
    stop,
    control,
    tampered,
    mayWrite: () => life?.leadership.mayWrite() ?? false,
  };
};
