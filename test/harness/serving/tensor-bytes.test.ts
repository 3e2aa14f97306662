import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTensor, sizeOf, writeTensor } from '../../../harness/serving/tensor-bytes.ts';

describe('a tensor as bytes', () => {
  it('is its elements in little-endian order, one after another', () => {
    expect([...writeTensor('FP32', [1, -2])]).toEqual([0, 0, 128, 63, 0, 0, 0, 192]);
    expect([...writeTensor('INT64', [258])]).toEqual([2, 1, 0, 0, 0, 0, 0, 0]);
  });

  it('is read as it was written, wherever it stands', () => {
    fc.assert(
      fc.property(fc.array(fc.float({ noNaN: true })), fc.nat(7), (values, offset) => {
        const bytes = writeTensor('FP32', values);
        expect(bytes.byteLength).toBe(sizeOf('FP32', values.length));
        const around = new Uint8Array(offset + bytes.byteLength);
        around.set(bytes, offset);
        expect(readTensor('FP32', around.subarray(offset))).toEqual(values);
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.maxSafeInteger()), (values) => {
        expect(readTensor('INT64', writeTensor('INT64', values))).toEqual(values);
      }),
    );
  });
});
