import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { limits } from '../../../harness/scenario/limits.ts';
import { loadScenario } from '../../../harness/scenario/load-scenario.ts';
import { createScenarioFolder, goodScenario, type ScenarioFolder } from '../../support/scenario-file.ts';

let folder: ScenarioFolder;
beforeAll(() => {
  folder = createScenarioFolder();
});
afterAll(() => folder.remove());

/** Names that code would see if a file had run any, or had reached an object that others share. */
const planted = (): readonly string[] => [
  ...Object.getOwnPropertyNames(globalThis).filter((name) => name.startsWith('hostile')),
  ...Object.getOwnPropertyNames(Object.prototype).filter((name) => name.startsWith('hostile')),
  ...(({} as Record<string, unknown>).hostile === undefined ? [] : ['{}.hostile']),
];

let count = 0;
const load = async (text: string, extension = 'yaml') => {
  count += 1;
  return loadScenario(folder.write(`file-${count}.${extension}`, text)).then(
    (scenario) => ({ scenario, message: '' }),
    (error: Error & { code?: string }) => ({ scenario: undefined, message: error.message, code: error.code }),
  );
};

const CODE = 'globalThis.hostile = 1';

/** Ways by which some reader of YAML or JSON has run code or reached a prototype. */
const attacks: Readonly<Record<string, string>> = {
  'a function of js-yaml': `title: !!js/function 'function () { ${CODE} }'`,
  'a regular expression of js-yaml': 'title: !!js/regexp /a/g',
  'an undefined of js-yaml': "title: !!js/undefined ''",
  'an object of Python': "title: !!python/object/apply:os.system ['touch hostile']",
  'an object of Ruby': 'title: !ruby/object:Gem::Installer\n  i: x',
  'a tag of its own': `title: !<tag:hostile,2026:eval> '${CODE}'`,
  'a tag of JavaScript': "title: !!js 'process.exit(7)'",
  'a function as text': `title: "() => { ${CODE} }"`,
  'a template': `title: "\${${CODE}}"`,
  'a prototype as a name': '__proto__: { hostile: 1 }',
  'a prototype within a block': 'topology: { gateway: us-east, regions: [aws/us-east-1], __proto__: { hostile: 1 } }',
  'a prototype by merging': '<<: { __proto__: { hostile: 1 } }',
  'a prototype of a prototype': 'constructor: { prototype: { hostile: 1 } }',
  'a prototype as a design': 'designs: { __proto__: { hostile: 1 } }',
  'a prototype as an environment':
    'topology: { gateway: us-east, regions: [aws/us-east-1], containers: { a: { image: "a:1", port: 1, env: { __proto__: { hostile: 1 } } } } }',
};

/** The good scenario with some of its lines replaced by others. */
const spoiled = (attack: string): string => {
  const name = /^\S+?:/.exec(attack)![0];
  const lines = goodScenario.split('\n');
  const start = lines.findIndex((line) => line.startsWith(name));
  if (start < 0) return `${goodScenario}${attack}\n`;
  const after = lines.findIndex((line, index) => index > start && /^\S/.test(line));
  return [...lines.slice(0, start), attack, ...lines.slice(after)].join('\n');
};

