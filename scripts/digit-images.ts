/**
 * Draws two held-out samples of each digit as PNG files into `mocks/models/vision/samples/`, or into the folder that is its argument.
 * A pixel of a sample counts the ink in a 4x4 block of the data set's original 32x32 bitmap. The bitmap is made again from these
 * counts: in each block that many pixels are black, those that interpolation between the blocks says are darkest; each is drawn four wide.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'fast-png';

const root = join(import.meta.dirname, '..');
const out = process.argv[2] ?? join(root, 'mocks', 'models', 'vision', 'samples');
const SAMPLES_PER_DIGIT = 2;
const SIDE = 8;
const BLOCK = 4;
const ZOOM = 4;

interface Sample {
  readonly pixels: readonly number[];
  readonly label: number;
}

const bitmapOf = (pixels: readonly number[]): Uint8Array => {
  const count = (column: number, row: number): number =>
    column < 0 || row < 0 || column >= SIDE || row >= SIDE ? 0 : (pixels[row * SIDE + column] ?? 0);
  const darkness = (x: number, y: number): number => {
    const [across, down] = [(x + 0.5) / BLOCK - 0.5, (y + 0.5) / BLOCK - 0.5];
    const [column, row] = [Math.floor(across), Math.floor(down)];
    const [right, below] = [across - column, down - row];
    const mix = (at: number) => count(column, at) * (1 - right) + count(column + 1, at) * right;
    return mix(row) * (1 - below) + mix(row + 1) * below;
  };
  const side = SIDE * BLOCK * ZOOM;
  const bitmap = new Uint8Array(side * side).fill(255);
  for (let index = 0; index < SIDE * SIDE; index++) {
    const [left, top] = [(index % SIDE) * BLOCK, Math.floor(index / SIDE) * BLOCK];
    const block = Array.from({ length: BLOCK * BLOCK }, (_, at) => ({ x: left + (at % BLOCK), y: top + Math.floor(at / BLOCK) }));
    const darkestFirst = block.sort((one, other) => darkness(other.x, other.y) - darkness(one.x, one.y));
    for (const { x, y } of darkestFirst.slice(0, pixels[index])) {
      for (let row = y * ZOOM; row < (y + 1) * ZOOM; row++) bitmap.fill(0, row * side + x * ZOOM, row * side + (x + 1) * ZOOM);
    }
  }
  return bitmap;
};

const { samples }: { samples: readonly Sample[] } = JSON.parse(
  readFileSync(join(root, 'mocks', 'models', 'digits-samples.json'), 'utf8'),
);
mkdirSync(out, { recursive: true });
for (let digit = 0; digit < 10; digit++) {
  for (const [index, { pixels }] of samples
    .filter(({ label }) => label === digit)
    .slice(0, SAMPLES_PER_DIGIT)
    .entries()) {
    const side = SIDE * BLOCK * ZOOM;
    const png = encode({ width: side, height: side, data: bitmapOf(pixels), depth: 8, channels: 1 }, { zlib: { level: 9 } });
    writeFileSync(join(out, `${digit}-${index + 1}.png`), png);
  }
}
