import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { readAuditFiles } from '../../harness/audit/log-files.ts';
import { SquallError } from '../../harness/errors.ts';
import { type AuditVerdict, verifyAudit } from '../../harness/serving/audit/verify.ts';
import { plain } from '../../reports/layout.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Invocation } from '../main.ts';

interface VerifyFlags {
  readonly key?: string;
  readonly open?: true;
  readonly json?: true;
}

/** `x` of a JSON Web Key of Ed25519: 32 bytes as base64url. */
const PUBLIC_KEY = /^[\w-]{43}$/;

/** The key itself, or a file that has it. @throws {SquallError} `BAD_FLAG` */
const readKey = (given: string): string => {
  if (PUBLIC_KEY.test(given)) return given;
  let text = '';
  try {
    text = readFileSync(given, 'utf8').trim();
  } catch (error) {
    throw new SquallError(
      'BAD_FLAG',
      `--key: ${given} is no public key, and can't be read: ${(error as Error).message}.`,
      'Give the 43 characters of the key, or a file that has them.',
    );
  }
  if (PUBLIC_KEY.test(text)) return text;
  throw new SquallError(
    'BAD_FLAG',
    `--key: ${given} holds no public key of Ed25519.`,
    'It must be 43 characters of base64url, as <log>.key of a run has them.',
  );
};

const inWords = (
  file: string,
  { flaw, entries, checkpoints, unsealed, publicKey, from, to }: AuditVerdict,
  isTrusted: boolean,
): string => {
  if (flaw) return `${file}: broken\n  ${flaw.kind} at line ${flaw.line} of its ${flaw.file}: ${plain(flaw.text)}\n`;
  const key = `signed by ${publicKey}${isTrusted ? '' : ', the key that lies beside it: give --key to say whose it must be'}`;
  return `${file}: whole\n  ${entries} entries from ${from} to ${to}, ${checkpoints} checkpoints ${key}\n${unsealed > 0 ? `  ${unsealed} entries after the last checkpoint: nobody could tell if there had been more\n` : ''}`;
};

const verify = async (files: readonly string[], { key, open, json }: VerifyFlags): Promise<number> => {
  const publicKey = key === undefined ? undefined : readKey(key);
  const verdicts = [];
  for (const file of files) {
    const { entries, checkpoints, publicKey: beside } = readAuditFiles(file);
    const trusted = publicKey ?? beside;
    const verdict = await verifyAudit(entries, checkpoints, {
      ...(trusted === undefined ? {} : { publicKey: trusted }),
      ...(open ? { isOpen: true } : {}),
    });
    verdicts.push({ file, ...verdict });
  }
  process.stdout.write(
    json
      ? `${JSON.stringify({ logs: verdicts }, null, 2)}\n`
      : verdicts.map(({ file, ...verdict }) => inWords(file, verdict, publicKey !== undefined)).join(''),
  );
  return verdicts.some(({ flaw }) => flaw) ? exitCodes.failed : exitCodes.passed;
};

export const auditCommand = (invocation: Invocation): Command => {
  const command = new Command('audit').description('audit logs of datasets');
  command
    .command('verify <file...>')
    .description('look whether audit logs are as they were written, and name the first entry that is not')
    .option('-k, --key <key>', 'public key that must have signed, or a file that has it (default: <log>.key beside the log)')
    .option('--open', 'the log was not closed: its writer still writes, or was killed')
    .option('--json', 'print the verdicts as JSON')
    .addHelpText('after', '\nExit codes: 0 all are whole, 1 one is broken, 2 a file cannot be read.')
    .action(async (files: readonly string[], flags: VerifyFlags) => {
      invocation.exitCode = await verify(files, flags);
    });
  return command;
};
