import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { untilAborted } from '../../../harness/serving/abort.ts';
import type { Design, GatewayConfig, GatewayLink } from '../../../harness/serving/config.ts';
import { applyPatch, type DesignPatch } from '../../../harness/serving/design/patch.ts';
import { createGateway, type Gateway } from '../../../harness/serving/gateway.ts';
import { callUsd } from '../../../harness/serving/unit-price.ts';
import type { FetchHandler, ProviderEmulator, ProviderName, RegionConfig } from '../../../mocks/emulator.ts';
import { ModelInputError, type ModelRuntime } from '../../../mocks/models/runtime.ts';
import { providers } from '../../../mocks/providers.ts';
import { policiesOff } from '../../support/designs.ts';
import { ask } from '../../support/fake-links.ts';
import { rowLabelled, stubModels } from '../../support/model.ts';
import { openDesign } from '../../support/open-design.ts';

const CAPACITY = { serviceTimeMs: 1, serviceTimeSigma: 0, concurrency: 4, queueLimit: 64 };
const SECRET_STORE_TOKEN = 'workload-identity';
/** Instance types and regions as the price book has them; two regions a provider. */
const REGIONS: Readonly<Record<ProviderName, readonly RegionConfig[]>> = {
  aws: ['us-east-1', 'eu-west-1'].map((region) => ({
    region,
    capacity: CAPACITY,
    instanceUsdPerHour: 0.7364,
    instanceType: 'ml.g4dn.xlarge',
  })),
  google: ['us-east4', 'europe-west4'].map((region) => ({
    region,
    capacity: CAPACITY,
    instanceUsdPerHour: 0.916,
    instanceType: 'g2-standard-4',
  })),
  azure: ['eastus', 'westeurope'].map((region) => ({
    region,
    capacity: CAPACITY,
    instanceUsdPerHour: 0.526,
    instanceType: 'Standard_NC4as_T4_v3',
  })),
};
/** Google's endpoint ids are numbers. */
const ENDPOINT_NAME: Readonly<Record<ProviderName, string>> = { aws: 'digits', google: '1234567890', azure: 'blue' };

interface World {
  readonly emulators: Readonly<Record<string, ProviderEmulator>>;
  readonly links: readonly GatewayLink[];
  readonly handlers: Map<string, FetchHandler>;
  readonly asked: string[];
}

const originOf = (provider: string, region: string, service: string) => `http://${service}.${region}.${provider}.test:8080`;

const createWorld = async (): Promise<World> => {
  const handlers = new Map<string, FetchHandler>();
  const emulators: Record<string, ProviderEmulator> = {};
  const links: GatewayLink[] = [];
  for (const definition of Object.values(providers)) {
    const { provider } = definition;
    const emulator = await definition.createEmulator(
      {
        provider,
        regions: REGIONS[provider],
        credential: await definition.mintCredential(),
        secretStoreToken: SECRET_STORE_TOKEN,
        endpointName: ENDPOINT_NAME[provider],
        model: 'digits',
      },
      { models },
    );
    emulators[provider] = emulator;
    for (const { definition: of, region, fetch } of emulator.endpoints)
      handlers.set(originOf(provider, region, of.service), fetch);
    const globalOrigin = (role: string) => {
      const service = definition.services.find((candidate) => candidate.role === role)?.service;
      return service && originOf(provider, 'global', service);
    };
    const tokenEndpoint = globalOrigin('token');
    const { service } = definition.services.find(({ role }) => role === 'inference')!;
    for (const { region, instanceType } of REGIONS[provider]) {
      links.push({
        id: `${provider}/${region}/${service}`,
        provider,
        region,
        endpoint: originOf(provider, region, service),
        endpointName: ENDPOINT_NAME[provider],
        ...(tokenEndpoint ? { tokenEndpoint } : {}),
        priceEndpoint: globalOrigin('price')!,
        instanceType,
        serviceTimeMs: 40,
        concurrency: 4,
        secretEndpoint: globalOrigin('secret')!,
        secretStoreToken: SECRET_STORE_TOKEN,
        priority: links.length,
      });
    }
  }
  return { emulators, links, handlers, asked: [] };
};

