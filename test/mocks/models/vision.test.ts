import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { encode } from 'fast-png';
import jpeg from 'jpeg-js';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadSamples } from '../../../harness/load/samples.ts';
import { packageRoot } from '../../../harness/package-root.ts';
import { createOnnxRuntime } from '../../../harness/world/live/onnx-runtime.ts';
import type { ModelRuntime } from '../../../mocks/models/runtime.ts';
import { digitInput } from '../../../mocks/models/vision/digit-input.ts';
import { decodeImage, ImageError, type ImageLimits } from '../../../mocks/models/vision/image.ts';
import { recognizeDigit } from '../../../mocks/models/vision/recognize.ts';

const folder = join(packageRoot, 'mocks', 'models', 'vision', 'samples');
const pictures = readdirSync(folder).map((file) => ({
  digit: Number(file[0]),
  bytes: new Uint8Array(readFileSync(join(folder, file))),
}));
const samples = loadSamples('digits');
let models: ModelRuntime;

beforeAll(async () => {
  models = await createOnnxRuntime(['digits']);
});

const problemOf = (bytes: Uint8Array, limits?: Partial<ImageLimits>): string => {
  try {
    decodeImage(bytes, limits);
  } catch (error) {
    if (error instanceof ImageError) return error.problem;
    throw error;
  }
  return 'none';
};

/** A sample as a picture: each of its pixels `zoom` wide, `margin` around, dark on light or light on dark. */
const pictureOf = (pixels: readonly number[], zoom: number, margin = 0, isDarkInk = true) => {
  const side = 8 * zoom + 2 * margin;
  const data = new Uint8Array(side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const [column, row] = [Math.floor((x - margin) / zoom), Math.floor((y - margin) / zoom)];
      const isInside = column >= 0 && row >= 0 && column < 8 && row < 8;
      const ink = isInside ? Math.round(((pixels[row * 8 + column] ?? 0) * 255) / 16) : 0;
      data[y * side + x] = isDarkInk ? 255 - ink : ink;
    }
  }
  return { width: side, height: side, data };
};

const png = (picture: { width: number; height: number; data: Uint8Array }) => encode({ ...picture, depth: 8, channels: 1 });

const jpegOf = ({ width, height, data }: { width: number; height: number; data: Uint8Array }, quality = 90): Uint8Array => {
  const rgba = new Uint8Array(width * height * 4);
  for (const [index, value] of data.entries()) rgba.set([value, value, value, 255], index * 4);
  return new Uint8Array(jpeg.encode({ width, height, data: rgba }, quality).data);
};

/** Every ninth held-out sample: enough to tell a reading that is worse, and a second's work rather than four. */
const ninths = samples.filter((_, index) => index % 9 === 0);

const correctOf = async (encode: (pixels: readonly number[]) => Uint8Array): Promise<number> => {
  let correct = 0;
  for (const { pixels, label } of ninths) {
    const { labels } = await recognizeDigit(models, encode(pixels));
    if (labels[0]?.digit === label) correct++;
  }
  return correct;
};

describe('the sample pictures', () => {
  test('are two of each digit, and each shows its digit', async () => {
    expect(pictures.map(({ digit }) => digit)).toEqual(Array.from({ length: 20 }, (_, index) => index >> 1));
    for (const { digit, bytes } of pictures) {
      const { labels, width, height, format } = await recognizeDigit(models, bytes);
      expect({ width, height, format, digit: labels[0]?.digit }).toEqual({ width: 128, height: 128, format: 'png', digit });
    }
  });

  test('give back the very numbers that they were drawn from', () => {
    for (const [index, { digit, bytes }] of pictures.entries()) {
      const drawnFrom = samples.filter(({ label }) => label === digit)[index % 2]?.pixels;
      expect(digitInput(decodeImage(bytes))).toEqual(drawnFrom);
    }
  });
});

describe('the held-out samples as pictures', () => {
  const plain = samples.filter(({ pixels }) => Math.max(...pixels) === 16);

  test('read as the numbers that they were drawn from, at any zoom, dark on light or light on dark', () => {
    fc.assert(
      fc.property(fc.constantFrom(...plain), fc.integer({ min: 1, max: 9 }), fc.boolean(), ({ pixels }, zoom, isDarkInk) => {
        expect(digitInput(decodeImage(png(pictureOf(pixels, zoom, 0, isDarkInk))))).toEqual(pixels);
      }),
      // Its ink covers half of the border.
      { examples: [[samples[440]!, 1, false]] },
    );
  });

  test('are recognised as JPEG, and with a margin around, nearly as well as plain', async () => {
    expect(ninths).toHaveLength(60);
    expect(await correctOf((pixels) => png(pictureOf(pixels, 4)))).toBeGreaterThanOrEqual(58);
    expect(await correctOf((pixels) => jpegOf(pictureOf(pixels, 4)))).toBeGreaterThanOrEqual(58);
    expect(await correctOf((pixels) => png(pictureOf(pixels, 4, 20)))).toBeGreaterThanOrEqual(53);
  });

  test('confidences of the ten digits sum to one, likeliest first', async () => {
    const { labels } = await recognizeDigit(models, png(pictureOf(samples[0]!.pixels, 4)));
    expect(labels).toHaveLength(10);
    expect(labels.reduce((sum, { confidence }) => sum + confidence, 0)).toBeCloseTo(1, 5);
    expect(labels.map(({ confidence }) => confidence)).toEqual(labels.map(({ confidence }) => confidence).sort((a, b) => b - a));
  });
});

