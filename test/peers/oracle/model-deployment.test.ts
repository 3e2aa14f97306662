import { beforeAll, describe, expect, test } from 'vitest';
import { loadSamples } from '../../../harness/load/samples.ts';
import { createOnnxRuntime } from '../../../harness/world/live/onnx-runtime.ts';
import type { ModelRuntime } from '../../../mocks/models/runtime.ts';
import { rowLabelled } from '../../support/model.ts';
import { ASHBURN, FRANKFURT, mountOracle, predict, refusal } from '../../support/oracle.ts';

const rows = loadSamples('digits')
  .slice(0, 20)
  .map(({ pixels }) => pixels);
let models: ModelRuntime;

beforeAll(async () => {
  models = await createOnnxRuntime(['digits']);
});

describe('a request that oci-common signs', () => {
  test.each([ASHBURN, FRANKFURT])('gets predictions of the real model in %s', async (region) => {
    await using oracle = await mountOracle(models);
    const expected = await models.predict('digits', rows);
    const answer = await oracle.predict({ data: rows }, region);
    expect(answer.prediction).toEqual(expected.map(({ label }) => label));
    expect(answer.probability[0]).toHaveLength(10);
    expect(await oracle.predict(rows, region)).toEqual(answer);
  });

  test.each([
    ['no JSON', '{', 'CannotParseRequest'],
    ['no rows', { data: [] }, 'BadRequest'],
    ['something else than rows', { data: 'rows' }, 'BadRequest'],
    ['a row that is too short', [[1, 2]], 'BadRequest'],
    ['rows without end', Array.from({ length: 4097 }, () => [1]), 'BadRequest'],
  ])('is refused for %s', async (_, body, serviceCode) => {
    await using oracle = await mountOracle(models);
    expect(await refusal(oracle.predict(body))).toMatchObject({ statusCode: 400, serviceCode });
  });

  test('is refused for another deployment, or too large a payload', async () => {
    await using oracle = await mountOracle();
    const { credential } = oracle.account;
    const origin = oracle.originOf('model-deployment', ASHBURN);
    const elsewhere = oracle.account.regionOf(FRANKFURT).modelDeploymentId;
    expect(await refusal(predict(origin, elsewhere, [rowLabelled(1)], credential))).toMatchObject({ statusCode: 404 });
    expect(await refusal(oracle.predict(' '.repeat(10 * 1024 * 1024 + 1)))).toMatchObject({
      statusCode: 413,
      serviceCode: 'PayloadTooLarge',
    });
  });

  test('is throttled above 150 requests a second, as Oracle has it', async () => {
    await using oracle = await mountOracle();
    const { rates } = oracle.account;
    const admitted = Array.from({ length: 400 }, () => rates.admits('model-deployment', ASHBURN)).filter(Boolean).length;
    expect(admitted).toBeGreaterThanOrEqual(150);
    expect(admitted).toBeLessThan(200);
    await oracle.account.control({ type: 'set-quota', region: ASHBURN, service: 'model-deployment', requestsPerS: 0.001 });
    await oracle.predict([rowLabelled(1)]);
    expect(await refusal(oracle.predict([rowLabelled(1)]))).toMatchObject({ statusCode: 429, serviceCode: 'TooManyRequests' });
  });
});
