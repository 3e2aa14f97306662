import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { SquallError } from '../errors.ts';
import { canonicalJson, sha256Of } from './canonical.ts';
import { type EvidenceDocument, evidenceDocument } from './document.ts';
import { type BundleFile, bundleFiles, type Manifest, manifestFile } from './manifest.ts';
import { openEnvelope } from './signing/envelope.ts';
import type { VerifyingKey } from './signing/keys.ts';
import { writeStatement } from './signing/statement.ts';

/** What was found. No problems: every byte is as it was written. */
export interface Verification {
  readonly problems: readonly string[];
  /** What the bundle says; null where that can't be told. */
  readonly document: EvidenceDocument | null;
  readonly isSigned: boolean;
  readonly fileCount: number;
}

const MAX_FILES = 10_000;

/** Every file below the folder. Links and devices are named, not followed: a bundle has none. */
const readFolder = (folder: string): { readonly files: readonly BundleFile[]; readonly strange: readonly string[] } => {
  const files: BundleFile[] = [];
  const strange: string[] = [];
  const walk = (prefix: string) => {
    for (const name of readdirSync(join(folder, prefix)).sort()) {
      const path = `${prefix}${name}`;
      const stats = lstatSync(join(folder, path));
      if (stats.isDirectory()) walk(`${path}/`);
      else if (stats.isFile() && files.length < MAX_FILES) files.push({ path, data: readFileSync(join(folder, path)) });
      else strange.push(path);
    }
  };
  walk('');
  return { files, strange };
};

/** A file that is JSON in the one form that squall writes. */
const readCanonical = (file: BundleFile | undefined): unknown => {
  if (!file) return undefined;
  const text = Buffer.from(file.data).toString('utf8');
  try {
    const value: unknown = JSON.parse(text);
    // Compared as bytes: what is no UTF-8 would be read as something that is.
    return Buffer.from(canonicalJson(value)).equals(file.data) ? value : undefined;
  } catch {
    return undefined;
  }
};

const compareFiles = (manifest: Manifest, files: readonly BundleFile[]): readonly string[] => {
  const found = new Map(files.map(({ path, data }) => [path, data]));
  const own: readonly string[] = [bundleFiles.manifest, bundleFiles.signature];
  const listed = new Set(manifest.files.map(({ path }) => path));
  return [
    ...manifest.files.flatMap(({ path, bytes, sha256 }) => {
      const data = found.get(path);
      if (!data) return [`${path} is missing`];
      return data.byteLength === bytes && sha256Of(data) === sha256 ? [] : [`${path} was changed`];
    }),
    ...files.filter(({ path }) => !listed.has(path) && !own.includes(path)).map(({ path }) => `${path} was added`),
  ];
};

const checkSignature = (
  envelope: BundleFile | undefined,
  key: VerifyingKey | undefined,
  expected: string | null,
): readonly string[] => {
  if (!key) return [];
  if (!envelope) return [`${bundleFiles.signature} is missing: the bundle is not signed`];
  const opened = openEnvelope(Buffer.from(envelope.data).toString('utf8'), key);
  if (opened.problem !== undefined) return [`${bundleFiles.signature} ${opened.problem}`];
  return opened.payload === expected ? [] : [`${bundleFiles.signature} was made over another bundle than this`];
};

/**
 * Looks whether a bundle is as it was written.
 * @param key left out: check sums alone, which whoever changes a file can change too
 * @throws {SquallError} `NOT_FOUND`; `BAD_EVIDENCE` for a folder that is no bundle
 */
export const verifyBundle = (folder: string, key: VerifyingKey | undefined): Verification => {
  const stats = statSync(folder, { throwIfNoEntry: false });
  if (!stats) throw new SquallError('NOT_FOUND', `${folder} does not exist.`, 'Name the folder of a bundle.');
  if (!stats.isDirectory()) throw new SquallError('BAD_EVIDENCE', `${folder} is not a folder.`, 'Name the folder of a bundle.');
  const { files, strange } = readFolder(folder);
  const byPath = (path: string): BundleFile | undefined => files.find((file) => file.path === path);
  const envelope = byPath(bundleFiles.signature);
  const own = [bundleFiles.manifest, bundleFiles.document, bundleFiles.signature];
  if (!own.some((path) => byPath(path))) {
    throw new SquallError(
      'BAD_EVIDENCE',
      `${folder} is no bundle: it has no ${bundleFiles.manifest}.`,
      'Name the folder of a bundle.',
    );
  }
  const manifest = manifestFile.safeParse(readCanonical(byPath(bundleFiles.manifest)));
  const document = evidenceDocument.safeParse(readCanonical(byPath(bundleFiles.document)));
  const manifestText = Buffer.from(byPath(bundleFiles.manifest)?.data ?? []).toString('utf8');
  const expected = manifest.success && document.success ? writeStatement(manifestText, manifest.data, document.data) : null;
  const saysSigned = document.success && document.data.signature !== null;
  return {
    problems: [
      ...strange.map((path) => `${path} is no plain file`),
      ...(manifest.success ? compareFiles(manifest.data, files) : [`${bundleFiles.manifest} is missing or was changed`]),
      ...(document.success ? [] : [`${bundleFiles.document} is missing or was changed`]),
      ...(document.success && !key && saysSigned !== (envelope !== undefined)
        ? [`${bundleFiles.signature} ${saysSigned ? 'is missing' : 'was added'}`]
        : []),
      ...checkSignature(envelope, key, expected),
    ],
    document: document.success ? document.data : null,
    isSigned: envelope !== undefined,
    fileCount: files.length,
  };
};
