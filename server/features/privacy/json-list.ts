// Writes a JSON list while its items are still being read.

/** A batch without items becomes white space, so that the connection is not idle meanwhile. */
export async function* jsonList(pieces: AsyncIterable<object[]>): AsyncGenerator<string> {
  let before = '[';
  for await (const piece of pieces) {
    if (piece.length === 0) {
      yield '\n';
      continue;
    }
    yield before + piece.map(item => JSON.stringify(item)).join(',\n');
    before = ',\n';
  }
  yield before === '[' ? '[]' : ']';
}
