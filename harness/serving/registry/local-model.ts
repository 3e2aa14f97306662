import type { ModelRuntime } from '../../../mocks/models/runtime.ts';
import type { Announce } from '../announce.ts';
import type { DegradeRung, GatewayConfig } from '../config.ts';
import { envelopeOf } from '../encryption/stack-envelope.ts';
import { createModelSource } from './model-source.ts';
import { LOCAL_MODEL, nearestToGateway } from './settings.ts';

/** The model that the stack runs itself: as the registry has it where there is one, else as it ships. */
export interface LocalModel {
  readonly models: ModelRuntime;
  /** Version that the rung predicts with; empty where nobody counts. */
  versionOf(rung: DegradeRung): string;
  /** Begins to follow the registry. */
  start(): void;
}

export const createLocalModel = (
  { nodes, design, keys }: GatewayConfig,
  models: ModelRuntime,
  announce: Announce,
  stopped: AbortSignal,
): LocalModel => {
  const replicas = nearestToGateway(nodes);
  const { files } = models;
  if (replicas.length === 0 || !files) return { models, versionOf: () => '', start: () => undefined };
  const source = createModelSource({
    ...LOCAL_MODEL,
    nodes: replicas,
    policy: design.registry,
    envelope: envelopeOf({ design, ...(keys ? { keys } : {}) }),
    files,
    announce,
    stopped,
  });
  return {
    models: {
      ...models,
      async predict(model, rows) {
        const predicted = model === LOCAL_MODEL.model ? await source.predict(rows) : null;
        return predicted ?? models.predict(model, rows);
      },
    },
    versionOf: (rung) => (rung === 'fallback-model' ? source.version : ''),
    start: source.start,
  };
};
