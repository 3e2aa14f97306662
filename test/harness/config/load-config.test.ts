import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../harness/config/load-config.ts';
import { createScenarioFolder, type ScenarioFolder } from '../../support/scenario-file.ts';

let folder: ScenarioFolder;
beforeEach(() => {
  folder = createScenarioFolder();
});
afterEach(() => folder.remove());

describe('a configuration', () => {
  it('is found in the folder, in TypeScript', async () => {
    folder.write('squall.config.ts', `export default { sut: { command: 'node server.js' as string, port: 8787 }, seed: 7 };`);
    expect(await loadConfig(undefined, folder.path)).toEqual({
      config: { sut: { command: 'node server.js', port: 8787 }, seed: 7 },
      file: 'squall.config.ts',
      folder: folder.path,
    });
  });

  it('is empty where there is none', async () => {
    expect(await loadConfig(undefined, folder.path)).toMatchObject({ config: {}, file: null });
  });

  it('is another file where one is named', async () => {
    folder.write('other.json', '{ "design": "active-active" }');
    expect((await loadConfig('other.json', folder.path)).config).toEqual({ design: 'active-active' });
  });

  it.each([
    ['a setting that there is not', '{ "port": 8080, "ports": 1 }', 'ports'],
    ['a port that there is not', '{ "port": 0 }', 'port:'],
    ['what is no JSON', '{ port', 'is no JSON'],
  ])('with %s is refused, by the name of the file', async (_, text, told) => {
    folder.write('squall.config.json', text);
    await expect(loadConfig(undefined, folder.path)).rejects.toMatchObject({
      code: 'BAD_FLAG',
      message: expect.stringMatching(new RegExp(`squall\\.config\\.json.*${told}`, 's')),
    });
  });

  it.each([
    ['squall.config.ts', "export default {\n  sut: 'node server.js',\n  seed: : 7,\n};\n", 'squall.config.ts:3:9: '],
    ['squall.config.mjs', 'export default {\n  seed: 7,,\n};\n', 'squall.config.mjs:2:11: '],
    ['squall.config.ts', 'export default {\n  sut: command(),\n};\n', 'squall.config.ts:2:8: '],
    ['squall.config.json', '{\n  "seed" 7\n}', 'line 2 column 10'],
  ])('%s with a mistake is refused by the place of it', async (name, text, place) => {
    folder.write(name, text);
    await expect(loadConfig(undefined, folder.path)).rejects.toMatchObject({
      code: 'BAD_FLAG',
      message: expect.stringContaining(place),
    });
  });

  it('that throws is refused with its own words', async () => {
    folder.write('squall.config.mjs', `throw new Error('no such stage');`);
    await expect(loadConfig(undefined, folder.path)).rejects.toMatchObject({ message: expect.stringContaining('no such stage') });
  });

  it('that is not there is said', async () => {
    await expect(loadConfig('missing.ts', folder.path)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
