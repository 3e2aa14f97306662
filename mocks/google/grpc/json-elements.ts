/**
 * The objects of a JSON array, each as soon as it is whole: how Google's REST front streams messages.
 * What is between them is left unread; a stream that ends within an object ends the iteration.
 */
export async function* jsonElements(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let pending = '';
  let depth = 0;
  let isInString = false;
  let isEscaped = false;
  for await (const chunk of stream) {
    for (const character of decoder.decode(chunk, { stream: true })) {
      if (depth > 0) pending += character;
      if (isInString) {
        if (isEscaped) isEscaped = false;
        else if (character === '\\') isEscaped = true;
        else if (character === '"') isInString = false;
      } else if (character === '"') {
        isInString = true;
      } else if (character === '{') {
        if (depth === 0) pending = character;
        depth += 1;
      } else if (character === '}') {
        depth -= 1;
        if (depth === 0) yield pending;
      }
    }
  }
}
