import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { SquallError } from '../../errors.ts';
import { ApiError } from './api-error.ts';
import type { Proxies } from './proxies.ts';
import type { ProxyInput } from './proxy-input.ts';

/** The file of Toxiproxy's `-config`: the list that `/populate` takes. */
const configSchema = z.array(
  z.object({
    name: z.string().min(1, 'a proxy needs a name'),
    upstream: z.string().min(1, 'what the proxy stands before, such as localhost:6379'),
    listen: z.string().nullish(),
    enabled: z.boolean().nullish(),
    protocol: z.enum(['tcp', 'http']).nullish(),
  }),
);

const REMEDY = 'It is a list such as [{"name": "redis", "listen": "127.0.0.1:26379", "upstream": "127.0.0.1:6379"}].';

const bad = (file: string, what: string) => new SquallError('BAD_SCENARIO', `${file}: ${what}`, REMEDY);

/** `[1].upstream`, as the document has it. */
const pathText = (path: readonly PropertyKey[]): string =>
  path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');

const readText = async (file: string): Promise<string> => {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new SquallError('NOT_FOUND', `${file} can't be read: ${(error as Error).message}`);
  }
};

/** Proxies of a file. Rejects with a SquallError `NOT_FOUND` or `BAD_SCENARIO` that names file and place. */
export const readConfig = async (file: string): Promise<readonly ProxyInput[]> => {
  const text = await readText(file);
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw bad(file, `no JSON: ${(error as Error).message}`);
  }
  const parsed = configSchema.safeParse(document);
  if (!parsed.success) {
    const places = parsed.error.issues.map(({ path, message }) => [pathText(path), message].filter(Boolean).join(': '));
    throw bad(file, places.join('\n'));
  }
  return parsed.data.map(({ name, upstream, listen, enabled, protocol }) => ({
    name,
    upstream,
    listen: listen ?? '',
    isEnabled: enabled ?? true,
    protocol: protocol ?? 'tcp',
  }));
};

/** Puts a file's proxies up. Rejects with a SquallError that names the one that can't be. */
export const populateFrom = async (file: string, proxies: Proxies): Promise<void> => {
  const inputs = await readConfig(file);
  const { proxies: done, error } = await proxies.populate(inputs);
  if (error === undefined) return;
  if (!(error instanceof ApiError)) throw error;
  throw new SquallError(
    'BAD_SCENARIO',
    `${file}: [${done.length}].listen: ${error.message}`,
    'Name an address of this machine with a port that is free.',
  );
};
