import { Command } from 'commander';
import { doctorChecks } from '../../harness/doctor/index.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Invocation } from '../main.ts';
import { writeTable } from '../table.ts';

const MARKS = { ok: '✓', warning: '!', failed: '✗' } as const;

export const doctorCommand = (invocation: Invocation): Command =>
  new Command('doctor')
    .description('look at this machine: what squall needs, what is missing')
    .option('--json', 'print the findings as JSON')
    .action(async (flags: { readonly json?: true }) => {
      const findings = [];
      for (const check of doctorChecks) findings.push({ name: check.name, ...(await check.run()) });
      if (flags.json) process.stdout.write(`${JSON.stringify({ checks: findings }, null, 2)}\n`);
      else {
        writeTable(
          findings.flatMap(({ name, status, detail, remedy }) => [
            [MARKS[status], name, detail],
            ...(remedy ? [['', '', remedy]] : []),
          ]),
        );
      }
      invocation.exitCode = findings.some((finding) => finding.status === 'failed') ? exitCodes.failed : exitCodes.passed;
    });
