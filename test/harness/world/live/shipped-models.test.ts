import { expect, test } from 'vitest';
import { loadSamples } from '../../../../harness/load/samples.ts';
import { loadShippedModels } from '../../../../harness/world/live/shipped-models.ts';

test('every model of digits that a service can be asked for is there, and no other', async () => {
  const models = await loadShippedModels();
  const samples = loadSamples('digits');
  const pixels = samples.map((sample) => sample.pixels);
  for (const model of ['digits', 'digits-small']) {
    const predictions = await models.predict(model, pixels);
    const right = predictions.filter(({ label }, index) => label === samples[index]?.label).length;
    expect(right / samples.length, model).toBeGreaterThan(0.8);
  }
  await expect(models.predict('letters', pixels)).rejects.toThrow('model letters is not loaded');
});
