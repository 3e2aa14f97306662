import type { Design, GatewayConfig, GatewayLink } from '../../harness/serving/config.ts';
import type { FetchHandler, ProviderCredential } from '../../mocks/emulator.ts';

type Answer = (request: Request) => Promise<Response>;

/** How a fake link, or the endpoint beside it, behaves from now on. */
export type Behaviour = (answer: Answer, request: Request) => Promise<Response>;

const wait = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort);
  });

/** Answers after that long. */
export const answersAfter =
  (ms: number): Behaviour =>
  async (answer, request) => {
    await wait(ms, request.signal);
    return answer(request);
  };

/** Nobody listens. */
export const refuses: Behaviour = async () => {
  throw new TypeError('fetch failed');
};

/** No answer ever comes; the request ends when its sender gives it up. */
export const blackhole: Behaviour = (_answer, request) => wait(2 ** 30, request.signal) as never;

/** Answers with a status and no more, after 20 ms. */
export const fails =
  (status: number, headers: Record<string, string> = {}): Behaviour =>
  async (_answer, request) => {
    await wait(20, request.signal);
    return new Response('{}', { status, headers });
  };

/** Each request takes the next behaviour; the last holds on. */
export const inTurn = (...behaviours: readonly [Behaviour, ...Behaviour[]]): Behaviour => {
  let at = 0;
  return (answer, request) => {
    const behaviour = behaviours[Math.min(at, behaviours.length - 1)]!;
    at += 1;
    return behaviour(answer, request);
  };
};

/** Providers as far as the serving stack sees them, without sockets, signatures or real keys: for tests in virtual time. */
export interface FakeLinks {
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  config(design: Design, overrides?: Partial<GatewayLink>): GatewayConfig;
  /** @param part a link id, or `aws/secret`, `azure/token`, `aws/price`, ... */
  set(part: string, behaviour: Behaviour): void;
  /** Requests that have reached the part. */
  requests(part: string): number;
  /** Requests that were given up by their sender before they were answered. */
  aborted(part: string): number;
  setUsdPerHour(linkId: string, usdPerHour: number): void;
  /** The present credential and all made from it is dead; `publish` puts the next into the secret store. */
  revoke(provider: 'aws' | 'azure'): void;
  publish(provider: 'aws' | 'azure'): void;
  /** Tokens (azure) are dead; the credential is good. */
  expireTokens(): void;
}

const SERVICE = { aws: 'sagemaker-runtime', azure: 'ml-online-endpoint' } as const;
type FakeProvider = keyof typeof SERVICE;

/** Provider and region. */
export type FakeLink = readonly [provider: FakeProvider, region: string];

/** The id of a fake link. */
export const linkId = (provider: FakeProvider, region: string): string => `${provider}/${region}/${SERVICE[provider]}`;

const CLASSES = 10;

/** As `stubModels`: the label is the sum of the row. */
const classify = (row: readonly number[]) => {
  const label = row.reduce((sum, value) => sum + value, 0) % CLASSES;
  return { label, probabilities: Array.from({ length: CLASSES }, (_, at) => (at === label ? 0.91 : 0.01)) };
};

const makeCredential = (provider: FakeProvider, version: number): ProviderCredential =>
  provider === 'aws'
    ? { provider, accessKeyId: `AKIA-${version}`, secretAccessKey: `aws-secret-${version}` }
    : { provider, tenantId: 'tenant', clientId: 'client', clientSecret: `azure-secret-${version}`, endpointKey: 'unused' };

/** What a provider knows of the workload. */
const createIdentity = (provider: FakeProvider) => {
  let published = 1;
  let active = 1;
  let tokens = 0;
  const goodToken = () => `token-${active}-${tokens}`;
  return {
    revoke() {
      active = 0;
      tokens += 1;
    },
    publish() {
      published += 1;
      active = published;
    },
    expireTokens: () => {
      tokens += 1;
    },
    secret: () => Response.json({ credential: makeCredential(provider, published) }),
    /** Entra's answer. */
    async token(request: Request) {
      const secret = new URLSearchParams(await request.text()).get('client_secret');
      return secret === `azure-secret-${active}`
        ? Response.json({ access_token: goodToken(), expires_in: 3600 })
        : Response.json({ error: 'invalid_client' }, { status: 401 });
    },
    letsIn: (request: Request) =>
      provider === 'aws'
        ? request.headers.get('authorization')?.includes(`Credential=AKIA-${active}/`)
        : request.headers.get('authorization') === `Bearer ${goodToken()}`,
  };
};

const REFUSED = {
  aws: () => Response.json({}, { status: 403, headers: { 'x-amzn-errortype': 'UnrecognizedClientException' } }),
  azure: () => new Response('', { status: 401 }),
};

const predict = {
  aws: async (request: Request) => {
    const { instances } = (await request.json()) as { instances: number[][] };
    return Response.json({ predictions: instances.map(classify) });
  },
  azure: async (request: Request) => {
    const { input_data } = (await request.json()) as { input_data: number[][] };
    return Response.json(input_data.map(classify));
  },
};

