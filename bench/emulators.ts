/**
 * Signed InvokeEndpoint requests a second that an emulator answers on one core, beside moto's server and a bare Node echo, in one run:
 *
 *     npx node bench/emulators.ts [seconds a round, default 5] [rounds, default 3]
 *
 * Squall checks the signature and predicts the digit; moto checks no signature and answers a constant; the echo sends back what it gets. Each
 * server has core 0 to itself (Linux), the load comes from another. Goals: twenty times moto, half the echo.
 */
import autocannon from 'autocannon';
import Table from 'cli-table3';
import { request } from 'undici';
import { medianOf } from './agreement/figures.ts';
import { signInvoke } from './emulators/request.ts';
import { type Contender, contenders, leaveCoreToServers, type Server } from './emulators/servers.ts';
import { describeMachine, machineLine } from './machine/describe.ts';
import { BenchProblem, sayProblems } from './problem.ts';

sayProblems();
const SECONDS = Number(process.argv[2] ?? 5);
const ROUNDS = Number(process.argv[3] ?? 3);
if (!(SECONDS >= 1 && ROUNDS >= 1)) throw new BenchProblem('bench/emulators: seconds and rounds must be numbers of at least 1.');
const CONNECTIONS = 64;
const WARMUP_S = 1;
const GOALS = { timesMoto: 20, shareOfEcho: 0.5 };

/** Closed loop, one connection a request: autocannon loses its place when a server ends each connection. */
const loadByShortConnections = async (server: Server, seconds: number): Promise<number> => {
  const { origin, credential } = server;
  const { path, headers, body } = await signInvoke(origin, credential);
  const startedMs = performance.now();
  let answers = 0;
  const lane = async () => {
    while (performance.now() - startedMs < seconds * 1000) {
      const response = await request(`${origin}${path}`, { method: 'POST', headers: { ...headers }, body });
      await response.body.dump();
      if (response.statusCode !== 200) throw new BenchProblem(`${origin} answered with status ${response.statusCode}.`);
      answers += 1;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, lane));
  return (answers * 1000) / (performance.now() - startedMs);
};

const load = async (server: Server, seconds: number): Promise<number> => {
  const { origin, credential } = server;
  const { path, headers, body } = await signInvoke(origin, credential);
  const result = await autocannon({
    url: `${origin}${path}`,
    method: 'POST',
    headers: { ...headers },
    body,
    connections: CONNECTIONS,
    duration: seconds,
  });
  if (result.non2xx > 0 || result.errors > 0 || result['2xx'] === 0) {
    throw new BenchProblem(
      `${origin} answered ${result['2xx']} requests well, ${result.non2xx} badly, ${result.errors} not at all.`,
    );
  }
  return result['2xx'] / result.duration;
};

const measure = async ({ start, hasShortConnections }: Contender): Promise<number> => {
  const server = await start();
  const send = hasShortConnections ? loadByShortConnections : load;
  try {
    await send(server, WARMUP_S);
    return await send(server, SECONDS);
  } finally {
    await server.stop();
  }
};

console.log(machineLine(describeMachine()));
leaveCoreToServers();
const rates = new Map<Contender, number[]>(contenders.map((contender) => [contender, []]));
for (let round = 0; round < ROUNDS; round += 1) {
  for (const contender of contenders) rates.get(contender)!.push(await measure(contender));
}

const medians = contenders.map((contender) => medianOf(rates.get(contender)!));
const [moto = 0, echo = 0, emulator = 0] = medians;
const whole = (value: number) => Math.round(value).toLocaleString('en');
const table = new Table({
  head: ['server', 'requests/s', 'lowest', 'highest', 'x moto', 'x echo'],
  style: { head: [], border: [] },
});
contenders.forEach((contender, index) => {
  const own = rates.get(contender)!;
  const median = medians[index]!;
  table.push([
    contender.name,
    whole(median),
    whole(Math.min(...own)),
    whole(Math.max(...own)),
    (median / moto).toFixed(1),
    (median / echo).toFixed(2),
  ]);
});
console.log(table.toString());
console.log(`medians of ${ROUNDS} rounds of ${SECONDS} s, ${CONNECTIONS} connections`);
const met = (isMet: boolean) => (isMet ? 'met' : 'MISSED');
console.log(`goal, ${GOALS.timesMoto} x moto: ${met(emulator >= GOALS.timesMoto * moto)}`);
console.log(`goal, ${GOALS.shareOfEcho} x echo: ${met(emulator >= GOALS.shareOfEcho * echo)}`);
process.exit(0);
