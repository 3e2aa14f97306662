import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readReplay } from '../../harness/explore/replay-file.ts';
import { loadScenario } from '../../harness/scenario/load-scenario.ts';
import { createMutant, type Mutation } from '../support/mutant.ts';
import { squall, startSquall } from '../support/squall.ts';

const FIXTURE = join(import.meta.dirname, 'fixtures', 'explorable.yaml');
const BUDGET = '30';
const LIMIT_MS = 600_000;

let folder: string;
/** The scenario that a design is looked into with, where it is not the fixture itself. */
const VARIANTS: Readonly<Record<string, (fixture: string) => string>> = {
  // A stack that waits for dead links serves less well while they are dead: that is its design, and no fault of its policies.
  patient: (fixture) => `${fixture}  except: [fails-over]\n`,
  bursts: (fixture) => fixture.replace(/kinds: .*/, 'kinds: [error-burst]'),
};
const variant = (name: string) => join(folder, `${name}.yaml`);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'squall-explore-'));
  const fixture = readFileSync(FIXTURE, 'utf8');
  for (const [name, make] of Object.entries(VARIANTS)) writeFileSync(variant(name), make(fixture));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const explore = (out: string, args: readonly string[] = [], root?: string) => {
  const name = args.find((arg) => arg in VARIANTS);
  return squall(['explore', name ? variant(name) : FIXTURE, '--budget', BUDGET, '--out', out, ...args], {
    cwd: folder,
    ...(root ? { root } : {}),
  });
};

describe('squall explore', () => {
  it.each(['reference', 'patient', 'bursts'])(
    'finds nothing in the design %s, which is sound',
    async (design) => {
      const { code, stdout } = await explore('sound.json', ['--design', design]);
      expect(stdout).toContain('nothing found');
      expect(code).toBe(0);
    },
    LIMIT_MS,
  );

  it(
    'refuses a replay file that it could not write before it searches',
    async () => {
      const { code, stdout, stderr } = await explore('/nowhere/at-all.json');
      expect(code).toBe(2);
      expect(stdout).toBe('');
      expect(stderr).toContain("--out: can't write /nowhere/at-all.json");
    },
    LIMIT_MS,
  );

  it(
    'finds a planted fault: prints a scenario file, and saves a replay file that replays; the same for any number of workers',
    async () => {
      const bad = ['--design', 'no-failover'];
      const { code, stdout, stderr } = await explore('bad.json', [...bad, '--workers', '2']);
      expect(code).toBe(1);
      expect(stderr).not.toContain('internal error');
      expect(stdout).toContain('# broken: fails-over');

      writeFileSync(join(folder, 'found.yaml'), stdout);
      const { faults, designs } = await loadScenario(join(folder, 'found.yaml'));
      expect(faults).toHaveLength(1);
      expect(designs.reference!.routing.failover).toBe(false);

      await explore('alone.json', [...bad, '--workers', '1']);
      expect(readFileSync(join(folder, 'alone.json'), 'utf8')).toBe(readFileSync(join(folder, 'bad.json'), 'utf8'));

      const again = await squall(['replay', 'bad.json'], { cwd: folder });
      expect(again.stdout).toContain('came back, figure for figure');
      expect(again.code).toBe(1);
    },
    LIMIT_MS,
  );

  it.each([
    [['explore', 'no-such-scenario'], 'No scenario is called'],
    [['explore', 'region-outage', '--budget', 'soon'], 'a time, such as 60s or 5m, or a count'],
    [['explore', 'region-outage', '--shard', '3/2'], 'i/n with i from 1 to n'],
    [['explore', 'region-outage', '--design', 'nope'], 'has no design "nope"'],
    [['replay', 'no-such-file.json'], 'is not a file'],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await squall(args);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });

  it('ends with 130 and leaves nothing when it is interrupted', async () => {
    const running = startSquall(['explore', FIXTURE, '--budget', '10m'], { cwd: folder });
    setTimeout(() => running.process.kill('SIGINT'), 4000);
    const { code, tempFiles } = await running.ended;
    expect(code).toBe(130);
    expect(tempFiles).toEqual([]);
  });
});