describe('a YAML scenario that somebody else wrote', () => {
  it.each(Object.entries(attacks))('runs no code and reaches no prototype by %s', async (_, attack) => {
    const { scenario, message } = await load(spoiled(attack));
    expect(planted()).toEqual([]);
    expect(readdirSync(process.cwd())).not.toContain('hostile');
    if (scenario) {
      // It was taken for text, and is plain data.
      expect(typeof scenario.title).toBe('string');
      expect(structuredClone(scenario)).toEqual(scenario);
    } else expect(message).not.toBe('');
  });

  it.each(['{"__proto__": {"hostile": 1}}', '{"constructor": {"prototype": {"hostile": 1}}}'])(
    'nor in JSON: %s',
    async (text) => {
      await load(text, 'json');
      expect(planted()).toEqual([]);
    },
  );

  it('is plain data whatever tags stand anywhere in it', async () => {
    const tags = fc.constantFrom(
      '!!js/function',
      '!!js/regexp',
      '!!binary',
      '!!set',
      '!!omap',
      '!!timestamp',
      '!!float',
      '!x',
      '!!merge',
      '!!null',
    );
    await fc.assert(
      fc.asyncProperty(tags, fc.nat(), async (tag, at) => {
        const places = [...goodScenario.matchAll(/: (?=\S)|- (?=\S)/g)];
        const { index, 0: found } = places[at % places.length]!;
        const { scenario } = await load(
          `${goodScenario.slice(0, index + found.length)}${tag} ${goodScenario.slice(index + found.length)}`,
        );
        expect(planted()).toEqual([]);
        // Functions, dates, maps and class instances would come out otherwise.
        if (scenario) expect(JSON.parse(JSON.stringify(scenario))).toEqual(structuredClone(scenario));
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    [
      'aliases that multiply',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghij'].map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghi'[index]}`).join(',')}]`).join('\n')}\n`,
    ],
    ['an alias of itself', 'title: &a [*a]\n'],
    ['an alias of nothing', 'title: *nothing\n'],
    ['nesting that goes deep', `${'['.repeat(20_000)}${']'.repeat(20_000)}`],
    ['nesting of maps that goes deep', `${'{a: '.repeat(5000)}1${'}'.repeat(5000)}`],
    ['a number of names', Array.from({ length: 20_000 }, (_, index) => `name${index}: 1`).join('\n')],
    ['more documents than one', `${goodScenario}---\n${goodScenario}`],
    ['no text at all', '\u0000\u0001\u0002'],
  ])('is refused in good time and in words for %s', async (_, text) => {
    const startMs = performance.now();
    const { scenario, message, code } = (await load(text)) as { scenario?: unknown; message: string; code?: string };
    expect(scenario).toBeUndefined();
    expect(code).toBe('BAD_SCENARIO');
    expect(message.length).toBeLessThan(200_000);
    expect(performance.now() - startMs).toBeLessThan(10_000);
  });

  it('is refused unread when it is longer than a scenario may be', async () => {
    const { message } = await load(`# ${'x'.repeat(limits.fileBytes)}`);
    expect(message).toMatch(/bytes; expected at most/);
  });

  it.each(['mounts', 'volumes', 'privileged', 'network', 'capabilities', 'user', 'devices', 'entrypoint', 'build'])(
    'gives a container nothing of the machine: %s is no setting',
    async (setting) => {
      const container = `{ image: "redis:8", port: 6379, ${setting}: [/:/host] }`;
      const { message } = await load(
        spoiled(`topology: { gateway: us-east, regions: [aws/us-east-1], containers: { cache: ${container} } }`),
      );
      expect(message).toMatch(new RegExp(`topology\\.containers\\.cache\\.${setting}: `));
    },
  );

  it('leads to no other machine by the URL of a dependency that is not HTTP', async () => {
    const { message } = await load(
      spoiled(
        'topology: { gateway: us-east, regions: [aws/us-east-1], containers: { cache: { url: "redis://10.0.0.1:6379" } } }',
      ),
    );
    expect(message).toContain('topology.containers.cache.url: expected http://..., or a port of this machine');
  });

  it.each(['/dev/zero', '/dev/stdin', '.', '/etc/passwd'])(
    'reads no file as its trace that is none by its extension: %s',
    async (file) => {
      const { scenario, message } = await load(spoiled(`load:\n  trace: { file: ${JSON.stringify(file)} }\n  timeout: 2s`));
      expect(scenario).toBeUndefined();
      expect(message).toMatch(/is no trace by its extension; expected \.csv, \.jsonl, \.ndjson$/);
    },
  );
});
