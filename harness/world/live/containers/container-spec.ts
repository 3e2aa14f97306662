import { LOCALSTACK_PORT, localStackKind, localStackSpec } from '../../../containers/localstack.ts';
import type { ContainerSpec, ReadyWhen } from '../../../containers/spec.ts';
import type { ContainerKind } from '../../../containers/start.ts';
import type { ScenarioContainer } from '../../../scenario/scenario.ts';

/** What is to be started for a scenario's container. */
export interface StartedAs {
  readonly spec: ContainerSpec;
  readonly loadKind?: () => Promise<ContainerKind>;
  /** Inside of it. */
  readonly port: number;
}

type ImageSource = Extract<ScenarioContainer['source'], { readonly type: 'image' }>;

const readyWhen = ({ ready, port }: ImageSource): { readonly readyWhen?: ReadyWhen } => {
  if (ready.log !== undefined) return { readyWhen: { type: 'log', pattern: new RegExp(ready.log) } };
  if (ready.path !== undefined) return { readyWhen: { type: 'http', port, path: ready.path } };
  return {};
};

/** @returns undefined for what runs already */
export const startedAs = ({ name, source, awsServices }: ScenarioContainer): StartedAs | undefined => {
  if (source.type === 'url') return undefined;
  if (source.type === 'localstack') {
    const authToken = process.env.LOCALSTACK_AUTH_TOKEN;
    const spec = localStackSpec({
      services: awsServices,
      environment: source.environment,
      ...(source.image === undefined ? {} : { image: source.image }),
      ...(authToken ? { authToken } : {}),
    });
    return { spec: { ...spec, ...source.limits, name }, loadKind: localStackKind, port: LOCALSTACK_PORT };
  }
  const { image, port, command, environment, ready, limits } = source;
  const spec: ContainerSpec = {
    image,
    name,
    ports: [port],
    environment,
    ...(command ? { command } : {}),
    ...(ready.withinMs === undefined ? {} : { startupTimeoutMs: ready.withinMs }),
    ...readyWhen(source),
    settings: { port: `topology.containers.${name}.port`, ready: `topology.containers.${name}.ready` },
    ...limits,
  };
  return { spec, port };
};
