import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import type { Stage } from './stage.ts';

/** By which a `squall fault` command finds the emulators that its shell was set up for. */
export const CONTROL_URL = 'SQUALL_CONTROL_URL';
export const CONTROL_TOKEN = 'SQUALL_CONTROL_TOKEN';

/** Readable by their owner only: some hold secrets. */
const PRIVATE = { mode: 0o600 } as const;

/** A variable whose content others want as a file, and the variable that names it for them. */
const FILES: readonly { readonly content: string; readonly path: string; readonly file: string }[] = [
  { content: 'GOOGLE_CREDENTIALS', path: 'GOOGLE_APPLICATION_CREDENTIALS', file: 'google-credentials.json' },
  { content: 'OCI_CLI_KEY_CONTENT', path: 'OCI_CLI_KEY_FILE', file: 'oci-key.pem' },
];

/** Where a local CA lies for those who trust it. */
export interface TrustFiles {
  /** The CA alone, PEM: for who adds it to its own list. */
  readonly caFile: string;
  /** The CA and the public ones that Node.js comes with: for who takes a whole list. */
  readonly bundleFile: string;
}

/** Writes the CA's certificate into the folder. */
export const writeTrust = (folder: string, caCertPem: string): TrustFiles => {
  const caFile = join(folder, 'ca.pem');
  const bundleFile = join(folder, 'ca-bundle.pem');
  writeFileSync(caFile, `${caCertPem.trimEnd()}\n`, PRIVATE);
  writeFileSync(bundleFile, `${[caCertPem.trimEnd(), ...rootCertificates].join('\n')}\n`, PRIVATE);
  return { caFile, bundleFile };
};

/** Variables by which the SDKs and runtimes of the clouds take further authorities. */
export const trustVariables = ({ caFile, bundleFile }: TrustFiles): Readonly<Record<string, string>> => ({
  // Node.js adds it to its list; the others take the file for the whole list.
  NODE_EXTRA_CA_CERTS: caFile,
  AWS_CA_BUNDLE: bundleFile,
  REQUESTS_CA_BUNDLE: bundleFile,
  // Python's httpx, Go and OpenSSL.
  SSL_CERT_FILE: bundleFile,
  GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: bundleFile,
});

/** What the clouds' own SDKs and tools are told by, with the files that some variables name written into the folder. */
export const stageVariables = (stage: Stage, folder: string, trust: TrustFiles): Readonly<Record<string, string>> => {
  const clouds = [...new Set(stage.endpoints.map(({ cloud }) => cloud))];
  const given: Record<string, string> = Object.assign(
    {},
    ...clouds.map((name) => stage.cloud(name).environment((service, region) => stage.originOf(name, service, region))),
  );
  for (const { content, path, file } of FILES) {
    const text = given[content];
    if (text === undefined || given[path] !== undefined) continue;
    given[path] = join(folder, file);
    // A program that reads it meanwhile finds the old one or the new one whole.
    writeFileSync(`${given[path]}.next`, text, PRIVATE);
    renameSync(`${given[path]}.next`, given[path]);
  }
  return { ...given, ...trustVariables(trust) };
};
