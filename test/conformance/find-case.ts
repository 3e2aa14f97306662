import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ServiceSpec } from '../../mocks/cloud/service.ts';
import type { ConformanceCase } from './case.ts';

const isCase = (value: unknown): value is ConformanceCase =>
  typeof value === 'object' && value !== null && 'spec' in value && 'connect' in value;

/**
 * The case of a row: what `test/conformance/<cloud>/<service>.ts` exports for it, under whatever name.
 * @throws {Error} that names the row, the file and what is missing
 */
export const findCase = async ({ cloud, service }: ServiceSpec): Promise<ConformanceCase> => {
  const file = join(import.meta.dirname, cloud, `${service}.ts`);
  if (!existsSync(file))
    throw new Error(`${cloud}/${service} has no conformance case; write test/conformance/${cloud}/${service}.ts`);
  const exported: Readonly<Record<string, unknown>> = await import(pathToFileURL(file).href);
  const found = Object.values(exported).find((value) => isCase(value) && value.spec.service === service);
  if (!isCase(found))
    throw new Error(`test/conformance/${cloud}/${service}.ts exports no ConformanceCase for ${cloud}/${service}`);
  return found;
};
