import { Hono } from 'hono';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { GatewayConfig } from '../../../../harness/serving/config.ts';
import { dataToken } from '../../../../harness/serving/data/settings.ts';
import { referenceDesign } from '../../../../harness/serving/design/reference.ts';
import { addDatasetRoutes } from '../../../../harness/serving/doors/datasets.ts';
import { Refused } from '../../../../harness/serving/errors.ts';
import type { Stack } from '../../../../harness/serving/stack.ts';

const dataset = {
  name: 'patients',
  kind: 'patients',
  rows: 200,
  seed: 1,
  regions: ['eu-west', 'us-east'],
  residency: { within: 'EU', transfers: [] },
  readers: ['clinic'],
  analysts: [],
};
const nodeOf = (region: string) => ({
  id: `stack/${region}/data`,
  kind: 'data',
  region,
  origin: `http://${region}.test`,
  rttMs: 1,
});
const config: GatewayConfig = {
  model: 'digits',
  links: [],
  design: referenceDesign,
  datasets: [dataset],
  nodes: [nodeOf('us-east'), nodeOf('eu-west')],
};

/** Everybody is whom it says it is. */
const byName: Stack['admit'] = (_, { tenant = '' }) => ({ subject: tenant, tenant });

/** The door over nodes that answer by their hosts. */
const openDoor = (answers: Readonly<Record<string, number>>, admit: Stack['admit'] = byName) => {
  const asked: Request[] = [];
  vi.stubGlobal('fetch', async (...args: Parameters<typeof fetch>) => {
    const request = new Request(...args);
    asked.push(request);
    return Response.json({}, { status: answers[new URL(request.url).host] ?? 503 });
  });
  const app = new Hono();
  addDatasetRoutes(app, { admit }, config);
  const get = (path: string) => app.request(path, { headers: { 'x-squall-tenant': 'clinic', 'x-squall-request-id': 'r-1' } });
  return { asked, get };
};
afterEach(() => vi.unstubAllGlobals());

describe('the door for datasets', () => {
  it('tells what there is', async () => {
    const { get } = openDoor({});
    expect(await (await get('/v2/datasets')).json()).toMatchObject({
      datasets: [{ name: 'patients', residency: { home: 'eu-west', within: 'EU' } }],
    });
  });

  it('asks the home first, and another region of the dataset when it does not answer', async () => {
    const { asked, get } = openDoor({ 'eu-west.test': 503, 'us-east.test': 200 });
    const response = await get('/v2/datasets/patients/rows?offset=0&limit=5');
    expect(response.status).toBe(200);
    expect(response.headers.get('x-squall-served-by')).toBe('stack/us-east/data');
    expect(asked.map(({ url }) => url)).toEqual(
      ['eu-west', 'us-east'].map((region) => `http://${region}.test/datasets/patients/rows?offset=0&limit=5`),
    );
    expect(asked[0]!.headers.get('authorization')).toBe(`Bearer ${dataToken(config)}`);
    expect(asked[0]!.headers.get('x-squall-request-id')).toBe('r-1');
  });

  it('has statistics from the home alone, where the budget is kept', async () => {
    const { asked, get } = openDoor({ 'us-east.test': 200 });
    expect((await get('/v2/datasets/patients/statistics?of=count')).status).toBe(503);
    expect(asked).toHaveLength(1);
  });

  it('reads in the name of whom its caller is known to be, and asks no node for anybody else', async () => {
    const known = openDoor({ 'eu-west.test': 200 }, () => ({ subject: 'client-7', tenant: 'hospital' }));
    expect((await known.get('/v2/datasets/patients/rows')).status).toBe(200);
    expect(known.asked[0]!.headers.get('x-squall-tenant')).toBe('hospital');
    const refused = openDoor({ 'eu-west.test': 200 }, (_, { tenant }) => {
      throw new Refused('forbidden', `not for ${tenant}`);
    });
    expect((await refused.get('/v2/datasets/patients/rows')).status).toBe(403);
    expect(refused.asked).toEqual([]);
  });

  it('hands refusals on, and asks nobody else', async () => {
    const { asked, get } = openDoor({ 'eu-west.test': 403, 'us-east.test': 200 });
    expect((await get('/v2/datasets/patients/rows')).status).toBe(403);
    expect(asked).toHaveLength(1);
    expect((await get('/v2/datasets/others/rows')).status).toBe(404);
  });
});
