import { priceBook } from './price-book.ts';
import type { InstancePrices, ProviderPrices } from './prices/provider-prices.ts';

/** A figure of the price book, or some that have one source. */
export interface PriceLine {
  readonly provider: string;
  readonly item: string;
  /** With its unit, e.g. `$0.09 per GB`. */
  readonly price: string;
  readonly source: string;
}

const usd = (amount: number): string => `$${Number(amount.toPrecision(4))}`;

const inWords = (ms: number): string =>
  ms < 1000 ? 'milliseconds' : ms < 3_600_000 ? `${ms / 60_000} min` : `${ms / 3_600_000} h`;

const instanceLines = (provider: string, instance: InstancePrices): readonly PriceLine[] => {
  const { instanceType, summary, usdPerHour, source, spotShare, spotSource, serviceTimeFactor } = instance;
  const regions = Object.entries(usdPerHour).map(([region, price]) => `${region} ${usd(price)}`);
  const slower = serviceTimeFactor === 1 ? '' : `; a prediction takes ${serviceTimeFactor} times as long (our choice)`;
  return [
    { provider, item: instanceType, price: `an hour, ${summary}${slower}: ${regions.join(', ')}`, source },
    { provider, item: `${instanceType} spot`, price: `${Math.round(spotShare * 100)} % of the price above`, source: spotSource },
  ];
};

const linesOf = ({ provider, instances, serverless, egress, storage }: ProviderPrices): readonly PriceLine[] => [
  ...instances.flatMap((instance) => instanceLines(provider, instance)),
  {
    provider,
    item: serverless.product,
    price: `${usd(serverless.usdPerVcpuS)} a vCPU second, ${usd(serverless.usdPerGbS)} a GB second, ${usd(serverless.usdPerMillionRequests)} per million requests; taken at ${serverless.vcpus} vCPU and ${serverless.memoryGb} GB`,
    source: serverless.source,
  },
  {
    provider,
    item: 'egress',
    price: `${usd(egress.internetUsdPerGb)} per GB to the internet, ${usd(egress.interRegionUsdPerGb)} to another region`,
    source: egress.source,
  },
  ...Object.entries(storage.tiers).map(([tier, prices]) => ({
    provider,
    item: `${prices.name} (${tier})`,
    price: [
      `${usd(prices.usdPerGbMonth)} a GB month, for ${prices.minimumDays} days at least`,
      `retrieval ${usd(prices.retrievalUsdPerGb)} per GB in ${inWords(prices.retrievalMs)}`,
      ...(prices.expeditedRetrievalMs ? [`${inWords(prices.expeditedRetrievalMs)} expedited`] : []),
      `1,000 writes ${usd(prices.putUsdPer1k)}, reads ${usd(prices.getUsdPer1k)}`,
    ].join('; '),
    source: storage.source,
  })),
];

/** The price book, line by line: what `squall prices` prints. */
export const priceLines = (): readonly PriceLine[] => Object.values(priceBook).flatMap(linesOf);