describe('pictures that cannot be used', () => {
  const good = png(pictureOf(samples[0]!.pixels, 8));

  test.each<[string, Uint8Array, Partial<ImageLimits>]>([
    ['empty', new Uint8Array(), {}],
    ['unsupported-format', new TextEncoder().encode('GIF89a, or so it says'), {}],
    ['malformed', good.subarray(0, 20), {}],
    ['malformed', good.subarray(0, 60), {}],
    ['malformed', good.with(70, good[70]! ^ 0xff), {}],
    ['malformed', jpegOf(pictureOf(samples[0]!.pixels, 8)).subarray(0, 40), {}],
    ['malformed', new Uint8Array([0xff, 0xd8, 0xff]), {}],
    ['too-many-bytes', good, { maxBytes: 100 }],
    ['too-small', good, { minSide: 80 }],
    ['too-wide', good, { maxSide: 63 }],
    ['too-many-pixels', good, { maxPixels: 4095 }],
    ['none', good, { minSide: 64, maxSide: 64, maxPixels: 4096 }],
  ])('%s', (problem, bytes, limits) => {
    expect(problemOf(bytes, limits)).toBe(problem);
  });

  test('a size that the header only claims is refused before anything is unpacked', () => {
    const claim = good.slice();
    new DataView(claim.buffer).setUint32(16, 15_999);
    new DataView(claim.buffer).setUint32(20, 15_999);
    expect(problemOf(claim)).toBe('too-many-pixels');
  });

  test('whatever is done to the bytes, the answer is a picture or an ImageError', () => {
    const originals = [good, jpegOf(pictureOf(samples[0]!.pixels, 8))];
    fc.assert(
      fc.property(
        fc.constantFrom(...originals),
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 }),
        (original, changes) => {
          const bytes = original.slice();
          for (const [at, value] of changes) bytes[at % bytes.length] = value;
          expect(problemOf(bytes, { maxPixels: 100_000 })).toEqual(expect.any(String));
        },
      ),
    );
  });

  test('a blank sheet shows no digit', async () => {
    const blank = png({ width: 64, height: 64, data: new Uint8Array(64 * 64).fill(200) });
    expect((await recognizeDigit(models, blank)).labels).toEqual([]);
  });
});

describe('every kind of PNG', () => {
  const { width, height, data } = pictureOf(samples[0]!.pixels, 4);
  const spread = (channels: number, of: (value: number) => readonly number[]) => {
    const spreadData = new Uint8Array(data.length * channels);
    for (const [index, value] of data.entries()) spreadData.set(of(value), index * channels);
    return encode({ width, height, data: spreadData, depth: 8, channels });
  };
  test.each<[string, Uint8Array]>([
    ['gray with alpha', spread(2, (value) => [0, 255 - value])],
    ['RGB', spread(3, (value) => [value, value, value])],
    ['RGBA', spread(4, (value) => [0, 0, 0, 255 - value])],
    ['16 bit', encode({ width, height, data: Uint16Array.from(data, (value) => value * 257), depth: 16, channels: 1 })],
  ])('%s shows the same gray', (_kind, bytes) => {
    expect(decodeImage(bytes).gray).toEqual(decodeImage(png({ width, height, data })).gray);
  });
});

describe('pictures as another library writes them (Pillow), of the sample 5-1.png', () => {
  const fixture = (file: string) => new Uint8Array(readFileSync(join(import.meta.dirname, 'fixtures', file)));
  const original = decodeImage(new Uint8Array(readFileSync(join(folder, '5-1.png')))).gray;

  test.each(['five-1-bit.png', 'five-palette-2-bit.png', 'five-palette-4-bit.png'])('%s is the same to the pixel', (file) => {
    expect(decodeImage(fixture(file)).gray).toEqual(original);
  });

  test.each(['five-progressive.jpg', 'five-cmyk.jpg'])('%s is the same but for what JPEG loses', async (file) => {
    const { gray } = decodeImage(fixture(file));
    const meanDifference = gray.reduce((sum, value, index) => sum + Math.abs(value - original[index]!), 0) / gray.length;
    expect(meanDifference).toBeLessThan(4);
    expect((await recognizeDigit(models, fixture(file))).labels[0]?.digit).toBe(5);
  });
});
