import type { Envelope, Opened } from '../encryption/envelope.ts';
import { EnvelopeRefused } from '../encryption/header.ts';
import { bindingOfModel } from '../encryption/stack-envelope.ts';
import type { Download, RegistryClient, ResolvedVersion } from './client.ts';

/** A version in the clear. */
export interface OpenVersion {
  readonly resolved: ResolvedVersion;
  readonly download: Download;
  /** Null where nothing is encrypted. */
  readonly opened: Opened | null;
  readonly plaintext: Uint8Array;
}

export interface ReadVersionParts {
  readonly client: RegistryClient;
  /** Null where nothing is encrypted. */
  readonly envelope: Envelope | null;
  readonly model: string;
  readonly alias: string;
  /** How many replicas there are. */
  readonly replicas: number;
  /** Hears of a replica whose artifact is not what it says. */
  readonly onTampered: (region: string) => void;
  /** Hears what is to be served, before its bytes are there. */
  readonly onResolved?: (resolved: ResolvedVersion) => void;
}

/**
 * The version to serve, decrypted. A replica that gives something else under a right digest is passed over.
 * @param known digest of what the caller has already: null is returned for it
 * @throws {RegistryError} @throws {KeyError} @throws {EnvelopeRefused} where no replica has the right one
 */
export const readVersion = async (
  { client, envelope, model, alias, replicas, onTampered, onResolved }: ReadVersionParts,
  known: string | undefined,
  signal: AbortSignal,
): Promise<OpenVersion | null> => {
  for (let attempt = 1; ; attempt += 1) {
    const resolved = await client.resolve(model, alias, signal);
    onResolved?.(resolved);
    if (resolved.digest === known) return null;
    const download = await client.download(resolved, signal);
    if (!envelope) return { resolved, download, opened: null, plaintext: download.bytes };
    try {
      const opened = await envelope.open(download.bytes, bindingOfModel(model, resolved.version), signal);
      return { resolved, download, opened, plaintext: opened.plaintext };
    } catch (error) {
      if (!(error instanceof EnvelopeRefused)) throw error;
      onTampered(resolved.region);
      client.shun(resolved.region);
      if (attempt >= replicas) throw error;
    }
  }
};
