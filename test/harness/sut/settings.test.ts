import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { chooseSut, sutFromText } from '../../../harness/sut/choose.ts';
import { mergeEnvironment } from '../../../harness/sut/settings.ts';
import { createScenarioFolder } from '../../support/scenario-file.ts';

const naming = { where: '--sut', folder: import.meta.dirname };
const ME = './settings.test.ts';

describe('a system under test by its text', () => {
  it.each([
    ['node server.js', { command: 'node server.js' }],
    ['python3 -m http.server $PORT', { command: 'python3 -m http.server $PORT' }],
    ['node ./handler.ts', { command: 'node ./handler.ts' }],
    ['./handler.ts', { handler: './handler.ts' }],
    ['lib/handler.mjs', { handler: 'lib/handler.mjs' }],
    ['http://127.0.0.1:4000', { url: 'http://127.0.0.1:4000' }],
    ['docker:my/image:1.2', { docker: 'my/image:1.2' }],
    ['compose:a.yaml#api', { compose: 'a.yaml', service: 'api' }],
    ['HTTP://127.0.0.1:4000', { url: 'HTTP://127.0.0.1:4000' }],
    ['npm run start:dev', { command: 'npm run start:dev' }],
    ['HOST=127.0.0.1:80 ./server', { command: 'HOST=127.0.0.1:80 ./server' }],
    ['C:\\server.exe --port 1', { command: 'C:\\server.exe --port 1' }],
    ['server', { command: 'server' }],
  ])('%s', (text, settings) => {
    expect(sutFromText(text, naming)).toEqual(settings);
  });

  it('is a command with a colon in its name, where there is such a program', () => {
    const folder = createScenarioFolder();
    try {
      folder.write('start:dev', '#!/bin/sh\n');
      expect(() => sutFromText('start:dev --fast', naming)).toThrow();
      vi.stubEnv('PATH', folder.path);
      expect(sutFromText('start:dev --fast', naming)).toEqual({ command: 'start:dev --fast' });
    } finally {
      vi.unstubAllEnvs();
      folder.remove();
    }
  });

  it.each([
    ['127.0.0.1:4123', 'Did you mean http://127.0.0.1:4123?'],
    ['localhost:4123/v1', 'Did you mean http://localhost:4123/v1?'],
    ['[::1]:4123', 'Did you mean http://[::1]:4123?'],
    [':4123', 'Did you mean http://127.0.0.1:4123?'],
    ['ftp://127.0.0.1/x', 'Did you mean http://127.0.0.1/x?'],
    ['grpc://127.0.0.1:4001', 'Did you mean http://127.0.0.1:4001?'],
    ['htp://127.0.0.1:4001', 'Did you mean http://127.0.0.1:4001?'],
    ['http:127.0.0.1:4001', 'Did you mean http://127.0.0.1:4001?'],
    ['container:my/image', 'Did you mean docker:my/image?'],
    ['dokcer:my/image', 'Did you mean docker:my/image?'],
    ['docker-compose:a.yaml', 'Did you mean compose:a.yaml?'],
    ['compose:', 'compose:docker-compose.yml'],
    ['compose:#api', 'compose:docker-compose.yml'],
    ['npm:start', ''],
    ['container:my/image --fast', ''],
  ])('refuses %s, which is no command, with what may be meant', (text, meant) => {
    expect(() => sutFromText(text, naming)).toThrow(
      expect.objectContaining({
        code: 'BAD_FLAG',
        message: expect.stringContaining(meant),
        remedy: expect.stringContaining('docker:<image>'),
      }),
    );
  });

  it('refuses an empty one, and says what would be right', () => {
    expect(() => sutFromText('  ', naming)).toThrow(
      expect.objectContaining({ code: 'BAD_FLAG', remedy: expect.stringContaining('docker:<image>') }),
    );
  });
});

