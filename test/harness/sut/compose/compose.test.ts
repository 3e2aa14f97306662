import { execFileSync } from 'node:child_process';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { chooseSut } from '../../../../harness/sut/choose.ts';
import { missingForCompose, missingForContainers } from '../../../support/containers.ts';
import { createScenarioFolder, type ScenarioFolder } from '../../../support/scenario-file.ts';
import { buildImage, deafServer, removeImages, startOnce } from '../../../support/start-sut.ts';

const missing = (await missingForContainers('busybox')) ?? missingForCompose();
const IMAGE = 'squall-test/composed-deaf';

describe.skipIf(missing)(`a Compose file as the system under test${missing ? ` (${missing})` : ''}`, { timeout: 60_000 }, () => {
  let folder: ScenarioFolder;
  beforeAll(() => buildImage(IMAGE, deafServer('3000')), 60_000);
  afterAll(() => removeImages(IMAGE));
  beforeEach(() => {
    folder = createScenarioFolder();
  });
  afterEach(() => folder.remove());

  const startOf = (file: string, settings: object = {}) => {
    folder.write('compose.yaml', file);
    return startOnce(chooseSut({ compose: 'compose.yaml', ...settings }, { where: '--sut', folder: folder.path }));
  };

  it.each([
    [
      'that is not there',
      `{ services: { api: { image: "\${NONE:-squall-test/never-built}:1", ports: ["80"] }, other: { image: ${IMAGE} } } }`,
      { code: 'NOT_FOUND', message: 'compose.yaml: not on this machine: squall-test/never-built:1 of the service api.' },
    ],
    [
      'with a name that none can have',
      '{ services: { api: { image: My/Image } } }',
      { code: 'BAD_FLAG', message: expect.stringContaining('services.api.image: expected the name of an image, in lower case') },
    ],
  ])('an image %s is refused before the run', async (_, file, error) => {
    await expect(startOf(file)).rejects.toMatchObject(error);
  });

  it('is refused with its words where Compose does not take it', async () => {
    await expect(startOf(`{ services: { api: { image: ${IMAGE}, prots: ["80"] } } }`)).rejects.toMatchObject({
      code: 'BAD_FLAG',
      message: expect.stringContaining('prots'),
    });
  });

  it('has the load go to the port that an image EXPOSEs', async () => {
    // Where Compose asks for a variable that a run brings, it is not asked for before.
    const file = `{ services: { api: { image: ${IMAGE}, environment: { ASKED: "\${PORT:?no port}" } } } }`;
    expect(await startOf(file, { ready: { log: 'told 3' } })).toContain('api: told 3000');
  });

  it('given a line that the service never prints, then the error names it', async () => {
    const file = `{ services: { api: { image: ${IMAGE} } } }`;
    await expect(startOf(file, { ready: { log: 'never', within: '1s' } })).rejects.toMatchObject({
      code: 'SUT_FAILED',
      message: expect.stringContaining('/never/'),
    });
  });

  it.each(['', 'sleep 3; '])('given a service that ends before it is ready (%s), then nobody waits for it', async (first) => {
    const file = `{ services: { api: { image: ${IMAGE}, command: ["sh", "-c", "${first}echo no model; exit 3"] } } }`;
    await expect(startOf(file)).rejects.toMatchObject({
      code: 'SUT_FAILED',
      message: 'The system under test is not there: the service api ended with code 3: no model, before it was ready.',
    });
  });

  it('leaves no image of a service that is built and names none', async () => {
    folder.write('Dockerfile', deafServer('3000'));
    // Given as a text, and with labels as a list: what is laid over it keeps both.
    const file = `{ services: { first-of-run: { build: ., ports: ["3000"] }, next-of-run: { build: { context: ., labels: ["a=b"] } } } }`;
    expect(await startOf(file)).toContain('first-of-run: told 3000');
    const names = execFileSync('docker', ['images', '--format', '{{.Repository}}'], { encoding: 'utf8' }).split('\n');
    expect(names.filter((name) => /^squall-.*-of-run$/.test(name))).toEqual([]);
  });

  it('given a service that is built and listens elsewhere, then the error names the ports', async () => {
    folder.write('Dockerfile', deafServer('3000'));
    const file = '{ services: { api: { build: ., image: squall-test/built-by-compose, ports: ["8080"] } } }';
    try {
      await expect(startOf(file, { ready: { within: '2s' } })).rejects.toMatchObject({
        code: 'SUT_FAILED',
        message: expect.stringMatching(
          /^The service api was not ready at its port 8080 \(http:.*\) within 2 s: no connection is taken there\. The image EXPOSEs 3000\. It printed: told 8080$/,
        ),
        remedy: expect.stringContaining('`containerPort`'),
      });
    } finally {
      removeImages('squall-test/built-by-compose');
    }
  });
});
