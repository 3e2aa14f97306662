import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { SquallError } from '../../errors.ts';

const port = z.union([z.number(), z.string(), z.looseObject({ target: z.union([z.number(), z.string()]).optional() })]);
const composeFile = z.looseObject({
  services: z.record(
    z.string(),
    z.looseObject({ ports: z.array(port).optional(), expose: z.array(z.union([z.number(), z.string()])).optional() }),
  ),
});

/** What squall reads of a Compose file (Compose specification, `services`). */
export interface ComposeServices {
  readonly names: readonly string[];
  /** The first port that a service publishes or exposes, inside its container; undefined where it names none. */
  portOf(service: string): number | undefined;
}

/** `8080:80`, `127.0.0.1:8080:80/tcp`, `80`: the container's side stands last (Compose specification, "Short syntax"). */
const insidePort = (entry: z.output<typeof port>): number | undefined => {
  const text = typeof entry === 'object' ? String(entry.target ?? '') : String(entry);
  const found = /(\d+)(?:\/\w+)?$/.exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
};

/** @throws {SquallError} `BAD_FLAG` for a file that has no services */
export const readComposeFile = (path: string, shown: string): ComposeServices => {
  const content = (() => {
    try {
      return parse(readFileSync(path, 'utf8'), { merge: true }) as unknown;
    } catch (error) {
      throw new SquallError('BAD_FLAG', `${shown} is no YAML: ${(error as Error).message}`);
    }
  })();
  const parsed = composeFile.safeParse(content);
  const names = Object.keys(parsed.data?.services ?? {});
  if (!parsed.success || names.length === 0) {
    throw new SquallError('BAD_FLAG', `${shown} has no services.`, 'A Compose file has them under `services`.');
  }
  return {
    names,
    portOf(service) {
      const { ports = [], expose = [] } = parsed.data.services[service]!;
      return [...ports, ...expose].map(insidePort).find((one) => one !== undefined);
    },
  };
};
