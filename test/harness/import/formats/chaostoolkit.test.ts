import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { toxiActions } from '../../../../harness/import/chaos/actions.ts';
import { resolveScenario } from '../../../../harness/scenario/resolve.ts';
import { importText, refusalOf } from '../../../support/imports.ts';

const python = (path: string, args: object, pauses?: object) => {
  const func = path.split('.').at(-1);
  return {
    type: 'action',
    name: `${func}`,
    provider: { type: 'python', module: path.slice(0, -func!.length - 1), func, arguments: args },
    ...(pauses ? { pauses } : {}),
  };
};

const TOXIC = 'chaostoxi.toxic.actions';
const PROXY = 'chaostoxi.proxy.actions';

const probe = (tolerance: unknown, provider: object = {}) => ({
  type: 'probe',
  name: 'answers',
  tolerance,
  provider: { type: 'http', url: 'http://localhost:8080/', ...provider },
});

const experiment = (method: readonly object[], more: object = {}) => ({
  version: '1.0.0',
  title: 'A slow model',
  description: 'It is slow.',
  'steady-state-hypothesis': { title: 'It answers', probes: [probe(200, { timeout: 2 })] },
  method,
  rollbacks: [],
  ...more,
});

/** How experiments name a configured value. */
const reference = (name: string): string => ['$', '{', name, '}'].join('');

const MAP = { map: { model: 'aws/us-east-1' } };
const imported = (content: object, options = MAP) => importText('experiment.json', JSON.stringify(content), options);

