import { Command } from 'commander';
import { priceBook } from '../../harness/topology/price-book.ts';
import { priceLines } from '../../harness/topology/price-list.ts';
import { hanging, wrap } from '../../reports/layout.ts';

/** Each line under its provider and item, and under it the number of its source; the sources at the end. */
const written = (): readonly string[] => {
  const lines = priceLines();
  const sources = [...new Set(lines.map(({ source }) => source))];
  return [
    ...lines.flatMap(({ provider, item, price, source }) => [
      `${provider}  ${item}  [${sources.indexOf(source) + 1}]`,
      ...hanging('    ', price),
    ]),
    '',
    ...wrap('US dollars, list prices of the first volume tier. An estimate says that it is one.', 78),
    '',
    ...sources.flatMap((source, index) => hanging(`[${index + 1}] `.padEnd(5), source)),
  ];
};

export const pricesCommand = (): Command =>
  new Command('prices')
    .description("print the price book: what the providers charge, with each figure's source and date")
    .option('--json', 'print it as JSON')
    .action((flags: { readonly json?: true }) => {
      const text = flags.json
        ? JSON.stringify({ prices: Object.values(priceBook) }, null, 2)
        : written()
            .map((line) => line.trimEnd())
            .join('\n');
      process.stdout.write(`${text}\n`);
    });