const price = {
  aws: (usdPerHour: number) => {
    const product = {
      terms: { OnDemand: { a: { priceDimensions: { b: { unit: 'Hrs', pricePerUnit: { USD: `${usdPerHour}` } } } } } },
    };
    return Response.json({ PriceList: [JSON.stringify(product)] });
  },
  azure: (usdPerHour: number) =>
    Response.json({ Items: [{ retailPrice: usdPerHour, unitOfMeasure: '1 Hour', currencyCode: 'USD' }] }),
};

/** @param links in order of priority */
export const createFakeLinks = (...links: readonly FakeLink[]): FakeLinks => {
  const identities = { aws: createIdentity('aws'), azure: createIdentity('azure') };
  const behaviours = new Map<string, Behaviour>();
  const counts = new Map<string, { requests: number; aborted: number }>();
  const usdPerHour = new Map<string, number>();
  const handlers = new Map<string, { readonly part: string; readonly answer: Answer }>();

  const countOf = (part: string) => {
    const count = counts.get(part) ?? { requests: 0, aborted: 0 };
    counts.set(part, count);
    return count;
  };
  const serve = (origin: string, part: string, answer: Answer) => handlers.set(origin, { part, answer });

  for (const provider of ['aws', 'azure'] as const) {
    const identity = identities[provider];
    serve(`http://secret.${provider}.test`, `${provider}/secret`, async () => identity.secret());
    serve(`http://token.${provider}.test`, `${provider}/token`, (request) => identity.token(request));
    serve(`http://price.${provider}.test`, `${provider}/price`, async (request) => {
      const asked = decodeURIComponent(`${request.url} ${await request.text()}`);
      const link = links.find(([of, region]) => of === provider && asked.includes(region));
      return price[provider](usdPerHour.get(linkId(provider, link![1])) ?? 0.36);
    });
  }
  for (const [provider, region] of links) {
    serve(`http://${region}.${provider}.test`, linkId(provider, region), async (request) =>
      identities[provider].letsIn(request) ? predict[provider](request) : REFUSED[provider](),
    );
    behaviours.set(linkId(provider, region), answersAfter(40));
  }

  return {
    async fetch(input, init) {
      const request = new Request(input, init);
      const handler = handlers.get(new URL(request.url).origin);
      if (!handler) throw new TypeError('fetch failed');
      const count = countOf(handler.part);
      count.requests += 1;
      request.signal.addEventListener('abort', () => {
        count.aborted += 1;
      });
      return (behaviours.get(handler.part) ?? answersAfter(5))(handler.answer, request);
    },
    config: (design, overrides = {}) => ({
      model: 'digits',
      design,
      links: links.map(([provider, region], priority) => ({
        id: linkId(provider, region),
        provider,
        region,
        endpoint: `http://${region}.${provider}.test`,
        endpointName: 'digits',
        ...(provider === 'azure' ? { tokenEndpoint: 'http://token.azure.test' } : {}),
        priceEndpoint: `http://price.${provider}.test`,
        instanceType: 'small',
        serviceTimeMs: 40,
        concurrency: 4,
        secretEndpoint: `http://secret.${provider}.test`,
        secretStoreToken: 'opens-the-store',
        priority,
        ...overrides,
      })),
    }),
    set: (part, behaviour) => behaviours.set(part, behaviour),
    requests: (part) => countOf(part).requests,
    aborted: (part) => countOf(part).aborted,
    setUsdPerHour: (id, usd) => usdPerHour.set(id, usd),
    revoke: (provider) => identities[provider].revoke(),
    publish: (provider) => identities[provider].publish(),
    expireTokens: () => identities.azure.expireTokens(),
  };
};

/** What a caller of the gateway sees of one request. */
export interface Seen {
  readonly status: number;
  readonly servedBy: string | null;
  readonly degraded: string | null;
  readonly elapsedMs: number;
  readonly body: unknown;
}

/** Asks a gateway for a prediction and measures, in the world's time. */
export const ask = async (
  gateway: { readonly fetch: FetchHandler },
  rows: readonly (readonly number[])[],
  { headers = {}, signal }: { readonly headers?: Record<string, string>; readonly signal?: AbortSignal } = {},
): Promise<Seen> => {
  const startedAtMs = performance.now();
  const response = await gateway.fetch(
    new Request('http://gateway.test/v2/models/digits/infer', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({
        inputs: [{ name: 'pixels', shape: [rows.length, 64], datatype: 'FP32', data: rows.flat() }],
      }),
      ...(signal ? { signal } : {}),
    }),
  );
  const elapsedMs = performance.now() - startedAtMs;
  return {
    status: response.status,
    servedBy: response.headers.get('x-squall-served-by'),
    degraded: response.headers.get('x-squall-degraded'),
    elapsedMs,
    body: await response.json(),
  };
};
