import { type AuditLog, openAuditLog } from '../audit/audit-log.ts';
import type { AuditEntry } from '../audit/chain.ts';
import { openSigningKey } from '../audit/signing-key.ts';
import type { GatewayConfig } from '../config.ts';
import { envelopeOf } from '../encryption/stack-envelope.ts';
import { messageOf } from '../errors.ts';
import type { NodeConfig, NodeDependencies, NodeInstance, NodeKind } from '../nodes/node.ts';
import { openLedger } from '../privacy/ledger.ts';
import { lossOf } from '../privacy/mechanism.ts';
import { envelopesAtRest, plainAtRest } from './at-rest.ts';
import { readDataCaller } from './data-caller.ts';
import { createDatasetStore } from './dataset-store.ts';
import { createIntruder } from './intruder.ts';
import { createDataService, isAccess } from './service.ts';
import { DATA, type DataSettings, dataToken } from './settings.ts';
import { createWatch } from './watch.ts';

/** What a node that keeps datasets holds when the run ends: its log, as it lies on the disk. */
export interface DataAudit {
  readonly type: 'data';
  /** Names of the datasets that it keeps. */
  readonly keeps: readonly string[];
  /** Lines of the log; null where the design keeps none. */
  readonly entries: readonly string[] | null;
  readonly checkpoints: readonly string[];
  /** Of who signed the checkpoints; empty where there is no log. */
  readonly publicKey: string;
}

const PATH = /^\/datasets\/([\w-]{1,64})\/(rows|statistics)$/;

/** What is usual is known from the log: a process that has just started has seen nothing itself. */
const REPLAYED_ENTRIES = 5000;

/** @param lines the log, as far as it is written */
const watchFrom = (lines: readonly string[], policy: Exclude<GatewayConfig['design']['audit'], false>, dayMs: number) => {
  const [first] = lines;
  const zeroMs = first === undefined ? Date.now() : Date.parse((JSON.parse(first) as AuditEntry).at);
  const watch = createWatch(policy, dayMs, zeroMs);
  for (const { at, event } of lines.slice(-REPLAYED_ENTRIES).map((line) => JSON.parse(line) as AuditEntry)) {
    if (event.type !== 'read') continue;
    const { tenant, dataset, rows, callerRegion, outcome, reason } = event;
    watch({
      caller: String(tenant),
      atMs: Date.parse(at),
      dataset: String(dataset),
      rows: Number(rows),
      region: String(callerRegion),
      isRefused: outcome === 'refused' && isAccess(String(reason)),
    });
  }
  return watch;
};

/** Tenants that the log has alerts about. */
const alertedIn = (lines: readonly string[]): readonly string[] =>
  lines
    .map((line) => (JSON.parse(line) as AuditEntry).event)
    .flatMap(({ type, tenant }) => (type === 'alert' ? [String(tenant)] : []));

const openService = async ({ id, region, stack, settings }: NodeConfig, { stores, onEvent, onRecord }: NodeDependencies) => {
  const { datasets, dayMs } = settings as unknown as DataSettings;
  const { audit, privacy } = stack.design;
  const envelope = envelopeOf(stack);
  const store = createDatasetStore(stores.objects(), envelope ? envelopesAtRest(envelope) : plainAtRest);
  for (const dataset of datasets) await store.fill(dataset);
  const key = audit && (await openSigningKey(stores.journal('audit-key')));
  const log: AuditLog | null =
    audit && key
      ? await openAuditLog({
          entries: stores.journal('audit'),
          checkpoints: stores.journal('audit-checkpoints'),
          key,
          writer: id,
          checkpointEvery: audit.checkpointEvery,
          bufferMs: audit.write === 'buffered' ? audit.flushMs : null,
        })
      : null;
  const lines = audit ? await stores.journal('audit').read() : [];
  const watch = audit ? watchFrom(lines, audit, dayMs) : () => [];
  const loss = privacy && lossOf(privacy.mechanism, privacy.epsilon, privacy.delta);
  const ledger =
    privacy && loss
      ? await openLedger({
          journal: stores.journal('privacy'),
          each: loss,
          budget: { epsilon: privacy.budget, delta: privacy.budgetDelta },
          composition: privacy.composition,
        })
      : null;
  const answer = createDataService({
    id,
    region,
    datasets,
    store,
    log,
    privacy: privacy && ledger ? { policy: privacy, ledger } : null,
    watch,
    onAlert({ kind, caller, text }) {
      onEvent(`${id}: alert (${kind}): ${text}`);
      onRecord({ type: 'data-alert', kind, caller });
    },
    suspends: audit !== false && audit.suspend,
    suspended: alertedIn(lines),
  });
  return { answer, log, publicKey: key ? key.publicKey : '' };
};

const create = (config: NodeConfig, dependencies: NodeDependencies): NodeInstance => {
  const { stores, onRecord } = dependencies;
  const bearer = `Bearer ${dataToken(config.stack)}`;
  let service: Awaited<ReturnType<typeof openService>> | undefined;
  let isStopped = false;

  const fetch = async (request: Request): Promise<Response> => {
    // What a process that is dead in the simulation had still to do is not done.
    if (!service || isStopped) return Response.json({ error: 'The node is not up.' }, { status: 503 });
    if (request.headers.get('authorization') !== bearer)
      return Response.json({ error: 'Who asks is not of the stack.' }, { status: 401 });
    const { pathname, searchParams } = new URL(request.url);
    const [, dataset, what] = PATH.exec(pathname) ?? [];
    if (dataset === undefined || request.method !== 'GET')
      return Response.json({ error: 'There is no such path.' }, { status: 404 });
    try {
      const caller = readDataCaller((name) => request.headers.get(name));
      return await service.answer({ dataset, what: what as 'rows' | 'statistics', query: searchParams, caller });
    } catch (error) {
      return Response.json({ error: messageOf(error) }, { status: 503 });
    }
  };
  const intruder = createIntruder({ fetch, bearer, onRecord });

  return {
    fetch,
    async start() {
      service = await openService(config, dependencies);
    },
    stop() {
      isStopped = true;
      intruder.stop();
      service?.log?.stop();
    },
    command: intruder.command,
    async audit(): Promise<DataAudit> {
      intruder.stop();
      const keeps = (config.settings as unknown as DataSettings).datasets.map(({ name }) => name);
      if (!service?.log) return { type: 'data', keeps, entries: null, checkpoints: [], publicKey: '' };
      await service.log.close();
      return {
        type: 'data',
        keeps,
        entries: await stores.journal('audit').read(),
        checkpoints: await stores.journal('audit-checkpoints').read(),
        publicKey: service.publicKey,
      };
    },
  };
};

/** @see NodeKind */
export const dataNode: NodeKind = {
  kind: DATA,
  summary: 'Keeps datasets of a region, gives their rows and statistics, and writes down who read what.',
  isService: true,
  create,
};
