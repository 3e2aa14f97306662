import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseSut } from '../../../harness/sut/choose.ts';
import { missingForContainers } from '../../support/containers.ts';
import { buildImage, deafServer, removeImages, startOnce } from '../../support/start-sut.ts';

const missing = await missingForContainers('busybox');
const naming = { where: '--sut', folder: import.meta.dirname };

const EXPOSES_ONE = 'squall-test/exposes-one-port';
const EXPOSES_TWO = 'squall-test/exposes-two-ports';

const startOf = (settings: object) => startOnce(chooseSut(settings, naming));

describe.skipIf(missing)(`an image that does not read PORT${missing ? ` (${missing})` : ''}`, { timeout: 60_000 }, () => {
  beforeAll(() => {
    buildImage(EXPOSES_ONE, deafServer('3000'));
    buildImage(EXPOSES_TWO, deafServer('3000 9090'));
  }, 60_000);
  afterAll(() => removeImages(EXPOSES_ONE, EXPOSES_TWO));

  it('is asked at the port that it EXPOSEs, and told that one', async () => {
    expect(await startOf({ docker: EXPOSES_ONE })).toContain('told 3000');
  });

  it('and EXPOSEs several is refused before it is started', async () => {
    await expect(startOf({ docker: EXPOSES_TWO })).rejects.toMatchObject({
      code: 'BAD_FLAG',
      message: expect.stringContaining('EXPOSEs 3000, 9090'),
      remedy: expect.stringContaining('containerPort'),
    });
    expect(await startOf({ docker: EXPOSES_TWO, containerPort: 3000 })).toContain('told 3000');
  });

  it('and listens elsewhere than it is told: the error names both ports, and the setting', async () => {
    await expect(startOf({ docker: EXPOSES_ONE, containerPort: 8080, ready: { within: '1s' } })).rejects.toMatchObject({
      code: 'CONTAINER_FAILED',
      message: `The container ${EXPOSES_ONE} was not ready within 1 s: squall waited for a connection to be taken at port 8080, inside of it. The image EXPOSEs 3000. It printed last:\n  told 8080`,
      remedy: expect.stringContaining('`containerPort` of squall.config.ts'),
    });
  });

  it('is refused before anything is started when it is not there', async () => {
    await expect(startOf({ docker: 'squall-test/never-built' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
