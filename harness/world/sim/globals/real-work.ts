import { holdOutsideWork } from '../../fetch/outside-work.ts';
import type { SimClock } from '../clock.ts';

const { arrayBuffer, text, bytes } = Blob.prototype;

/** Blobs keep their bytes where other threads fetch them from: time stands still meanwhile. To be called when globals become virtual. */
export const installBlobs = ({ hold }: Pick<SimClock, 'hold'>): void => {
  holdOutsideWork(hold);
  Object.assign(Blob.prototype, {
    arrayBuffer(this: Blob) {
      return hold(arrayBuffer.call(this));
    },
    text(this: Blob) {
      return hold(text.call(this));
    },
    bytes(this: Blob) {
      return hold(bytes.call(this));
    },
    stream(this: Blob) {
      return new ReadableStream<Uint8Array>({
        pull: async (controller) => {
          const all = new Uint8Array(await this.arrayBuffer());
          if (all.byteLength > 0) controller.enqueue(all);
          controller.close();
        },
      });
    },
  });
};
