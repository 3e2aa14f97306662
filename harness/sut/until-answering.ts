import { setTimeout as pause } from 'node:timers/promises';
import { SquallError } from '../errors.ts';
import { connectionStays } from '../wire/connection-stays.ts';
import type { Readiness } from './settings.ts';

const EVERY_MS = 50;
/** One look may not take longer. */
const LOOK_MS = 2_000;

export interface AnsweringOptions {
  /** What it is, as a sentence begins with it; left out where somebody else has started it, and it is known by its origin alone. */
  readonly title?: string;
  /** E.g. `http://127.0.0.1:8080`. */
  readonly origin: string;
  /** The port of a container that is published there, where it is in one. */
  readonly insidePort?: number;
  readonly ready: Readiness;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
  /** A sentence on what may be the reason when nobody answers; empty for none. */
  readonly hint?: () => Promise<string>;
  /** What it printed last, for the error. */
  readonly lastWords?: () => string;
}

const ALREADY_RUNNING =
  'Start it before the run; `squall env <scenario>` tells it its links. `ready.path` and `ready.within` of squall.config.ts say what is asked, and for how long.';
const ON_THIS_MACHINE =
  'It has to listen on the port in its variable PORT, on 127.0.0.1; `port`, `ready.path` and `ready.within` of squall.config.ts say otherwise.';
const IN_A_CONTAINER =
  'It has to listen on the port in its variable PORT, on all addresses; `containerPort`, `ready.path` and `ready.within` of squall.config.ts say otherwise.';

/** What was wrong at the last look; undefined when nothing was. */
const look = async (origin: string, path: string | undefined): Promise<string | undefined> => {
  const url = new URL(origin);
  if (path === undefined) {
    const address = {
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: Number(url.port || (url.protocol === 'https:' ? 443 : 80)),
    };
    return (await connectionStays(address)) ? undefined : 'no connection is taken there';
  }
  try {
    const response = await fetch(new URL(path, url), { signal: AbortSignal.timeout(LOOK_MS), redirect: 'manual' });
    await response.body?.cancel();
    return response.ok ? undefined : `GET ${path} answered ${response.status}`;
  } catch {
    return `GET ${path} was not answered`;
  }
};

/**
 * Waits until a system under test answers.
 * @throws {SquallError} `SUT_FAILED` when it takes too long; the signal's reason when that is aborted
 */
export const untilAnswering = async ({
  title,
  origin,
  insidePort,
  ready,
  signal,
  hint,
  lastWords,
}: AnsweringOptions): Promise<void> => {
  const deadlineMs = performance.now() + ready.within;
  for (;;) {
    signal.throwIfAborted();
    const problem = await look(origin, ready.path);
    if (problem === undefined) return;
    if (performance.now() >= deadlineMs) {
      const told = lastWords?.() ?? '';
      const more = [(await hint?.()) ?? '', told === '' ? '' : `It printed: ${told}`].filter((sentence) => sentence !== '');
      const where = insidePort === undefined ? origin : `its port ${insidePort} (${origin})`;
      const withinS = ready.within / 1000;
      const what =
        title === undefined
          ? `Nobody is ready at ${origin}: squall asked for ${withinS} s, and ${problem}.`
          : `${title} was not ready at ${where} within ${withinS} s: ${problem}.`;
      const remedy = title === undefined ? ALREADY_RUNNING : insidePort === undefined ? ON_THIS_MACHINE : IN_A_CONTAINER;
      throw new SquallError('SUT_FAILED', [what, ...more].join(' '), remedy);
    }
    // What it throws when it is aborted is not the reason.
    await pause(EVERY_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
};
