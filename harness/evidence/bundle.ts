import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SquallError } from '../errors.ts';
import { canonicalJson } from './canonical.ts';
import { type Composition, composeEvidence, filesOf } from './compose.ts';
import { type EvidenceDocument, evidenceSchema } from './document.ts';
import { type BundleFile, bundleFiles, manifestOf, writeManifest } from './manifest.ts';
import { signEnvelope } from './signing/envelope.ts';
import type { SigningKey } from './signing/keys.ts';
import { writeStatement } from './signing/statement.ts';

export interface BundlePlan extends Omit<Composition, 'signature'> {
  /** Left out: the bundle is not signed, and says so. */
  readonly key?: SigningKey;
  /** Draws the page of a document. */
  readonly page: (document: EvidenceDocument) => string;
}

/** A bundle's files, and what they say. */
export interface Bundle {
  readonly document: EvidenceDocument;
  readonly files: readonly BundleFile[];
}

/**
 * Makes a bundle. The same plan makes the same bytes, but for signatures of ECDSA, which have chance in them.
 */
export const makeBundle = ({ key, page, ...composition }: BundlePlan): Bundle => {
  const signature = key ? { keyId: key.id, algorithm: key.algorithm } : null;
  const document = composeEvidence({ ...composition, signature });
  const written: readonly (readonly [path: string, text: string])[] = [
    [bundleFiles.document, canonicalJson(document)],
    [bundleFiles.schema, canonicalJson(evidenceSchema())],
    [bundleFiles.page, page(document)],
  ];
  const listed: readonly BundleFile[] = [
    ...written.map(([path, text]) => ({ path, data: Buffer.from(text) })),
    ...composition.runs.flatMap((run, index) => filesOf(run, document.runs[index]!.id)),
  ];
  const manifest = writeManifest(listed);
  const files = [...listed, { path: bundleFiles.manifest, data: Buffer.from(manifest) }];
  if (!key) return { document, files };
  const envelope = signEnvelope(writeStatement(manifest, manifestOf(listed), document), key);
  return { document, files: [...files, { path: bundleFiles.signature, data: Buffer.from(envelope) }] };
};

/** @throws {SquallError} `BAD_FLAG` for a folder that has something in it: what was signed once is not written over */
export const checkBundleFolder = (folder: string): void => {
  if (!existsSync(folder)) return;
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch {
    throw new SquallError('BAD_FLAG', `--out: ${folder} is not a folder.`);
  }
  if (names.length > 0)
    throw new SquallError('BAD_FLAG', `--out: ${folder} is not empty.`, 'Name a folder that is not there yet.');
};

/**
 * Writes a bundle: whole, or not at all.
 * @throws {SquallError} `BAD_FLAG` when the folder can't be written
 */
export const writeBundle = (folder: string, { files }: Bundle): void => {
  checkBundleFolder(folder);
  const fresh = `${folder}.${process.pid}.new`;
  try {
    for (const { path, data } of files) {
      const file = join(fresh, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, data);
    }
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
  } catch (error) {
    throw new SquallError(
      'BAD_FLAG',
      `--out: can't write ${folder}: ${(error as Error).message}.`,
      'Name a folder that can be written.',
    );
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
};
