import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseDesign } from '../../../harness/serve/choose-design.ts';
import { referenceDesign } from '../../../harness/serving/design/reference.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'squall-design-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

describe('the design of squall serve', () => {
  it('is one that ships, by its name', () => {
    expect(chooseDesign('reference')).toEqual(referenceDesign);
    expect(chooseDesign('no-hedging')).toEqual({ ...referenceDesign, hedging: false });
  });

  it('is the reference design with the changes of a file, written as in a scenario', () => {
    const expected = { ...referenceDesign, hedging: false, attemptTimeoutMs: 400 };
    expect(chooseDesign(file('own.yaml', 'hedging: false\nattemptTimeout: 400ms\n'))).toEqual(expected);
    expect(chooseDesign(file('own.json', '{ "hedging": false, "attemptTimeout": "400ms" }'))).toEqual(expected);
    expect(chooseDesign(file('empty.yaml', '# nothing differs\n'))).toEqual(referenceDesign);
  });

  it('is refused with what would be right', () => {
    expect(() => chooseDesign('no-hedgin')).toThrow('Did you mean "no-hedging"?');
    expect(() => chooseDesign('constructor')).toThrow('No design is called "constructor"');
    expect(() => chooseDesign(join(folder, 'none.yaml'))).toThrow('There is no design file');
    expect(() => chooseDesign(file('wrong.yaml', 'retry:\n  maxRetrys: 2\n'))).toThrow(
      /wrong\.yaml:2:3: retry\.maxRetrys: .*maxRetries/,
    );
    expect(() => chooseDesign(file('broken.yaml', 'retry: [\n'))).toThrow(/broken\.yaml:\d+:\d+: /);
  });
});
