import type { CostReport, PayeeCost } from '../harness/verdict/cost-report.ts';
import { formatNumber, formatValue } from '../harness/verdict/format.ts';
import type { CostParts } from '../mocks/control.ts';
import { columns, plain } from './layout.ts';

const MAX_ROWS = 12;
const NOTHING = '–';
/** Of the total: a kind with less has no column of its own. */
const MIN_SHARE = 0.001;

/** Kinds of cost, each with a column where it is worth one. */
const kinds: readonly { readonly head: string; readonly key: keyof CostParts }[] = [
  { head: 'compute', key: 'computeUsd' },
  { head: 'requests', key: 'requestsUsd' },
  { head: 'egress', key: 'egressUsd' },
  { head: 'storage', key: 'storageUsd' },
];

const usd = (amount: number): string => formatNumber('usd', amount);

/** The service is the provider's only one here; its name would take the columns that the figures need. */
const placeOf = (name: string): string => plain(name.split('/').slice(0, 2).join('/'));

/**
 * What a run cost, endpoint by endpoint and by kind; nothing where nothing was charged.
 * @param measuredMs of the timeline
 */
export const costLines = (cost: CostReport | undefined, measuredMs: number): readonly string[] => {
  if (!cost || cost.totalUsd === 0) return [];
  const charged = kinds.filter(({ key }) => cost.parts[key] >= cost.totalUsd * MIN_SHARE);
  const row = (name: string, { parts, predictions, totalUsd, usdPer1k }: Omit<PayeeCost, 'name'>) => [
    name,
    String(predictions),
    ...charged.map(({ key }) => usd(parts[key])),
    usd(totalUsd),
    usdPer1k === null ? NOTHING : usd(usdPer1k),
  ];
  const dearest = cost.byEndpoint.filter(({ totalUsd }) => totalUsd > 0).toSorted((a, b) => b.totalUsd - a.totalUsd);
  const shown = dearest.slice(0, MAX_ROWS);
  const predictions = cost.byEndpoint.reduce((sum, one) => sum + one.predictions, 0);
  const usdPer1k = predictions > 0 ? (cost.totalUsd * 1000) / predictions : null;
  return [
    ...columns({
      head: ['$', 'served', ...charged.map(({ head }) => head), 'total', '$/1k'],
      rows: [
        ...shown.map((payee) => row(placeOf(payee.name), payee)),
        ...(dearest.length > 1 ? [row('all', { ...cost, predictions, usdPer1k })] : []),
      ],
      align: ['left', 'right', ...charged.map(() => 'right' as const), 'right', 'right'],
    }),
    ...(dearest.length > shown.length ? [`and ${dearest.length - shown.length} more (reporter json has them all)`] : []),
    ...(measuredMs > 0 ? [`${formatValue('usd', (cost.totalUsd * 3_600_000) / measuredMs)} an hour`] : []),
  ];
};
