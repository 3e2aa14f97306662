import { SquallError } from '../errors.ts';
import { CONTROL_TOKEN, CONTROL_URL } from './environment.ts';
import type { StandingFault } from './hand.ts';
import { readState, runtimeFolder } from './runtime-folder.ts';
import type { Description } from './up.ts';

/** Emulators that are up, as another process reaches them. */
export interface ControlClient {
  describe(): Promise<Description>;
  /** @throws {SquallError} `BAD_FLAG` with what is wrong with the fault */
  addFault(entry: Readonly<Record<string, unknown>>): Promise<StandingFault>;
  listFaults(): Promise<readonly StandingFault[]>;
  /** @throws {SquallError} `NOT_FOUND` */
  removeFault(name: string): Promise<void>;
  /** Asks them to stop; they do so a moment later. */
  stop(): Promise<void>;
}

/** On loopback an answer takes milliseconds. */
const ANSWER_WITHIN_MS = 10_000;

const NONE_UP = 'No emulators are up.';
const HOW = 'Put them up with `squall up`, or with `eval "$(squall up --env)"` for this shell.';

/** What can't be reached: said by whoever asked. */
export class Unreachable extends SquallError {
  constructor(message: string = NONE_UP) {
    super('NOT_FOUND', message, HOW);
  }
}

/** @param control where, and the token */
export const createControlClient = ({ url, token }: { readonly url: string; readonly token: string }): ControlClient => {
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    let response: Response;
    try {
      response = await fetch(new URL(path, url), {
        method,
        headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch {
      throw new Unreachable(`${NONE_UP} Nothing answers at ${url}.`);
    }
    if (response.status === 401) throw new Unreachable(`What answers at ${url} are not the emulators that this token is for.`);
    if (response.status === 204) return undefined;
    const answer = (await response.json()) as { readonly error?: string; readonly remedy?: string };
    if (response.ok) return answer;
    throw new SquallError(
      response.status === 404 ? 'NOT_FOUND' : 'BAD_FLAG',
      answer.error ?? `answered ${response.status}`,
      answer.remedy,
    );
  };

  return {
    describe: async () => (await ask('GET', '/endpoints')) as Description,
    addFault: async (entry) => (await ask('POST', '/faults', entry)) as StandingFault,
    listFaults: async () => ((await ask('GET', '/faults')) as { faults: readonly StandingFault[] }).faults,
    removeFault: async (name) => void (await ask('DELETE', `/faults/${encodeURIComponent(name)}`)),
    stop: async () => void (await ask('POST', '/stop')),
  };
};

/**
 * The emulators that this shell was set up for by `--env`, else those that are up.
 * @throws {Unreachable} when there are none
 */
export const findEmulators = (): ControlClient => {
  const { [CONTROL_URL]: url, [CONTROL_TOKEN]: token } = process.env;
  if (url && token) return createControlClient({ url, token });
  const control = readState(runtimeFolder())?.control;
  if (!control) throw new Unreachable();
  return createControlClient(control);
};

/** What is up for this user, `undefined` when nothing is. */
export const findUp = async (): Promise<Description | undefined> => {
  const control = readState(runtimeFolder())?.control;
  if (!control) return undefined;
  try {
    return await createControlClient(control).describe();
  } catch (error) {
    if (error instanceof Unreachable) return undefined;
    throw error;
  }
};
