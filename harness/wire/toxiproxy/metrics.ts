import type { Meter } from '../tcp/meter.ts';
import type { Stream } from '../toxics/toxic.ts';
import type { Metric, Sample } from './prometheus.ts';
import type { NamedProxy } from './proxy.ts';

type Labels = Sample['labels'];
type Read = (meter: Meter, labels: Labels) => readonly Sample[];

const STREAMS: readonly Stream[] = ['upstream', 'downstream'];

/** A figure of the whole proxy. */
const one =
  (read: (meter: Meter) => number): Read =>
  (meter, labels) => [{ labels, value: read(meter) }];

/** A figure for each direction. */
const byDirection =
  (read: (meter: Meter, stream: Stream) => number): Read =>
  (meter, labels) =>
    STREAMS.map((direction) => ({ labels: { direction, ...labels }, value: read(meter, direction) }));

/** What a proxy is measured by: Toxiproxy's own figures under its names, then squall's. */
const table: readonly (Omit<Metric, 'samples'> & { readonly read: Read })[] = [
  {
    name: 'toxiproxy_proxy_received_bytes_total',
    type: 'counter',
    help: 'Bytes that came, by the direction in which they travel.',
    read: byDirection(({ received }, stream) => received[stream]),
  },
  {
    name: 'toxiproxy_proxy_sent_bytes_total',
    type: 'counter',
    help: 'Bytes that went on, by the direction in which they travel.',
    read: byDirection(({ sent }, stream) => sent[stream]),
  },
  {
    name: 'squall_link_connections_total',
    type: 'counter',
    help: 'Connections that callers have made.',
    read: one(({ connections }) => connections),
  },
  {
    name: 'squall_link_open_connections',
    type: 'gauge',
    help: 'Connections that are open.',
    read: one(({ openConnections }) => openConnections),
  },
  {
    name: 'squall_link_failed_connections_total',
    type: 'counter',
    help: 'Connections that a toxic refused, or that got no upstream.',
    read: one(({ failedConnections }) => failedConnections),
  },
  {
    name: 'squall_link_toxics_landed_total',
    type: 'counter',
    help: 'How often a toxic, or a rule of an HTTP proxy, has touched something.',
    read: ({ landed }, labels) => [...landed].map(([toxic, value]) => ({ labels: { ...labels, toxic }, value })),
  },
  {
    name: 'squall_link_added_latency_seconds',
    type: 'summary',
    help: 'Delay that toxics or rules have added, over the pieces of data that were delayed.',
    read: ({ delayedMs, delays }, labels) => [
      { suffix: '_sum', labels, value: delayedMs / 1000 },
      { suffix: '_count', labels, value: delays },
    ],
  },
];

/** The figures of proxies, each by where it stands; those of one that has never listened there are not there. */
export const metricsOf = (proxies: readonly NamedProxy[]): readonly Metric[] =>
  table.map(({ read, ...metric }) => ({
    ...metric,
    samples: proxies.flatMap((proxy) => {
      const { name, listen, upstream } = proxy.view();
      return proxy.meter ? read(proxy.meter, { listener: listen, proxy: name, upstream }) : [];
    }),
  }));