/** Finite in JSON, and for a model that computes in 32 bits no number. */
const TOO_LARGE = 1e300;

const models: ModelRuntime = {
  async predict(model, inputs) {
    if (inputs.flat().includes(TOO_LARGE)) throw new ModelInputError('a value is not a finite number');
    return stubModels.predict(model, inputs);
  },
};

let world: World;
let gateway: Gateway;
let events: string[];

const start = async (links: readonly GatewayLink[], patch: DesignPatch, base: Design = openDesign): Promise<Gateway> => {
  const config: GatewayConfig = { model: 'digits', links, design: applyPatch(base, patch) };
  gateway = createGateway(config, { models: stubModels, onEvent: (text) => events.push(text) });
  await gateway.start();
  return gateway;
};

const linksOf = (provider: string) => world.links.filter((link) => link.provider === provider);

const labelsOf = (body: unknown): unknown => (body as { outputs?: { data: unknown }[] }).outputs?.[0]?.data;

beforeAll(() => {
  // Real time: keys are generated and signatures made by the platform's own crypto.
  vi.useRealTimers();
});

beforeEach(async () => {
  events = [];
  world = await createWorld();
  vi.stubGlobal('fetch', async (input: string, init?: RequestInit) => {
    const request = new Request(input, init);
    const { origin, host } = new URL(request.url);
    const handler = world.handlers.get(origin);
    if (!handler) throw new TypeError('fetch failed');
    world.asked.push(origin);
    // A socket's server finds the host in the headers.
    request.headers.set('host', host);
    return untilAborted(handler(request), request.signal);
  });
});

afterEach(() => {
  gateway.stop();
  vi.unstubAllGlobals();
});

