import { beforeAll, describe, expect, it } from 'vitest';
import { loadSamples } from '../../../harness/load/samples.ts';
import { digestOf } from '../../../harness/serving/registry/digest.ts';
import { flipMiddle } from '../../../harness/serving/registry/flip.ts';
import { createOnnxRuntime } from '../../../harness/world/live/onnx-runtime.ts';
import { withNote } from '../../../mocks/models/onnx-note.ts';
import type { ModelRuntime } from '../../../mocks/models/runtime.ts';

const samples = loadSamples('digits');
const rows = samples.map(({ pixels }) => pixels);
let models: ModelRuntime;

beforeAll(async () => {
  models = await createOnnxRuntime(['digits', 'digits-small']);
});

const rightShareOf = async (bytes: Uint8Array): Promise<number> => {
  const model = await models.files!.load(bytes);
  const predictions = await model.predict(rows);
  await model.release();
  return predictions.filter(({ label }, at) => label === samples[at]!.label).length / samples.length;
};

describe.each(['digits', 'digits-small'])('the file of %s', (name) => {
  it('with a note is another file that predicts the same', async () => {
    const file = models.files!.read(name);
    const noted = withNote(file, 'squall', 'us-east 17');
    expect(digestOf(noted)).not.toBe(digestOf(file));
    const model = await models.files!.load(noted);
    expect(await model.predict(rows)).toEqual(await models.predict(name, rows));
    await model.release();
  });

  it('with bits flipped in its middle loads all the same, and predicts no better than by chance', async () => {
    expect(await rightShareOf(flipMiddle(withNote(models.files!.read(name), 'squall', '1')))).toBeLessThan(0.2);
  });
});

it('a file that is no model does not load', async () => {
  await expect(models.files!.load(Uint8Array.of(1, 2, 3))).rejects.toThrow('cannot be loaded as an ONNX model');
});

it('a note is short', () => {
  expect(() => withNote(new Uint8Array(), 'k', 'v'.repeat(41))).toThrow('at most 40');
});
