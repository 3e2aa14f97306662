import autocannon from 'autocannon';
import { BenchProblem } from '../problem.ts';
import type { BenchRequest } from './contender.ts';
import { type Sample, sampleOf } from './figures.ts';

/** Closed loop over kept-alive connections. Latencies are autocannon's own of each answer: its histogram knows whole milliseconds only. */
export const load = (
  who: string,
  { url, headers, body }: BenchRequest,
  connections: number,
  limit: { readonly seconds: number } | { readonly amount: number },
): Promise<Sample> =>
  new Promise((resolve, reject) => {
    const latenciesMs: number[] = [];
    const bounds = 'amount' in limit ? { amount: limit.amount } : { duration: limit.seconds };
    const options = { url, method: 'POST', headers: { ...headers }, body, connections, ...bounds } as const;
    const running = autocannon(options, (error, result) => {
      if (error) reject(error);
      else if (result.non2xx > 0 || result.errors > 0 || result['2xx'] === 0) {
        const { '2xx': good, non2xx, errors } = result;
        reject(new BenchProblem(`bench/gateway: ${who} answered ${good} requests well, ${non2xx} badly, ${errors} not at all.`));
      } else resolve(sampleOf(latenciesMs, result.duration));
    });
    running.on('response', (_client, _status, _bytes, tookMs) => latenciesMs.push(tookMs));
  });
