/** Every metric that an expectation can name. */
export type MetricName =
  | 'availability'
  | 'goodput'
  | 'p50'
  | 'p95'
  | 'p99'
  | 'p999'
  | 'failoverTime'
  | 'recoveryTime'
  | 'degradedShare'
  | 'accuracy'
  | 'costPer1k'
  | 'budget';
