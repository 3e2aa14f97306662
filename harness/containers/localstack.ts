import type { ContainerSpec } from './spec.ts';
import type { ContainerKind } from './start.ts';

/** LocalStack's one port: all services. */
export const LOCALSTACK_PORT = 4566;
/** The newest release that starts without a token: from 23 March 2026 on LocalStack asks for one. */
export const DEFAULT_LOCALSTACK_IMAGE = 'localstack/localstack:4.14.0';

/** LocalStack takes five seconds on an idle machine, and a minute on a busy one. */
const STARTUP_TIMEOUT_MS = 120_000;

export interface LocalStackSettings {
  /** Name and tag; default `DEFAULT_LOCALSTACK_IMAGE`. */
  readonly image?: string;
  /** AWS services as LocalStack calls them, e.g. `s3`; others are refused. */
  readonly services: readonly string[];
  /** For images that ask for one. Secret: it goes into the container's environment and nowhere else. */
  readonly authToken?: string;
  /** More of LocalStack's own settings. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** LocalStack as a container; to be started with `localStackKind`. */
export const localStackSpec = ({
  image = DEFAULT_LOCALSTACK_IMAGE,
  services,
  authToken,
  environment,
}: LocalStackSettings): ContainerSpec => ({
  image,
  ports: [LOCALSTACK_PORT],
  environment: {
    SERVICES: services.join(','),
    // A service that is loaded at its first call takes seconds for it, which a run would measure.
    EAGER_SERVICE_LOADING: '1',
    // A queue's URL names the host and port by which it was asked for: callers come by a link, whose port is not LocalStack's.
    SQS_ENDPOINT_STRATEGY: 'dynamic',
    ...(authToken === undefined ? {} : { LOCALSTACK_AUTH_TOKEN: authToken }),
    ...environment,
  },
  readyWhen: { type: 'log', pattern: /Ready/ },
  startupTimeoutMs: STARTUP_TIMEOUT_MS,
});

/** LocalStack's class of testcontainers. */
export const localStackKind = async (): Promise<ContainerKind> => {
  // It asks for testcontainers' reaper, whose image can't be pulled here; squall's removes the container.
  process.env.TESTCONTAINERS_RYUK_DISABLED ??= 'true';
  return (await import('@testcontainers/localstack')).LocalstackContainer;
};
