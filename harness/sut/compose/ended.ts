import { setTimeout as sleep } from 'node:timers/promises';
import type { LogLines } from '../../containers/log-lines.ts';
import { type EngineContainer, loadTestcontainers } from '../../containers/testcontainers.ts';

const TOLD_LINES = 3;
/** What an ended container printed comes from the engine. */
const OUTPUT_WITHIN_MS = 2_000;

/** What a service printed last, on one line; empty for nothing. */
export const wordsOf = (log: LogLines): string => log.last(TOLD_LINES).join(' / ');

/** How a service ended, in words. */
export const endOf = (service: string, code: number, words: string): string =>
  `the service ${service} ended with code ${code}: ${words || 'it printed nothing'}`;

/**
 * Why a service has no container that runs: testcontainers tells of no others.
 * @param label that its container bears
 * @param listen begins to hear what a container printed
 */
export const whyNone = async (
  service: string,
  label: readonly string[],
  listen: (container: EngineContainer) => Promise<LogLines>,
): Promise<string> => {
  const { getContainerRuntimeClient } = await loadTestcontainers();
  const { container: client } = await getContainerRuntimeClient();
  const [found] = await client.dockerode.listContainers({ all: true, filters: { label: [...label] } });
  if (!found) return `Compose has started no container for the service ${service}.`;
  const ended = client.getById(found.Id);
  const log = await listen(ended);
  await Promise.race([log.told(), sleep(OUTPUT_WITHIN_MS, undefined, { ref: false })]);
  const { State } = await ended.inspect();
  return `The system under test is not there: ${endOf(service, State.ExitCode, wordsOf(log))}, before it was ready.`;
};