describe.each(Object.keys(REGIONS))('given only %s', (provider) => {
  it('predicts in every region, a batch in order', async () => {
    for (const link of linksOf(provider)) {
      const to = await start([link], policiesOff);
      const seen = await ask(to, [rowLabelled(3), rowLabelled(9), rowLabelled(0)]);
      expect(seen).toMatchObject({ status: 200, servedBy: link.id, degraded: null });
      expect(labelsOf(seen.body)).toEqual([3, 9, 0]);
      gateway.stop();
    }
  });

  it('answers 400 for an input that the provider refuses', async () => {
    const [link] = linksOf(provider);
    const to = await start([link!], {});
    const row = [TOO_LARGE, ...rowLabelled(1).slice(1)];
    expect(await ask(to, [row])).toMatchObject({ status: 400, servedBy: null });
  });

  it('knows the price in force', async () => {
    const links = linksOf(provider);
    const [first, second] = links;
    const listPrice = callUsd(REGIONS[provider as ProviderName][0]!.instanceUsdPerHour, first!) * 1000;
    await world.emulators[provider]!.control({
      type: 'set-price-multiplier',
      region: first!.region,
      service: '*',
      multiplier: 10,
    });
    const to = await start(links, { ...policiesOff, costGuard: { maxUsdPer1k: listPrice * 2, refreshMs: 60_000 } });
    await vi.waitFor(() => expect(events.some((text) => text.startsWith(`cost guard left ${first!.id}`))).toBe(true));
    expect(events.find((text) => text.startsWith('cost guard left'))).toContain(
      `${Number((listPrice * 10).toPrecision(3))} USD per 1k over`,
    );
    expect(await ask(to, [rowLabelled(1)])).toMatchObject({ status: 200, servedBy: second!.id });
  });

  it('recovers from a revoked credential when the new one is published, with refresh', async () => {
    const [link] = linksOf(provider);
    const to = await start([link!], { ...policiesOff, credentialRefresh: { minIntervalMs: 20 } });
    expect(await ask(to, [rowLabelled(1)])).toMatchObject({ status: 200 });
    await world.emulators[provider]!.control({ type: 'revoke-credential', replacementAfterMs: null });
    expect(await ask(to, [rowLabelled(1)])).toMatchObject({ status: 503 });
    await world.emulators[provider]!.control({ type: 'revoke-credential', replacementAfterMs: 0 });
    await vi.waitFor(async () => expect(await ask(to, [rowLabelled(2)])).toMatchObject({ status: 200, servedBy: link!.id }), {
      timeout: 5000,
      interval: 25,
    });
    expect(events).toContain(`credential of ${provider} refreshed`);
  });

  it('does not notice expired tokens, with refresh', async () => {
    const [link] = linksOf(provider);
    const to = await start([link!], { ...policiesOff, credentialRefresh: { minIntervalMs: 20 } });
    await world.emulators[provider]!.control({ type: 'expire-tokens' });
    expect(await ask(to, [rowLabelled(1)])).toMatchObject({ status: 200, servedBy: link!.id });
  });

  it('never recovers without refresh', async () => {
    const [link] = linksOf(provider);
    const to = await start([link!], policiesOff);
    await world.emulators[provider]!.control({ type: 'revoke-credential', replacementAfterMs: 0 });
    for (let n = 0; n < 5; n += 1) expect(await ask(to, [rowLabelled(1)])).toMatchObject({ status: 503 });
  });

  it('tells overload from failure, and leaves an overloaded link for the next', async () => {
    const links = linksOf(provider);
    const to = await start(links, {
      ...policiesOff,
      retry: openDesign.retry,
      circuitBreaker: openDesign.circuitBreaker,
    });
    await world.emulators[provider]!.control({
      type: 'set-quota',
      region: links[0]!.region,
      service: '*',
      requestsPerS: 1,
    });
    for (let n = 0; n < 12; n += 1) expect(await ask(to, [rowLabelled(1)])).toMatchObject({ status: 200, degraded: null });
    expect(events.filter((text) => text.startsWith('breaker'))).toEqual([]);
  });
});

describe('given all providers', () => {
  it('fails over from one to the next', async () => {
    const to = await start(world.links, { hedging: false });
    for (const { endpoint, id } of world.links.slice(0, -1)) {
      expect((await ask(to, [rowLabelled(5)])).servedBy).toBe(id);
      world.handlers.delete(endpoint);
    }
    // The first request after a failure is retried; two retries get no further than the third link.
    const seen = await ask(to, [rowLabelled(5)]);
    expect(seen).toMatchObject({ status: 200, servedBy: world.links.at(-1)!.id });
  });

  it('never tells a secret', async () => {
    const to = await start(world.links, { credentialRefresh: { minIntervalMs: 1 } });
    for (const emulator of Object.values(world.emulators)) {
      await emulator.control({ type: 'revoke-credential', replacementAfterMs: null });
    }
    const bodies: string[] = [];
    for (let n = 0; n < 5; n += 1) bodies.push(JSON.stringify((await ask(to, [rowLabelled(1)])).body));
    const secrets = await Promise.all(
      world.links.map(async ({ secretEndpoint }) => {
        const headers = { authorization: `Bearer ${SECRET_STORE_TOKEN}` };
        const response = await world.handlers.get(secretEndpoint)!(new Request(`${secretEndpoint}/credential`, { headers }));
        const { credential } = (await response.json()) as { credential: Record<string, string> };
        return [credential.secretAccessKey, credential.sessionToken, credential.privateKeyPem, credential.clientSecret];
      }),
    );
    const told = [...events, ...bodies].join('\n');
    expect(events.some((text) => text.includes('refused'))).toBe(true);
    for (const secret of [SECRET_STORE_TOKEN, ...secrets.flat()]) if (secret) expect(told).not.toContain(secret);
  });
});
