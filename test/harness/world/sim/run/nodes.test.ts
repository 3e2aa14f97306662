import { describe, expect, it } from 'vitest';
import type { GatewayConfig } from '../../../../../harness/serving/config.ts';
import type { NodeDependencies, NodeKind } from '../../../../../harness/serving/nodes/node.ts';
import { createSimProcess } from '../../../../../harness/world/sim/process.ts';
import { createSimNodes } from '../../../../../harness/world/sim/run/nodes.ts';
import { openDesign } from '../../../../support/open-design.ts';

const ID = 'stack/us-east/counter';

const stack: GatewayConfig = { model: 'digits', links: [], design: openDesign };

const planned = {
  link: {
    id: ID,
    provider: 'stack',
    region: 'us-east',
    service: 'counter',
    role: 'service',
    rttMs: 1,
    kind: 'counter',
  },
  settings: { step: 2 },
} as const;

/** Counts calls; remembers within the process only. What it does after its death is told to `late`. */
const counter = (late: string[], gate: Promise<void>): NodeKind => ({
  kind: 'counter',
  summary: 'Counts.',
  isService: true,
  create({ settings }, { onRecord, fetch }: NodeDependencies) {
    let calls = 0;
    return {
      fetch: async () => {
        calls += settings.step as number;
        onRecord({ type: 'called', calls });
        return Response.json(calls);
      },
      async start() {
        void gate.then(async () => {
          onRecord({ type: 'went on' });
          await fetch('data:,x');
          late.push('an answer came');
        });
      },
      stop: () => undefined,
      command: async ({ type }) => {
        if (type !== 'reset') throw new TypeError(`no command ${type}`);
        calls = 0;
      },
      audit: async () => ({ calls }),
    };
  },
});

/** Real time will do: there are no timers. */
const after = (_ms: number, run: () => void) => {
  setImmediate(run);
  return { atMs: 0, sequence: 0, run };
};

const host = () => {
  const late: string[] = [];
  const gate = Promise.withResolvers<void>();
  const records: unknown[] = [];
  const events: string[] = [];
  const nodes = createSimNodes({
    nodes: [planned],
    models: { predict: async () => [] },
    onEvent: (text) => events.push(text),
    onRecord: (nodeId, record) => records.push([nodeId, record]),
    createProcess: () => createSimProcess({ after }),
    kinds: { counter: counter(late, gate.promise) },
  });
  const call = async () => (await nodes.handlerOf(ID)(new Request('http://counter.test/'))).json();
  return { nodes, call, late, gate, records, events };
};

describe('the nodes of a simulated stack', () => {
  it('are made of their kind and settings, answer, take commands and are audited', async () => {
    const { nodes, call, records } = host();
    await nodes.start(stack);
    expect([await call(), await call()]).toEqual([2, 4]);
    expect(records).toContainEqual([ID, { type: 'called', calls: 4 }]);
    expect(await nodes.audits()).toEqual({ [ID]: { calls: 4 } });
    await nodes.command(ID, { type: 'reset' });
    expect(await call()).toBe(2);
    await expect(nodes.command(ID, { type: 'explode' })).rejects.toThrow(TypeError);
  });

  it('forget what was in the process when they are killed, and say nothing any more', async () => {
    const { nodes, call, late, gate, records, events } = host();
    await nodes.start(stack);
    await call();
    await nodes.kill(ID);
    gate.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    expect(late).toEqual([]);
    expect(records).not.toContainEqual([ID, { type: 'went on' }]);
    expect(await nodes.audits()).toEqual({});
    await nodes.revive(ID);
    expect(await call()).toBe(2);
    expect(events).toEqual([`node ${ID} killed`, `node ${ID} up again`]);
  });

  it('take requests and commands when they go on, in the order in which they came, and are not paused when they rise again', async () => {
    const { nodes, call, events } = host();
    await nodes.start(stack);
    await call();
    await nodes.pause(ID);
    const answers: unknown[] = [];
    const asked = [call().then((answer) => answers.push(answer)), nodes.command(ID, { type: 'reset' })];
    await new Promise((resolve) => setImmediate(resolve));
    expect(answers).toEqual([]);
    await nodes.resume(ID);
    await Promise.all(asked);
    expect([answers, await call()]).toEqual([[4], 2]);
    await nodes.pause(ID);
    await nodes.kill(ID);
    await nodes.revive(ID);
    expect(await call()).toBe(2);
    expect(events).toEqual([`paused`, `goes on`, `paused`, `killed`, `up again`].map((what) => `node ${ID} ${what}`));
  });

  it('are none by another name', async () => {
    const { nodes } = host();
    await expect(nodes.kill('stack/us-east/other')).rejects.toThrow('the stack has no node stack/us-east/other');
  });
});
