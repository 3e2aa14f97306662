import { Command } from 'commander';
import { type ProviderRow, providerRows, quotaInWords } from '../../harness/emulators/provider-table.ts';
import { writeRecords } from '../table.ts';

const HEAD = ['cloud\nservice\nlayer', 'regions\nauth\nquota', 'operations\nSDK'];
/** The longest name of a service, of a way to sign in, and of a package. */
const WIDTHS = [24, 18, 36];

const toCells = ({ cloud, service, layer, regions, auth, quota, operations, sdk }: ProviderRow): readonly string[] => [
  `${cloud}\n${service}\n${layer}`,
  `${regions.join(', ')}\n${auth.join(', ')}\n${quotaInWords(quota)}`,
  `${operations.map(({ name }) => name).join(', ')}\n${sdk?.package ?? 'no SDK for JavaScript'}`,
];

export const providersCommand = (): Command =>
  new Command('providers')
    .description('list the emulated services: regions, sign-in, operations, quota, SDK')
    .option('--json', 'print them as JSON, with requests, errors and sources')
    .action(async (flags: { readonly json?: true }) => {
      // Every cloud's code, which other commands have no use for.
      const { clouds } = await import('../../mocks/clouds.ts');
      const rows = providerRows(clouds);
      if (flags.json) process.stdout.write(`${JSON.stringify({ services: rows }, null, 2)}\n`);
      else writeRecords(HEAD, rows.map(toCells), WIDTHS);
    });
