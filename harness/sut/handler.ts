import type { FetchHandler } from '../../mocks/emulator.ts';
import { SquallError } from '../errors.ts';
import type { GatewayConfig, GatewayLink } from '../serving/config.ts';
import { linkEnvironment } from './environment.ts';

/** What a user's handler is told about the world: where the providers are, and how to get in. Contains secrets. */
export interface HandlerContext {
  /** Model that is asked for. */
  readonly model: string;
  /** In order of priority. */
  readonly links: readonly GatewayLink[];
  /** The same as environment variables, which are set in `process.env` too: environment.ts has squall's own; live has those of the clouds' SDKs too. */
  readonly env: Readonly<Record<string, string>>;
}

/** A system under test as a function: `(request, context) => Response`. The second argument may be ignored. */
export type Handler = (request: Request, context: HandlerContext) => Promise<Response> | Response;

export const handlerContext = (config: GatewayConfig): HandlerContext => ({
  model: config.model,
  links: config.links,
  env: linkEnvironment(config),
});

/** What a module may export: a handler, or what makes one for a context. The first that is there counts. */
const HANDLERS = ['default', 'handler', 'fetch'];
const FACTORY = 'createHandler';

/**
 * Finds the handler in a user's module: an export `createHandler(context)`, or a handler as `default`, `handler` or `fetch`; a default export
 * with a method `fetch` will do too.
 * @throws {SquallError} `BAD_FLAG` when there is none
 */
export const handlerIn = async (module: object, context: HandlerContext, path: string): Promise<FetchHandler> => {
  const exports = module as Readonly<Record<string, unknown>>;
  const make = exports[FACTORY];
  const made: unknown = typeof make === 'function' ? await make(context) : undefined;
  const candidates = [made, ...HANDLERS.map((name) => exports[name])].flatMap((candidate) => [
    candidate,
    (candidate as { fetch?: unknown } | undefined)?.fetch,
  ]);
  const handler = candidates.find((candidate) => typeof candidate === 'function') as Handler | undefined;
  if (!handler) {
    throw new SquallError(
      'BAD_FLAG',
      `${path} exports no handler.`,
      'Export a function (request) => Promise<Response> as default, `handler` or `fetch`, or `createHandler(context)` that returns one.',
    );
  }
  return async (request) => handler(request, context);
};

/**
 * @param title as the user named it
 * @throws {SquallError} `BAD_FLAG` for what Node can't import
 */
export const loadHandlerModule = async (url: string, title: string): Promise<object> => {
  try {
    return (await import(url)) as object;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SquallError('BAD_FLAG', `${title} can't be loaded: ${reason}.`, 'Name a module that Node can import.');
  }
};
