import { z } from 'zod';
import { canonicalJson, sha256Of } from './canonical.ts';

/** A file of a bundle. Paths have `/` between their parts, on every system. */
export interface BundleFile {
  readonly path: string;
  readonly data: Uint8Array;
}

/** Names of a bundle's own files. */
export const bundleFiles = {
  document: 'evidence.json',
  schema: 'evidence.schema.json',
  page: 'evidence.html',
  manifest: 'manifest.json',
  signature: 'signature.dsse.json',
} as const;

export const manifestFile = z.strictObject({
  schemaVersion: z.literal(1),
  files: z
    .array(
      z.strictObject({
        path: z.string(),
        bytes: z.int().min(0),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
      }),
    )
    .min(1),
});

export type Manifest = z.output<typeof manifestFile>;

/** Every file of a bundle but the manifest itself and the signature, by path. */
export const manifestOf = (files: readonly BundleFile[]): Manifest => ({
  schemaVersion: 1,
  files: files
    .map(({ path, data }) => ({ path, bytes: data.byteLength, sha256: sha256Of(data) }))
    .sort((a, b) => (a.path < b.path ? -1 : 1)),
});

export const writeManifest = (files: readonly BundleFile[]): string => canonicalJson(manifestOf(files));
