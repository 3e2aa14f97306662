import { decode as decodePng } from 'fast-png';
import jpeg from 'jpeg-js';
import { jpegSize, pngSize, type Size } from './headers.ts';

/** A picture as brightness alone. */
export interface GrayImage extends Size {
  readonly format: 'png' | 'jpeg';
  /** Luma (ITU-R BT.601) of each pixel, row by row, 0 black .. 255 white; what is transparent is white. */
  readonly gray: Uint8Array;
}

/** What an image may be at most and at least; each service has limits of its own. */
export interface ImageLimits {
  readonly maxBytes: number;
  /** Width times height. */
  readonly maxPixels: number;
  /** Of either side, pixels. */
  readonly minSide: number;
  /** Of either side, pixels. */
  readonly maxSide: number;
}

/** What can be decoded at all without taking a machine's memory: 40 megapixels are 160 MB as RGBA. */
export const DECODABLE: ImageLimits = { maxBytes: 20 * 1024 * 1024, maxPixels: 40_000_000, minSide: 8, maxSide: 16_000 };

export type ImageProblem =
  | 'empty'
  | 'unsupported-format'
  | 'malformed'
  | 'too-many-bytes'
  | 'too-many-pixels'
  | 'too-small'
  | 'too-wide';

/** The image cannot be used: the caller's mistake, 4xx in every provider's shape. */
export class ImageError extends Error {
  override readonly name = 'ImageError';
  readonly problem: ImageProblem;
  constructor(problem: ImageProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.problem = problem;
  }
}

/**
 * Reads a PNG or baseline or progressive JPEG. Sizes are checked on the header, before anything is unpacked.
 * @throws {ImageError} when it is neither, is damaged, or breaks a limit
 */
export const decodeImage = (bytes: Uint8Array, limits: Partial<ImageLimits> = {}): GrayImage => {
  const within: ImageLimits = { ...DECODABLE, ...limits };
  if (bytes.length === 0) throw new ImageError('empty', 'The image has no bytes.');
  if (bytes.length > within.maxBytes) {
    throw new ImageError('too-many-bytes', `The image has ${bytes.length} bytes; at most ${within.maxBytes} are taken.`);
  }
  const format = formatOf(bytes);
  if (format === null) throw new ImageError('unsupported-format', 'The image is neither PNG nor JPEG.');
  const size = (format === 'png' ? pngSize : jpegSize)(bytes);
  if (size === null) throw new ImageError('malformed', `The ${format.toUpperCase()} image has no readable header.`);
  checkSize(size, within);
  try {
    return { format, ...(format === 'png' ? grayOfPng(bytes) : grayOfJpeg(bytes, within)) };
  } catch (error) {
    throw new ImageError('malformed', `The ${format.toUpperCase()} image is damaged.`, { cause: error });
  }
};

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const JPEG_SIGNATURE = [0xff, 0xd8, 0xff];

const formatOf = (bytes: Uint8Array): GrayImage['format'] | null => {
  if (PNG_SIGNATURE.every((byte, index) => bytes[index] === byte)) return 'png';
  if (JPEG_SIGNATURE.every((byte, index) => bytes[index] === byte)) return 'jpeg';
  return null;
};

const checkSize = ({ width, height }: Size, { maxPixels, minSide, maxSide }: ImageLimits): void => {
  const size = `The image is ${width}x${height}`;
  if (Math.min(width, height) < minSide)
    throw new ImageError('too-small', `${size}; each side needs at least ${minSide} pixels.`);
  if (Math.max(width, height) > maxSide) throw new ImageError('too-wide', `${size}; no side may exceed ${maxSide} pixels.`);
  if (width * height > maxPixels) throw new ImageError('too-many-pixels', `${size}; at most ${maxPixels} pixels are taken.`);
};

/** On white paper: whatever is transparent shows it. */
const luma = (red: number, green: number, blue: number, alpha: number): number =>
  Math.round(255 + (0.299 * red + 0.587 * green + 0.114 * blue - 255) * alpha);

const grayOfPng = (bytes: Uint8Array): Size & { readonly gray: Uint8Array } => {
  // The decoder leaves out the check sums unless told, and so would read a damaged file as another picture.
  const { width, height, channels, data, depth, palette, transparency } = decodePng(bytes, { checkCrc: true });
  const white = 2 ** depth - 1;
  const gray = new Uint8Array(width * height);
  const samples = depth < 8 ? unpack(data, width, height, depth) : data;
  for (let pixel = 0; pixel < gray.length; pixel++) {
    const at = (channel: number): number => samples[pixel * channels + channel] ?? 0;
    if (palette) {
      const [red = 0, green = 0, blue = 0, alpha = 255] = palette[at(0)] ?? [];
      gray[pixel] = luma(red, green, blue, alpha / 255);
      continue;
    }
    const hasColor = channels >= 3;
    const isKeyedOut = transparency?.every((value, channel) => value === at(channel));
    const alpha = channels === 2 || channels === 4 ? at(channels - 1) / white : isKeyedOut ? 0 : 1;
    const [red, green, blue] = hasColor ? [at(0), at(1), at(2)] : [at(0), at(0), at(0)];
    gray[pixel] = luma((red / white) * 255, (green / white) * 255, (blue / white) * 255, alpha);
  }
  return { width, height, gray };
};

/** Samples of 1, 2 or 4 bits, packed into bytes row by row, as one number each. */
const unpack = (packed: ArrayLike<number>, width: number, height: number, depth: number): Uint8Array => {
  const bytesPerRow = Math.ceil((width * depth) / 8);
  const samples = new Uint8Array(width * height);
  for (let index = 0; index < samples.length; index++) {
    const bit = (index % width) * depth;
    const byte = packed[Math.floor(index / width) * bytesPerRow + (bit >> 3)] ?? 0;
    samples[index] = (byte >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
  }
  return samples;
};

const grayOfJpeg = (bytes: Uint8Array, { maxPixels }: ImageLimits): Size & { readonly gray: Uint8Array } => {
  const { width, height, data } = jpeg.decode(bytes, {
    useTArray: true,
    formatAsRGBA: false,
    tolerantDecoding: false,
    // Sizes were checked on the header already; these are the decoder's own, smaller by default.
    maxResolutionInMP: Math.ceil(maxPixels / 1_000_000),
    maxMemoryUsageInMB: 2048,
  });
  const gray = new Uint8Array(width * height);
  for (let pixel = 0; pixel < gray.length; pixel++) {
    gray[pixel] = luma(data[pixel * 3] ?? 0, data[pixel * 3 + 1] ?? 0, data[pixel * 3 + 2] ?? 0, 1);
  }
  return { width, height, gray };
};
