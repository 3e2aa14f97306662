const encoder = new TextEncoder();

/** A streamed answer as Google's REST front sends it: a JSON array that is written message by message. */
export const toJsonArray = (messages: readonly unknown[]): ReadableStream<Uint8Array> =>
  streamOf(
    messages
      .map((message, index) => `${index === 0 ? '[' : ',\n'}${JSON.stringify(message)}`)
      .concat(messages.length === 0 ? '[]' : ']'),
  );

/** One chunk for each text; none is made before it is read. */
export const streamOf = (texts: readonly string[]): ReadableStream<Uint8Array> => {
  let next = 0;
  return new ReadableStream({
    pull(controller) {
      const text = texts[next];
      next += 1;
      if (text === undefined) controller.close();
      else controller.enqueue(encoder.encode(text));
    },
  });
};
