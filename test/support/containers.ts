import { spawnSync } from 'node:child_process';
import { askEngine, engineStatus } from '../../harness/containers/engine.ts';
import { labels } from '../../harness/containers/owner.ts';

/** Images that scripts/build-test-images.sh builds. */
export const testImages = {
  busybox: 'busybox:1',
  node: 'node:24',
  distroless: 'squall-test/distroless-node:24',
  redis: 'redis:8',
  postgres: 'postgres:17',
  nats: 'nats:2',
  localstack: 'localstack/localstack:4.14.0',
} as const;

export type TestImage = keyof typeof testImages;

const ask = async (method: string, path: string) => {
  const engine = await engineStatus();
  if (!engine.available) throw new Error(engine.reason);
  return askEngine(engine.address, method, path, 20_000);
};

/** Why tests that need these images can't run here; `undefined` when they can. For `describe.skipIf`, and the name of what is skipped. */
export const missingForContainers = async (...images: readonly TestImage[]): Promise<string | undefined> => {
  const engine = await engineStatus();
  if (!engine.available) return engine.reason;
  const absent: string[] = [];
  for (const name of images)
    if ((await ask('GET', `/images/${testImages[name]}/json`)).status !== 200) absent.push(testImages[name]);
  return absent.length === 0 ? undefined : `no image ${absent.join(', ')}: scripts/build-test-images.sh builds it`;
};

/** Why Compose files can't be tested here; `undefined` when they can. */
export const missingForCompose = (): string | undefined => {
  const programs = [
    ['docker', 'compose', 'version'],
    ['docker-compose', 'version'],
  ];
  return programs.some(([command, ...args]) => spawnSync(command!, args).status === 0) ? undefined : 'no docker compose';
};

/** The containers and networks on the engine that bear a run's label, by what they are. */
export const leftBehind = (runId: string): Promise<readonly string[]> => labelled(`${labels.run}=${runId}`);

/** Those of the runs of a process of squall. */
export const leftByProcess = (pid: number): Promise<readonly string[]> => labelled(`${labels.pid}=${pid}`);

/** What Compose has started for the runs of a process of squall: to be asked while they are there, for then it is known which they are. */
export const composedByProcess = async (pid: number): Promise<() => Promise<readonly string[]>> => {
  const runIds = new Set((await withLabel(`${labels.pid}=${pid}`)).map(({ Labels }) => Labels?.[labels.run]));
  const left = [...runIds].map((runId) => () => labelled(`com.docker.compose.project=squall-${runId}`));
  return async () => (await Promise.all(left.map((look) => look()))).flat();
};

interface Found {
  readonly Image?: string;
  readonly Name?: string;
  readonly Labels?: Readonly<Record<string, string>> | null;
}

const withLabel = async (label: string): Promise<readonly Found[]> => {
  const filters = encodeURIComponent(JSON.stringify({ label: [label] }));
  const found = [
    await ask('GET', `/containers/json?all=true&filters=${filters}`),
    await ask('GET', `/networks?filters=${filters}`),
  ];
  return found.flatMap(({ body }) => body as readonly Found[]);
};

const labelled = async (label: string): Promise<readonly string[]> =>
  (await withLabel(label)).map(({ Image, Name }) => Image ?? Name ?? '?');
