import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../../../harness/serving/audit/chain.ts';
import { createMemoryJournal, type Journal } from '../../../../harness/serving/audit/journal.ts';
import { verifyAudit } from '../../../../harness/serving/audit/verify.ts';
import { type DataAudit, dataNode } from '../../../../harness/serving/data/node.ts';
import { dataToken } from '../../../../harness/serving/data/settings.ts';
import type { Design } from '../../../../harness/serving/design/policies.ts';
import { referenceDesign } from '../../../../harness/serving/design/reference.ts';
import type { NodeConfig, NodeDependencies, NodeRecord } from '../../../../harness/serving/nodes/node.ts';
import { createMemoryBackup } from '../../../../harness/serving/registry/store.ts';

const DATASET = {
  name: 'patients',
  kind: 'patients',
  rows: 600,
  seed: 1,
  regions: ['eu-west'],
  residency: { within: 'EU', transfers: [] },
  readers: ['clinic'],
  analysts: ['analyst'],
};

/** A node over stores that outlive it. */
const stage = (patch: Partial<Design> = {}) => {
  const objects = createMemoryBackup();
  const journals = new Map<string, Journal>();
  const records: NodeRecord[] = [];
  const broken = { isFull: false };
  const journal = (name: string): Journal => {
    if (!journals.has(name)) journals.set(name, createMemoryJournal());
    const kept = journals.get(name)!;
    return {
      read: kept.read,
      append: (lines) => (broken.isFull ? Promise.reject(new Error('the disk is full')) : kept.append(lines)),
    };
  };
  const stack = { model: 'digits', links: [], design: { ...referenceDesign, ...patch } };
  const config: NodeConfig = {
    id: 'stack/eu-west/data',
    kind: 'data',
    region: 'eu-west',
    stack,
    settings: { datasets: [DATASET], dayMs: 86_400_000 },
  };
  const dependencies = {
    stores: { objects: () => objects, journal },
    onEvent: () => undefined,
    onRecord: (record: NodeRecord) => records.push(record),
  } as unknown as NodeDependencies;
  const start = async () => {
    const node = await dataNode.create(config, dependencies);
    await node.start();
    const get = async (path: string, headers: Record<string, string> = {}) => {
      const response = await node.fetch!(
        new Request(`http://node.test${path}`, {
          headers: {
            authorization: `Bearer ${dataToken(stack)}`,
            'x-squall-tenant': 'clinic',
            'x-squall-request-id': 'r-1',
            ...headers,
          },
        }),
      );
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    };
    return { node, get };
  };
  const logged = async () => (await journal('audit').read()).map((line) => (JSON.parse(line) as AuditEntry).event);
  return { start, logged, records, broken, journal };
};

describe('a node that keeps datasets', () => {
  it('gives pages that are the same whoever asks, and says from where', async () => {
    const { get } = await stage().start();
    const { status, body } = await get('/datasets/patients/rows?offset=240&limit=20', { 'x-squall-caller-region': 'us-east' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: 'r-1',
      total: 600,
      residency: { home: 'eu-west', within: 'EU', servedFrom: 'eu-west', callerRegion: 'us-east' },
    });
    const again = await (await stage().start()).get('/datasets/patients/rows?offset=240&limit=20');
    expect(again.body.rows).toEqual(body.rows);
    expect(body.rows).toHaveLength(20);
  });

  it('writes every read down, the refused ones too, in a log that verifies', async () => {
    const { start, logged } = stage();
    const { node, get } = await start();
    await get('/datasets/patients/rows?limit=7', { 'x-squall-purpose': 'care' });
    expect((await get('/datasets/patients/rows', { 'x-squall-tenant': 'analyst' })).status).toBe(403);
    expect((await get('/datasets/others/rows')).status).toBe(404);
    expect((await get('/datasets/patients/statistics?of=median')).status).toBe(400);
    expect((await get('/datasets/patients/rows', { authorization: 'Bearer x' })).status).toBe(401);
    expect((await logged()).filter(({ type }) => type === 'read')).toMatchObject([
      { tenant: 'clinic', dataset: 'patients', rows: 7, purpose: 'care', servedFrom: 'eu-west', outcome: 'given' },
      { tenant: 'analyst', rows: 0, outcome: 'refused', reason: 'not-allowed' },
      { dataset: 'others', outcome: 'refused', reason: 'unknown-dataset' },
      { outcome: 'refused', reason: 'bad-request' },
    ]);
    const { entries, checkpoints, publicKey } = (await node.audit!()) as DataAudit;
    const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');
    expect((await verifyAudit(text(entries!), text(checkpoints), { publicKey })).flaw).toBeNull();
  });

  it('answers nothing that it cannot write down', async () => {
    const { start, broken } = stage();
    const { get } = await start();
    broken.isFull = true;
    expect((await get('/datasets/patients/rows')).status).toBe(503);
    expect((await get('/datasets/patients/statistics?of=count', { 'x-squall-tenant': 'analyst' })).status).toBe(503);
  });

  it('refuses statistics beyond the budget, after a restart too, and charges no refusal', async () => {
    const { start, journal } = stage({
      privacy: {
        ...(referenceDesign.privacy as Exclude<Design['privacy'], false>),
        epsilon: 1,
        budget: 3,
        composition: 'sequential',
      },
    });
    const first = await start();
    const ask = (get: typeof first.get) => get('/datasets/patients/statistics?of=count', { 'x-squall-tenant': 'analyst' });
    expect((await ask(first.get)).body).toMatchObject({ noise: { mechanism: 'laplace', epsilon: 1 }, spent: { epsilon: 1 } });
    expect((await ask(first.get)).status).toBe(200);
    first.node.stop();
    const second = await start();
    expect((await ask(second.get)).body).toMatchObject({ spent: { epsilon: 3 } });
    for (let again = 0; again < 3; again += 1)
      expect(await ask(second.get)).toMatchObject({ status: 429, body: { reason: 'over-budget' } });
    expect(await journal('privacy').read()).toHaveLength(3);
  });

  it('suspends whom an alert is about, where the design says so, and knows after a restart what is usual', async () => {
    const audit = referenceDesign.audit as Exclude<Design['audit'], false>;
    const { start, records } = stage({ audit: { ...audit, suspend: true } });
    const first = await start();
    for (let read = 0; read < 40; read += 1)
      await first.get('/datasets/patients/rows?limit=5', { 'x-squall-caller-region': 'eu-west' });
    first.node.stop();
    const { get } = await start();
    expect((await get('/datasets/patients/rows?limit=5', { 'x-squall-caller-region': 'ap-northeast' })).status).toBe(200);
    expect(records).toMatchObject([{ type: 'data-alert', kind: 'place', caller: 'clinic' }]);
    expect(await get('/datasets/patients/rows?limit=5')).toMatchObject({ status: 403, body: { reason: 'suspended' } });
    const third = await start();
    expect((await third.get('/datasets/patients/rows?limit=5')).status).toBe(403);
  });

  it('keeps no log and adds no noise where the design has neither', async () => {
    const { start, logged } = stage({ audit: false, privacy: false });
    const { node, get } = await start();
    expect((await get('/datasets/patients/statistics?of=count')).body).toMatchObject({ values: [600], noise: null });
    expect(await logged()).toEqual([]);
    expect(await node.audit!()).toMatchObject({ entries: null });
  });
});