describe('experiments of the Chaos Toolkit', () => {
  it('are read from JSON and YAML alike', () => {
    const content = experiment([
      python(`${TOXIC}.create_latency_toxic`, { for_proxy: 'model', toxic_name: 'l', latency: 300 }, { after: 10 }),
    ]);
    const { format, draft, yaml } = imported(content);
    expect(format).toBe('chaostoolkit');
    const fromYaml = importText('experiment.json', stringify(content), MAP);
    expect([fromYaml.format, fromYaml.draft]).toEqual(['chaostoolkit', draft]);
    expect(resolveScenario(parse(yaml), 'x').problems).toBeUndefined();
  });

  it('are actions on a timeline of pauses', () => {
    const { draft, unimported } = imported(
      experiment([
        python(
          `${TOXIC}.create_latency_toxic`,
          { for_proxy: 'model', toxic_name: 'l', latency: 300, jitter: 0 },
          { before: 2, after: 10 },
        ),
        python(`${TOXIC}.delete_toxic`, { for_proxy: 'model', toxic_name: 'l' }, { after: 3 }),
        python(`${PROXY}.disable_proxy`, { proxy_name: 'model' }, { after: 4 }),
        python(`${PROXY}.enable_proxy`, { proxy_name: 'model' }, { after: 1 }),
      ]),
    );
    expect(unimported).toEqual([]);
    // The experiment begins at 8 s.
    expect(draft.faults.map(({ kind, atMs, forMs, settings }) => [kind, atMs, forMs, settings])).toEqual([
      ['latency-spike', 10_000, 10_000, { shape: 'constant', delay: '300ms' }],
      ['region-outage', 23_000, 4000, { mode: 'refuse' }],
    ]);
    expect(draft.steadyState?.bounds).toEqual({ availability: { min: '99%' }, p95: { max: '2s' } });
    expect(Object.keys(draft.expect)).toEqual(['recovery']);
  });

  it('expect their hypothesis to hold under what the method leaves on', () => {
    const { draft } = imported(
      experiment([python(`${TOXIC}.create_timeout_toxic`, { for_proxy: 'model', toxic_name: 't', timeout: 0 }, { after: 10 })], {
        rollbacks: [python(`${TOXIC}.delete_toxic`, { for_proxy: 'model', toxic_name: 't' })],
      }),
    );
    expect(draft.faults).toMatchObject([{ kind: 'region-outage', atMs: 8000, forMs: 10_000, settings: { mode: 'blackhole' } }]);
    expect(Object.keys(draft.expect)).toEqual(['region-outage-us-east-1']);
  });

  it.each([
    ['create_bandwith_degradation_toxic', { rate: 10 }, { type: 'bandwidth', attributes: { rate: 10 } }],
    ['create_slow_connection_close_toxic', { delay: 100 }, { type: 'slow_close', attributes: { delay: 100 } }],
    [
      'create_slicer_toxic',
      { average_size: 64, size_variation: 8, delay: 10 },
      { type: 'slicer', attributes: { average_size: 64, size_variation: 8, delay: 10 } },
    ],
    ['create_limiter_toxic', { bytes_limit: 100 }, { type: 'limit_data', attributes: { bytes: 100 } }],
    [
      'create_toxic',
      { toxic_type: 'bandwidth', stream: 'upstream', toxicity: 0.5, attributes: { rate: 10 } },
      { type: 'bandwidth', stream: 'upstream', attributes: { rate: 10 } },
    ],
  ])('%s is a toxic on the bytes, which only the live world has', (func, args, settings) => {
    const { draft, unimported, yaml } = imported(
      experiment([python(`${TOXIC}.${func}`, { for_proxy: 'model', toxic_name: 'x', ...args }, { after: 5 })]),
    );
    expect(draft.faults).toMatchObject([{ kind: 'toxic', settings }]);
    expect(unimported).toMatchObject([{ why: expect.stringContaining('the live world alone has it') }]);
    expect(resolveScenario(parse(yaml), 'x').problems).toBeUndefined();
  });

  it('have every action that chaostoxi has', () => {
    expect(Object.keys(toxiActions).map((name) => name.split('.').at(-1))).toEqual([
      'create_toxic',
      'create_latency_toxic',
      'create_bandwith_degradation_toxic',
      'create_slow_connection_close_toxic',
      'create_timeout_toxic',
      'create_slicer_toxic',
      'create_limiter_toxic',
      'delete_toxic',
      'create_proxy',
      'disable_proxy',
      'enable_proxy',
      'modify_proxy',
      'delete_proxy',
    ]);
  });

  it("know Toxiproxy's own API too", () => {
    const call = (method: string, path: string, args?: object, pauses?: object) => ({
      type: 'action',
      name: `${method} ${path}`,
      provider: { type: 'http', method, url: `http://toxiproxy:8474${path}`, ...(args ? { arguments: args } : {}) },
      ...(pauses ? { pauses } : {}),
    });
    const { draft, unimported } = imported(
      experiment([
        call(
          'POST',
          '/proxies/model/toxics',
          { name: 'r', type: 'reset_peer', toxicity: 0.25, attributes: { timeout: 0 } },
          { after: 5 },
        ),
        call('DELETE', '/proxies/model/toxics/r', undefined, { after: 1 }),
        call('POST', '/proxies/model', { enabled: false }, { after: 3 }),
        call('POST', '/reset', undefined, { after: 2 }),
        call('GET', '/elsewhere'),
      ]),
    );
    expect(draft.faults.map(({ atMs, forMs, settings }) => [atMs, forMs, settings])).toEqual([
      [8000, 5000, { mode: 'partial', percent: '25%', failure: 'reset' }],
      [14_000, 3000, { mode: 'refuse' }],
    ]);
    expect(unimported).toMatchObject([{ what: 'action GET /elsewhere', where: 'method[4]' }]);
  });

  it('have configured values put in, and activities that refer to others', () => {
    const { draft } = imported(
      experiment(
        [
          {
            ...python(
              `${TOXIC}.create_latency_toxic`,
              { for_proxy: reference('proxy'), toxic_name: 'l', latency: reference('delay') },
              { after: reference('pause') },
            ),
            name: 'slow',
          },
          { ref: 'slow' },
        ],
        { configuration: { proxy: 'model', delay: { type: 'env', key: 'DELAY', default: 700 }, pause: 6 } },
      ),
    );
    expect(draft.faults.map(({ atMs, forMs, settings }) => [atMs, forMs, settings.delay])).toEqual([
      [8000, 6000, '700ms'],
      [14_000, 6000, '700ms'],
    ]);
  });

  it('list what needs a value that nobody knows, and what touches nothing', () => {
    const { unimported } = imported(
      experiment([
        python(`${PROXY}.disable_proxy`, { proxy_name: 'model' }, { after: 5 }),
        python(`${TOXIC}.create_latency_toxic`, { for_proxy: 'model', toxic_name: 'l', latency: reference('delay') }),
        python(`${TOXIC}.create_toxic`, { for_proxy: 'model', toxic_name: 'z', toxic_type: 'timeout', toxicity: 0 }),
        python(`${TOXIC}.create_toxic`, { for_proxy: 'model', toxic_name: 'y', toxic_type: 'gravity' }),
      ]),
    );
    expect(unimported.map(({ why }) => why)).toEqual([
      'it needs delay, and the configuration has no value for it',
      'a toxicity of 0 touches no connection',
      'squall has no toxic gravity',
    ]);
  });

  it('list everything that a scenario does not have', () => {
    const { unimported } = imported(
      experiment(
        [
          python(`${TOXIC}.create_latency_toxic`, { for_proxy: 'model', toxic_name: 'l', latency: 300 }, { after: 5 }),
          python(`${TOXIC}.create_latency_toxic`, { for_proxy: 'database', toxic_name: 'l', latency: 300 }, { after: 5 }),
          python(`${TOXIC}.create_latency_toxic`, { for_proxy: 'model', toxic_name: 'i', latency: 300 }),
          python(`${TOXIC}.delete_toxic`, { for_proxy: 'model', toxic_name: 'i' }),
          python(`${TOXIC}.delete_toxic`, { for_proxy: 'model', toxic_name: 'no' }),
          python('chaosk8s.pod.actions.terminate_pods', {}),
          { type: 'action', name: 'sed', provider: { type: 'process', path: 'sed' } },
          probe(200),
        ],
        {
          'steady-state-hypothesis': {
            title: 'x',
            probes: [
              probe([200, 201]),
              probe({ type: 'jsonpath', path: '$.a', expect: [1] }),
              probe(503),
              {
                type: 'probe',
                name: 'pods',
                tolerance: true,
                provider: { type: 'python', module: 'chaosk8s.probes', func: 'x' },
              },
            ],
          },
          rollbacks: [python('chaosk8s.pod.actions.x', {}), python(`${TOXIC}.delete_toxic`, {})],
          controls: [],
        },
      ),
    );
    expect(unimported.map(({ what }) => what)).toEqual([
      'probe answers',
      'probe answers',
      'probe pods',
      'action delete_toxic',
      'action terminate_pods',
      'action sed',
      'probe answers',
      'latency-spike on proxy model',
      'rollback x',
      'controls',
      'a fault on proxy database',
    ]);
  });

  it('are mapped by the host behind a proxy where the experiment says it', () => {
    const { draft } = imported(
      experiment([
        python(`${PROXY}.create_proxy`, {
          proxy_name: 'p',
          upstream_host: 'runtime.sagemaker.eu-west-1.amazonaws.com',
          upstream_port: 443,
        }),
        python(`${PROXY}.disable_proxy`, { proxy_name: 'p' }, { after: 5 }),
      ]),
      { map: {} as never },
    );
    expect(draft.faults).toMatchObject([{ target: 'aws/eu-west-1' }]);
  });

  it('are refused with the place of what is wrong', () => {
    const broken = JSON.stringify(experiment([{ ref: 'nobody' }]), null, 1);
    expect(refusalOf('e.json', broken)).toMatch(/^e\.json:\d+:\d+: method\[0\]\.ref: no activity is called "nobody"/);
    const pause = experiment([python(`${PROXY}.disable_proxy`, { proxy_name: 'model' }, { after: -1 })]);
    expect(refusalOf('e.yaml', stringify(pause))).toMatch(
      /^e\.yaml:\d+:\d+: method\[0\]\.pauses\.after: expected seconds, got -1/,
    );
    expect(refusalOf('e.yaml', 'title: x\nmethod: [\n')).toMatch(/^e\.yaml:3:1: not YAML: /);
    const unknown = experiment([python(`${PROXY}.disable_proxy`, { proxy_name: 'db' }, { after: 5 })]);
    expect(refusalOf('e.json', JSON.stringify(unknown))).toContain(
      'no proxy stands for a region that is known: db. Say which region each is: --map db=',
    );
    expect(refusalOf('e.json', '{}', { format: 'chaostoolkit' })).toContain('is no experiment of the Chaos Toolkit');
  });
});