describe('a system under test by its settings', () => {
  it.each([
    [{}, 'names no system under test'],
    [{ command: 'a', url: 'http://127.0.0.1:1' }, 'at once'],
    [{ command: '' }, '--sut.command'],
    [{ command: 'a', port: 70_000 }, '--sut.port'],
    [{ command: 'a', ready: { path: 'health' } }, '--sut.ready.path'],
    [{ command: 'a', shell: true }, '--sut: no setting is called "shell". Known: command, cwd, port, env, ready'],
    [{ command: 'a', evn: {} }, 'no setting is called "evn". Did you mean "env"?'],
    [{ command: 'a', ready: { pth: '/' } }, '--sut.ready: no setting is called "pth". Did you mean "path"?'],
    [{ comand: 'a' }, '--sut names no system under test. Did you mean "command"?'],
    [{ handler: './missing.ts' }, 'no module ./missing.ts'],
    [{ command: 'a', cwd: './missing' }, 'no folder'],
    [{ url: 'ftp://127.0.0.1' }, '--sut.url'],
    [{ url: 'http://example.com' }, '--allow-host example.com'],
    [{ docker: 'my/image', command: 'a' }, 'at once'],
    [{ docker: 'no spaces' }, '--sut.docker'],
    [{ docker: 'My/Image' }, '--sut.docker: expected the name of an image, in lower case and with its tag, such as my/image:1.2'],
    [{ docker: 'my/image:' }, '--sut.docker'],
  ])('%j is refused', (settings, told) => {
    const error = (() => {
      try {
        return chooseSut(settings, naming);
      } catch (thrown) {
        return thrown as Error & { remedy?: string };
      }
    })();
    expect(error).toBeInstanceOf(Error);
    const { message, remedy = '' } = error as Error & { remedy?: string };
    expect(`${message} ${remedy}`).toContain(told);
  });

  it('is an image with a command of its own, a list', () => {
    expect(chooseSut({ docker: 'my/image', command: ['node', 'other.js'] }, naming)).toMatchObject({ title: 'docker:my/image' });
  });

  it('is titled as a report names it; a handler can run in the simulated world', () => {
    expect(chooseSut({ command: 'node server.js' }, naming)).toMatchObject({ title: 'node server.js' });
    expect(chooseSut({ handler: ME }, naming)).toMatchObject({
      title: ME,
      module: expect.stringMatching(/^file:.*settings\.test\.ts$/),
    });
    expect(chooseSut({ url: 'http://localhost:4000/' }, naming)).toMatchObject({
      title: 'http://localhost:4000',
      hasOwnStart: true,
    });
  });
});

describe('the environment of a system under test', () => {
  const name = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,8}$/);
  const value = fc.string().filter((text) => !text.includes('$'));

  it('is what is given, but for what the user says', () => {
    fc.assert(
      fc.property(fc.dictionary(name, value), fc.dictionary(name, fc.option(value)), (given, own) => {
        const merged = mergeEnvironment(given, own);
        for (const [key, said] of Object.entries(own)) expect(merged[key]).toBe(said ?? undefined);
        for (const [key, was] of Object.entries(given)) if (!Object.hasOwn(own, key)) expect(merged[key]).toBe(was);
        expect(Object.keys(merged).every((key) => Object.hasOwn(given, key) || Object.hasOwn(own, key))).toBe(true);
      }),
    );
  });

  it("puts squall's own variables into a value, and leaves what is escaped", () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what a user writes
    expect(mergeEnvironment({ PORT: '20001' }, { LISTEN: '127.0.0.1:${PORT}', RULE: '$${PORT} $PORT ${1}' })).toMatchObject({
      LISTEN: '127.0.0.1:20001',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: what a user writes
      RULE: '${PORT} $PORT ${1}',
    });
  });

  it('has no name in a value that squall does not set', () => {
    const given = { PORT: '20001', SQUALL_MODEL: 'digits' };
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what a user writes
    expect(() => mergeEnvironment(given, { MODEL: 'the ${SQUAL_MODEL}' })).toThrow(
      expect.objectContaining({
        code: 'BAD_FLAG',
        message: 'sut.env.MODEL: squall sets no SQUAL_MODEL. Did you mean "SQUALL_MODEL"?',
        remedy: 'It sets PORT, SQUALL_MODEL. Write $${SQUAL_MODEL} for the text itself.',
      }),
    );
  });
});
