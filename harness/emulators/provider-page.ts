import { type ProviderRow, quotaInWords } from './provider-table.ts';

const INTRODUCTION = `# Emulated clouds

Written by \`node scripts/write-provider-page.ts\` from the table that the emulators themselves are made from (\`mocks/clouds.ts\`); a test holds it
to that table. \`squall providers\` prints the same on a terminal, \`--json\` for programs. [emulators.md](emulators.md) says how to use them.
`;

/** A cell may hold no line break, and a bar only escaped. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');

const overview = (rows: readonly ProviderRow[]): string =>
  table(
    ['service', 'layer', 'regions', 'sign-in', 'quota', 'SDK'],
    rows.map(({ service, layer, regions, auth, quota, sdk, needsTls }) => [
      `[\`${service}\`](#${anchor(rows[0]!.cloud, service)})`,
      layer,
      regions.join(', ') + (needsTls ? ' (HTTPS)' : ''),
      auth.join(', '),
      quotaInWords(quota),
      sdk ? `\`${sdk.package}\`` : 'none',
    ]),
  );

const anchor = (cloud: string, service: string): string => `${cloud}${service}`.toLowerCase().replace(/[^a-z0-9-]/g, '');

const apartInWords = ({ apart = {} }: ProviderRow['quota']): string =>
  Object.entries(apart)
    .map(([kind, rate]) => `; ${kind}: ${quotaInWords(rate)}`)
    .join('');

const section = ({ cloud, service, title, operations, errors, sdk, quota, source }: ProviderRow): string =>
  [
    `### ${cloud}/${service}`,
    '',
    `${title}. ${sdk ? `\`${sdk.package}\` is pointed at it by: ${sdk.override}.` : 'There is no SDK for JavaScript.'}`.replace(
      /\.\.$/,
      '.',
    ),
    '',
    table(
      ['operation', 'request'],
      operations.map(({ name, request }) => [name, `\`${request}\``]),
    ),
    '',
    table(
      ['when', 'status', 'code'],
      Object.entries(errors).map(([condition, { status, code }]) => [condition, String(status), `\`${code}\``]),
    ),
    '',
    `Quota: ${quotaInWords(quota)}${apartInWords(quota)} (${quota.source}). Source: ${source}`,
  ].join('\n');

/** docs/providers.md, whole. */
export const providerPage = (rows: readonly ProviderRow[]): string => {
  const clouds = [...new Set(rows.map(({ cloud }) => cloud))];
  const sections = clouds.map((cloud) => {
    const own = rows.filter((row) => row.cloud === cloud);
    return [`## ${own[0]!.cloudTitle}`, overview(own), ...own.map(section)].join('\n\n');
  });
  return `${[INTRODUCTION.trimEnd(), ...sections].join('\n\n')}\n`;
};
