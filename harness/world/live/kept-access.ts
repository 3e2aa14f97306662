import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { ProviderCredential, ProviderName } from '../../../mocks/emulator.ts';
import { SquallError } from '../../errors.ts';
import type { Access } from './credentials.ts';

const text = z.string().min(1);
const access = <Shape extends z.ZodRawShape>(credential: Shape) =>
  z.object({ credential: z.object(credential), secretStoreToken: text }).optional();

const keptFile = z.object({
  aws: access({
    provider: z.literal('aws'),
    accessKeyId: text,
    secretAccessKey: text,
    sessionToken: text.optional(),
    expiresAtMs: z.number().optional(),
  }),
  google: access({ provider: z.literal('google'), projectId: text, clientEmail: text, privateKeyId: text, privateKeyPem: text }),
  azure: access({ provider: z.literal('azure'), tenantId: text, clientId: text, clientSecret: text, endpointKey: text }),
});

export type KeptAccess = Readonly<Partial<Record<ProviderName, Access>>>;

/**
 * The credentials that an earlier run has left in a file; none where there is no file.
 * @throws {SquallError} `BAD_FLAG` for a file that holds something else
 */
export const readKeptAccess = (file: string): KeptAccess => {
  if (!existsSync(file)) return {};
  try {
    const kept = keptFile.parse(JSON.parse(readFileSync(file, 'utf8')));
    return Object.fromEntries(
      Object.entries(kept).flatMap(([name, one]) =>
        one ? [[name, { ...one, credential: one.credential as ProviderCredential }]] : [],
      ),
    ) as KeptAccess;
  } catch {
    throw new SquallError('BAD_FLAG', `${file} holds no credentials of squall's.`, 'Remove it: the next run writes it anew.');
  }
};

/** Readable by its owner only. */
export const writeKeptAccess = (file: string, kept: KeptAccess): void => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 });
};
