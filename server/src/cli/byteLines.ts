/** The lines of a stream of UTF-8, without their ends; `undefined` for one of more bytes than the limit, which is not held. */
export async function* byteLines(
  chunks: AsyncIterable<Uint8Array>,
  mostBytes: number,
): AsyncGenerator<string | undefined> {
  let parts: Uint8Array[] = [];
  let length = 0;
  let isFirst = true;
  const add = (part: Uint8Array): void => {
    length += part.length;
    if (length > mostBytes) {
      parts = [];
    } else if (part.length > 0) {
      parts.push(part);
    }
  };
  const take = (): string | undefined => {
    const line = length > mostBytes ? undefined : decoded(parts, isFirst);
    [parts, length, isFirst] = [[], 0, false];
    return line;
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, from)) {
      add(chunk.subarray(from, end));
      yield take();
      from = end + 1;
    }
    add(chunk.subarray(from));
  }
  if (length > 0) {
    yield take();
  }
}

const lineFeed = 0x0a;

/** A byte order mark stands at the beginning of a stream; anywhere else it is text. */
function decoded(parts: readonly Uint8Array[], isFirst: boolean): string {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: !isFirst });
  return parts.map((part) => decoder.decode(part, { stream: true })).join('') + decoder.decode();
}
