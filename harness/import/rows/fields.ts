/** What a column may hold. */
export type FieldKind = 'time' | 'text' | 'count' | 'share' | 'count-or-share' | 'duration' | 'number';

/** A column that rows of an incident may have. */
export interface Field {
  readonly kind: FieldKind;
  /** Names in small letters with `_` between words, without the unit at the end; the first is the one that docs name. */
  readonly names: readonly string[];
  readonly summary: string;
}

/** Every column that is understood, by what it holds. docs/import.md is checked against it. */
export const fields = {
  time: {
    kind: 'time',
    names: [
      'time',
      'timestamp',
      'ts',
      'datetime',
      'date_time',
      'date',
      'at',
      'start',
      'start_time',
      'window_start',
      'minute',
      'bucket',
    ],
    summary: 'Start of the interval: a date-time in ISO 8601, or a number since 1970 or the start of the recording.',
  },
  provider: {
    kind: 'text',
    names: ['provider', 'cloud', 'cloud_provider'],
    summary: 'Provider, beside a region that does not name it.',
  },
  region: {
    kind: 'text',
    names: ['region', 'cloud_region', 'location', 'target', 'endpoint', 'host', 'server_address', 'link'],
    summary: 'Region, provider/region, or host of the provider.',
  },
  requests: {
    kind: 'count',
    names: ['requests', 'request_count', 'calls', 'count', 'total', 'invocations'],
    summary: 'Calls in the interval; weighs rows against each other, and turns counts into shares.',
  },
  errors: {
    kind: 'count',
    names: ['errors', 'error_count', 'failures', 'failed', 'failed_requests'],
    summary: 'Failed calls in the interval; needs requests.',
  },
  errorRate: {
    kind: 'share',
    names: ['error_rate', 'failure_rate', 'error_share', 'error', 'errors_rate', 'error_ratio'],
    summary: 'Share of the calls that failed.',
  },
  successRate: {
    kind: 'share',
    names: ['success_rate', 'availability', 'success', 'success_ratio'],
    summary: 'The same the other way round.',
  },
  throttled: {
    kind: 'count-or-share',
    names: ['throttled', 'throttles', 'throttling', 'throttle', 'http_429', '429', 'rate_limited'],
    summary: 'Calls that were answered with 429: a count, or a share where the name says rate.',
  },
  timeouts: {
    kind: 'count-or-share',
    names: ['timeouts', 'timeout', 'timed_out'],
    summary: 'Calls that got no answer in time: a count, or a share where the name says rate.',
  },
  connectionErrors: {
    kind: 'count-or-share',
    names: ['connection_errors', 'connection_error', 'connection_failures', 'connect_errors', 'resets'],
    summary: 'Calls whose connection failed: a count, or a share where the name says rate.',
  },
  status: {
    kind: 'number',
    names: ['status', 'status_code', 'http_status'],
    summary: 'HTTP status that most failed calls were answered with.',
  },
  p50: {
    kind: 'duration',
    names: [
      'p50',
      'latency_p50',
      'p50_latency',
      'median',
      'median_latency',
      'latency',
      'latency_median',
      'mean',
      'latency_mean',
      'avg',
      'avg_latency',
      'latency_avg',
      'duration',
    ],
    summary: 'Median of the latency; a mean is taken for it.',
  },
  p95: {
    kind: 'duration',
    names: ['p95', 'latency_p95', 'p95_latency', 'p90', 'latency_p90', 'p90_latency'],
    summary: '95th percentile of the latency; a 90th is taken for it.',
  },
  p99: {
    kind: 'duration',
    names: ['p99', 'latency_p99', 'p99_latency', 'max', 'latency_max', 'max_latency', 'p999', 'latency_p999'],
    summary: '99th percentile of the latency; a higher one or the maximum is taken for it.',
  },
  price: {
    kind: 'number',
    names: ['price', 'cost', 'price_per_hour', 'usd_per_hour', 'spot_price', 'cost_per_1k', 'usd'],
    summary: 'Price, in any unit that stays the same.',
  },
} as const satisfies Readonly<Record<string, Field>>;

export type FieldName = keyof typeof fields;

export const fieldNames = Object.keys(fields) as readonly FieldName[];
