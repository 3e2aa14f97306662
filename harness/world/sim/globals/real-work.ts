import type { SimClock } from '../clock.ts';

type Hold = SimClock['hold'];

let hold: Hold = (work) => work;

/** What the platform does outside the microtask queue, with time standing still until it is done: so that it takes no virtual time, however long it takes. */
export const untilDone: Hold = (work) => hold(work);

const { arrayBuffer, text, bytes } = Blob.prototype;

/** Blobs keep their bytes where other threads fetch them from. To be called when globals become virtual. */
export const installBlobs = (clock: Pick<SimClock, 'hold'>): void => {
  hold = clock.hold;
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
