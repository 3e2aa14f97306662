import { randomBytes } from 'node:crypto';
import type { ProviderCredential, ProviderName } from '../../../mocks/emulator.ts';
import { providers } from '../../../mocks/providers.ts';
import { readKeptAccess, writeKeptAccess } from './kept-access.ts';

/** The workload's way into one provider. All of it is secret. */
export interface Access {
  readonly credential: ProviderCredential;
  /** Opens the provider's secret store. */
  readonly secretStoreToken: string;
}

const TOKEN_BYTES = 32;

const mintOne = async (name: ProviderName): Promise<Access> => ({
  credential: await providers[name].mintCredential(),
  secretStoreToken: randomBytes(TOKEN_BYTES).toString('base64url'),
});

/**
 * Fresh ones for a run, which die with it; or, where a file keeps them, the same in every run: for a system that is told them once.
 * @param file left out, none is kept
 * @throws {SquallError} `BAD_FLAG` for a file that holds something else
 */
export const mintAccess = async (names: readonly ProviderName[], file?: string): Promise<ReadonlyMap<ProviderName, Access>> => {
  const kept = file === undefined ? {} : readKeptAccess(file);
  const accesses = new Map(
    await Promise.all(names.map(async (name): Promise<[ProviderName, Access]> => [name, kept[name] ?? (await mintOne(name))])),
  );
  if (file !== undefined && names.some((name) => kept[name] === undefined)) {
    writeKeptAccess(file, { ...kept, ...Object.fromEntries(accesses) });
  }
  return accesses;
};
