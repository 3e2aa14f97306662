import type { GrayImage } from './image.ts';

/** Side of what the digits models see. */
const SIDE = 8;
/** The models' full ink: all 16 pixels of a 4x4 block of the data set's original bitmaps. */
const FULL_INK = 16;
/** Less contrast than this (of 255) is a blank sheet. */
const LEAST_CONTRAST = 32;
/** From this share of ink on, a pixel belongs to the figure. */
const FIGURE = 0.5;
/** A figure at least this tall, as a share of its picture, is framed as the data set's are. */
const FRAMED = 0.7;

/** Part of a picture in pixels; may reach over its edges, where there is paper. */
interface Frame {
  readonly left: number;
  readonly top: number;
  readonly side: number;
}

/**
 * A picture of one digit as the digits models take it: 64 shares of ink, 0..16, made as the data set was made
 * (Alpaydin and Kaynak 1998: the figure fills the frame, and a block's number is its amount of ink).
 * Dark on light and light on dark are alike. Null for a blank picture.
 */
export const digitInput = ({ width, height, gray }: Pick<GrayImage, 'width' | 'height' | 'gray'>): readonly number[] | null => {
  const paper = medianOfBorder(gray, width, height);
  let farthest = 0;
  for (const value of gray) farthest = Math.max(farthest, Math.abs(value - paper));
  if (farthest < LEAST_CONTRAST) return null;
  const ink = Float32Array.from(gray, (value) => Math.abs(value - paper) / farthest);
  const frame = frameOf(ink, width, height);
  const block = frame.side / SIDE;
  return Array.from({ length: SIDE * SIDE }, (_, index) => {
    const left = frame.left + (index % SIDE) * block;
    const top = frame.top + Math.floor(index / SIDE) * block;
    return Math.round(FULL_INK * meanOver(ink, width, height, left, top, block));
  });
};

const medianOfBorder = (gray: Uint8Array, width: number, height: number): number => {
  const border: number[] = [];
  for (let x = 0; x < width; x++) border.push(gray[x] ?? 0, gray[(height - 1) * width + x] ?? 0);
  for (let y = 1; y < height - 1; y++) border.push(gray[y * width] ?? 0, gray[y * width + width - 1] ?? 0);
  border.sort((one, other) => one - other);
  const [low = 0, high = 0] = [border[(border.length - 1) >> 1], border[border.length >> 1]];
  // Ink covers half of the border: paper is of one shade, and ink of several.
  const countOf = (shade: number) => border.filter((value) => value === shade).length;
  return countOf(low) > countOf(high) ? low : high;
};

/** The whole picture, made square, where the figure fills it; else a square around the figure. */
const frameOf = (ink: Float32Array, width: number, height: number): Frame => {
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if ((ink[y * width + x] ?? 0) < FIGURE) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  const figure = Math.max(right - left, bottom - top) + 1;
  const side = Math.max(width, height);
  if (figure >= FRAMED * side) return { left: (width - side) / 2, top: (height - side) / 2, side };
  return { left: (left + right + 1 - figure) / 2, top: (top + bottom + 1 - figure) / 2, side: figure };
};

/** Mean of a square whose edges may cut pixels; nothing lies beyond the picture. */
const meanOver = (ink: Float32Array, width: number, height: number, left: number, top: number, side: number): number => {
  let sum = 0;
  for (let y = Math.max(0, Math.floor(top)); y < Math.min(height, top + side); y++) {
    const tall = Math.min(y + 1, top + side) - Math.max(y, top);
    for (let x = Math.max(0, Math.floor(left)); x < Math.min(width, left + side); x++) {
      sum += (ink[y * width + x] ?? 0) * tall * (Math.min(x + 1, left + side) - Math.max(x, left));
    }
  }
  return sum / (side * side);
};
