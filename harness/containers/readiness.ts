import { setTimeout as sleep } from 'node:timers/promises';
import type { WaitStrategy } from 'testcontainers';
import { SquallError } from '../errors.ts';
import { untilHttpServes } from './http-serves.ts';
import { exposedElsewhere } from './image.ts';
import { followContainer, type LogLines } from './log-lines.ts';
import { untilPortsServe } from './ports-serve.ts';
import { containerProblem } from './problem.ts';
import { type ContainerSpec, DEFAULT_STARTUP_TIMEOUT_MS, type ReadyWhen } from './spec.ts';
import type { EngineContainer, Testcontainers } from './testcontainers.ts';

const TOLD_LINES = 8;
/** What a container printed last may come later than the news of its end. */
const OUTPUT_WITHIN_MS = 2_000;
/** How it ended says more than the check that failed by it, and comes a little later. */
const END_WITHIN_MS = 3_000;

/** What testcontainers has for a way to be ready. */
const strategyFor = ({ Wait }: Testcontainers, readyWhen: ReadyWhen): WaitStrategy => {
  switch (readyWhen.type) {
    case 'port':
      return untilPortsServe();
    case 'http':
      return untilHttpServes(readyWhen.port, readyWhen.path, readyWhen.status ?? 200);
    case 'log':
      return Wait.forLogMessage(readyWhen.pattern, readyWhen.times ?? 1);
    case 'healthy':
      return Wait.forHealthCheck();
  }
};

const WORDS: Record<ReadyWhen['type'], (readyWhen: never, ports: readonly number[]) => string> = {
  port: (_, ports) => `a connection to be taken at port ${ports.join(' and at port ')}, inside of it`,
  http: ({ path, port, status = 200 }: Extract<ReadyWhen, { type: 'http' }>) => `status ${status} at ${path} on port ${port}`,
  log: ({ pattern }: Extract<ReadyWhen, { type: 'log' }>) => `a line that matches ${pattern}`,
  healthy: () => "the image's health check to succeed",
};

/** Kinds of being ready that are about a port: it may be the wrong one. */
const IS_ABOUT_A_PORT: readonly ReadyWhen['type'][] = ['port', 'http'];

const remedyOf = ({ settings }: ContainerSpec, { type }: ReadyWhen): string | undefined => {
  if (!settings) return undefined;
  const { port, ready } = settings;
  return IS_ABOUT_A_PORT.includes(type)
    ? `${port} names the port at which it listens, on all addresses; ${ready} what is waited for, and for how long.`
    : `${ready} says what is waited for, and for how long.`;
};

const withLines = (log: LogLines): string => {
  const lines = log.last(TOLD_LINES).filter((line) => line !== '');
  return lines.length === 0 ? 'It printed nothing.' : `It printed last:\n${lines.map((line) => `  ${line}`).join('\n')}`;
};

/**
 * Rejects when a container has ended, with what it printed, until the signal is aborted; never resolves.
 * @param condition `next-exit` for one that is not started yet
 */
export const untilEnded = async (
  container: EngineContainer,
  condition: 'not-running' | 'next-exit',
  log: LogLines,
  image: string,
  signal: AbortSignal,
): Promise<never> => {
  const { StatusCode } = await container.wait({ condition, abortSignal: signal });
  // It may have ended before anyone followed what it prints.
  if (log.last(1).length === 0) await followContainer(log, container);
  await Promise.race([log.told(), sleep(OUTPUT_WITHIN_MS, undefined, { ref: false })]);
  throw new SquallError(
    'CONTAINER_FAILED',
    `The container ${image} ended with code ${StatusCode} before it was ready. ${withLines(log)}`,
  );
};

/**
 * Waits as testcontainers does, but not for a container that has ended meanwhile, and says what the container printed when it takes too long.
 * @param readyWhen the image's health check or its ports where the spec says nothing
 */
export const readinessOf = (
  testcontainers: Testcontainers,
  spec: ContainerSpec,
  readyWhen: ReadyWhen,
  log: LogLines,
): WaitStrategy => {
  const timeoutMs = spec.startupTimeoutMs ?? DEFAULT_STARTUP_TIMEOUT_MS;
  const inner = strategyFor(testcontainers, readyWhen).withStartupTimeout(timeoutMs);
  const strategy: WaitStrategy = {
    async waitUntilReady(container, boundPorts, startTime) {
      const done = new AbortController();
      const began = performance.now();
      const ended = untilEnded(container, 'not-running', log, spec.image, done.signal);
      const ready = inner.waitUntilReady(container, boundPorts, startTime).catch(async (error: unknown) => {
        if (performance.now() - began < timeoutMs) {
          // A check fails at once in a container that has ended.
          await Promise.race([ended, sleep(END_WITHIN_MS)]);
          throw containerProblem(`The container ${spec.image} can't be waited for`, error);
        }
        const awaited = WORDS[readyWhen.type](readyWhen as never, spec.ports ?? []);
        const waited = `The container ${spec.image} was not ready within ${timeoutMs / 1000} s: squall waited for ${awaited}.`;
        const exposed = IS_ABOUT_A_PORT.includes(readyWhen.type) ? await exposedElsewhere(spec.image, spec.ports ?? []) : '';
        const words = [waited, exposed, withLines(log)].filter((sentence) => sentence !== '');
        throw new SquallError('CONTAINER_FAILED', words.join(' '), remedyOf(spec, readyWhen));
      });
      // Whichever loses says so later, to nobody.
      ready.catch(() => undefined);
      ended.catch(() => undefined);
      try {
        await Promise.race([ready, ended]);
      } finally {
        done.abort();
      }
    },
    withStartupTimeout: () => strategy,
    isStartupTimeoutSet: () => true,
    getStartupTimeout: () => timeoutMs,
  };
  return strategy;
};