describe("Toxiproxy's proxies", () => {
  const proxies = [
    { name: 'model', listen: '[::]:18080', upstream: 'runtime.sagemaker.us-east-1.amazonaws.com:443', enabled: false },
    {
      name: 'other',
      listen: '[::]:18081',
      upstream: 'us-central1-aiplatform.googleapis.com:443',
      enabled: true,
      toxics: [{ name: 'l', type: 'latency', stream: 'downstream', toxicity: 1, attributes: { latency: 1000, jitter: 0 } }],
    },
    { name: 'well', listen: '[::]:18082', upstream: 'eastus.api.cognitive.microsoft.com:443', enabled: true },
  ];

  it('are faults of ten seconds, from a configuration or the answer of the API', () => {
    const { format, draft, unimported } = importText('toxiproxy.json', JSON.stringify(proxies));
    expect(format).toBe('toxiproxy');
    expect(draft.faults.map(({ kind, target, atMs, forMs }) => [kind, target, atMs, forMs])).toEqual([
      ['latency-spike', 'google/us-central1', 8000, 10_000],
      ['region-outage', 'aws/us-east-1', 8000, 10_000],
    ]);
    expect(unimported).toMatchObject([{ what: 'proxy well' }]);
    const byName = Object.fromEntries(proxies.map((proxy) => [proxy.name, proxy]));
    expect(importText('toxiproxy.json', JSON.stringify(byName)).draft.faults).toEqual(draft.faults);
  });
});
