import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { SquallError } from '../../harness/errors.ts';
import { type Bundle, checkBundleFolder, makeBundle, writeBundle } from '../../harness/evidence/bundle.ts';
import type { EvidenceStatus } from '../../harness/evidence/document.ts';
import { readFrameworks } from '../../harness/evidence/frameworks.ts';
import { readRuns } from '../../harness/evidence/inputs.ts';
import { readPrivateKey, readPublicKey } from '../../harness/evidence/signing/keys.ts';
import { verifyBundle } from '../../harness/evidence/verify.ts';
import { evidencePage } from '../../reports/evidence/page.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Invocation } from '../main.ts';
import { parseNames } from '../options.ts';

const DEFAULT_OUT = 'squall-evidence';
const MAX_NAME_CHARS = 200;

interface EvidenceFlags {
  readonly out: string;
  readonly framework?: readonly string[];
  readonly key?: string;
  readonly by?: string;
  readonly at?: string;
}

/** @throws {InvalidArgumentError} which commander prints with the flag's name */
const parseTime = (text: string): string => {
  const ms = Date.parse(text);
  if (!/^\d{4}-\d\d-\d\dT/.test(text) || Number.isNaN(ms)) {
    throw new InvalidArgumentError('It must be a time such as 2026-11-27T16:00:00Z.');
  }
  return new Date(ms).toISOString();
};

/** @throws {InvalidArgumentError} which commander prints with the flag's name */
const parseName = (text: string): string => {
  if (text.trim() === '' || text.length > MAX_NAME_CHARS) {
    throw new InvalidArgumentError(`It must be a name of 1 to ${MAX_NAME_CHARS} characters.`);
  }
  return text;
};

/** When a bundle says that it was made: SOURCE_DATE_EPOCH (reproducible-builds.org, read November 2026) makes it the same each time. */
const timeOfBundle = (): string => {
  const epoch = process.env.SOURCE_DATE_EPOCH;
  if (epoch === undefined) return new Date().toISOString();
  if (!/^\d{1,11}$/.test(epoch)) {
    throw new SquallError('BAD_FLAG', `SOURCE_DATE_EPOCH is "${epoch}"; expected seconds since 1970.`);
  }
  return new Date(Number(epoch) * 1000).toISOString();
};

const describe = ({ document }: Bundle, folder: string): string => {
  const statuses = document.frameworks.flatMap(({ controls }) => controls.map(({ status }) => status));
  const count = (status: EvidenceStatus): number => statuses.filter((one) => one === status).length;
  const { signature, runs } = document;
  return [
    `Wrote ${folder}: ${runs.length} runs, ${statuses.length} controls, ${signature ? `signed by ${signature.keyId} (${signature.algorithm})` : 'not signed'}.`,
    `Of the controls ${count('passed')} have some evidence, ${count('failed')} an adverse result, ${count('inconclusive')} are inconclusive, ${count('not-tested')} not tested.`,
    'It does not state that anything complies.',
    '',
  ].join('\n');
};

const write = (paths: readonly string[], { out, framework, key, by, at }: EvidenceFlags): void => {
  const folder = resolve(out);
  checkBundleFolder(folder);
  const bundle = makeBundle({
    frameworks: readFrameworks(framework),
    runs: readRuns(paths),
    createdAt: at ?? timeOfBundle(),
    createdBy: by ?? null,
    page: evidencePage,
    ...(key === undefined ? {} : { key: readPrivateKey(key, process.env.SQUALL_KEY_PASSPHRASE) }),
  });
  writeBundle(folder, bundle);
  process.stdout.write(describe(bundle, out));
};

const verify = (folder: string, { key, unsigned }: { readonly key?: string; readonly unsigned?: true }): number => {
  if ((key === undefined) === (unsigned === undefined)) {
    throw new SquallError(
      'BAD_FLAG',
      'A bundle is verified by --key public.pem, or by its check sums alone with --unsigned.',
      'Check sums alone are no proof: whoever changes a file can change them too.',
    );
  }
  const { problems, document, isSigned, fileCount } = verifyBundle(folder, key === undefined ? undefined : readPublicKey(key));
  if (problems.length > 0) {
    process.stdout.write(`${folder} is broken:\n${problems.map((problem) => `  ${problem}\n`).join('')}`);
    return exitCodes.failed;
  }
  const proof =
    key === undefined
      ? `its check sums fit; ${isSigned ? 'its signature was not looked at' : 'it is not signed'}, so who made it is not proven`
      : `it is as it was signed by ${document!.signature!.keyId}`;
  process.stdout.write(`${folder}: ${fileCount} files, ${proof}.\n`);
  return exitCodes.passed;
};

const verifyCommand = (invocation: Invocation): Command =>
  new Command('verify')
    .description('look whether a bundle is as it was signed')
    .argument('<bundle>', 'folder that `squall evidence` wrote')
    .option('--key <file>', 'public key, PEM')
    .option('--unsigned', 'look at check sums alone, which prove nothing about who made it')
    .addHelpText('after', '\nExit codes: 0 as it was signed, 1 broken, 2 usage or bad input.')
    .action((folder: string, _: unknown, command: Command) => {
      // Commander gives a flag that both have to the command above.
      invocation.exitCode = verify(folder, command.optsWithGlobals());
    });

export const evidenceCommand = (invocation: Invocation): Command =>
  new Command('evidence')
    .description('make a bundle of evidence from runs, by controls of DORA, NIST SP 800-53, ISO/IEC 27001 and others')
    .argument('<run...>', 'folders that `squall run --keep` wrote, or JSON reports')
    .option('-o, --out <folder>', 'folder of the bundle, not there yet', DEFAULT_OUT)
    .option('-f, --framework <names>', 'frameworks, separated by commas; see `squall list frameworks` (default: all)', parseNames)
    .option('--key <file>', 'sign with this private key, PEM: Ed25519, ECDSA P-256 or RSA')
    .option('--by <name>', 'who makes the bundle, as it is to say', parseName)
    .option('--at <time>', 'when it is made, as it is to say (default: SOURCE_DATE_EPOCH, or now)', parseTime)
    .addHelpText('after', '\nExit codes: 0 written, whatever the runs show; 2 usage or bad input.')
    .addCommand(verifyCommand(invocation))
    .action((paths: readonly string[], flags: EvidenceFlags) => write(paths, flags));