/** Policies broken on purpose: what is changed, and rules of which one must be found broken. */
const mutants: readonly (readonly [string, readonly Mutation[], design: string, rules: readonly string[]])[] = [
  [
    'a breaker that never half-opens',
    [
      {
        file: 'harness/serving/circuit-breaker.ts',
        from: 'const isDue = breaker.state === CircuitState.Open && Date.now() - openedAtMs >= policy.halfOpenAfterMs;',
        to: 'const isDue = false;',
      },
    ],
    'reference',
    ['breaker-reopens', 'recovers'],
  ],
  [
    'a retry that ignores the deadline',
    [
      { file: 'harness/serving/retry.ts', from: 'endsRequest(error) || signal.aborted ||', to: 'endsRequest(error) ||' },
      { file: 'harness/serving/retry.ts', from: 'remainingMs() - delay.duration < MIN_ATTEMPT_MS || ', to: '' },
      {
        file: 'harness/serving/retry.ts',
        from: 'await sleep(delay.duration, signal);',
        to: 'await sleep(delay.duration, new AbortController().signal);',
      },
    ],
    'patient',
    ['attempts-in-time', 'deadline-kept', 'ladder-answers'],
  ],
  [
    "a cache that serves another user's answer",
    [
      {
        file: 'harness/serving/prediction-cache.ts',
        from: "row.every(isCharCode) ? String.fromCharCode(...row) : row.join(' ')",
        to: "row.slice(0, 2).join(' ')",
      },
    ],
    'reference',
    ['own-answer'],
  ],
  [
    'a fallback model that answers with what it predicted before',
    [
      {
        file: 'harness/serving/degrade/fallback-model.ts',
        from: '  answer: (rows) => models.predict(FALLBACK_MODEL, rows),',
        to: `  before: undefined as Awaited<ReturnType<ModelRuntime['predict']>> | undefined,
  async answer(rows) {
    const predictions = await models.predict(FALLBACK_MODEL, rows);
    const answered = this.before ?? predictions;
    this.before = predictions;
    return answered;
  },`,
      },
    ],
    'fallback',
    ['own-answer'],
  ],
  [
    'rules that answer with what they said before',
    [
      {
        file: 'harness/serving/degrade/rules.ts',
        from: '      const label = classifyByRules(row);',
        to: '      const label = before ?? classifyByRules(row);\n      before = classifyByRules(row);',
      },
      {
        file: 'harness/serving/degrade/rules.ts',
        from: 'const CLASSES = 10;',
        to: 'const CLASSES = 10;\nlet before: number | undefined;',
      },
    ],
    'ruled',
    ['own-answer'],
  ],
  [
    'a link caller that asks again and again, and tells nobody',
    [
      {
        file: 'harness/serving/link-caller.ts',
        from: 'connections.run(() => access.predict(config, rows, limited), limited)',
        to: `connections.run(async () => {
          for (let calls = 1; ; calls += 1) {
            try {
              return await access.predict(config, rows, limited);
            } catch (error) {
              if (calls >= 6) throw error;
            }
          }
        }, limited)`,
      },
    ],
    'bursts',
    ['attempts-counted', 'retry-budget-kept'],
  ],
];

describe('squall explore, where a policy is broken on purpose', () => {
  it.each(mutants)(
    'finds %s, and shrinks it to at most two faults',
    async (name, mutations, design, rules) => {
      const mutant = createMutant(mutations);
      try {
        const file = `${name.replaceAll(/[^a-z]+/g, '-')}.json`;
        const { code, stdout, stderr } = await explore(file, ['--design', design], mutant.path);
        expect(`${code} ${stdout} ${stderr}`).toMatch(/^1 # explore/);
        const { file: found, scenario } = readReplay(join(folder, file));
        expect(rules).toContain(found.expected[0]!.rule);
        expect(scenario.faults.length).toBeGreaterThan(0);
        expect(scenario.faults.length).toBeLessThanOrEqual(2);
      } finally {
        mutant.remove();
      }
    },
    LIMIT_MS,
  );
});
