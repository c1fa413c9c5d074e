// A JSON list that is written while its pieces are still being looked for.

/** For a piece without items there is white space, so that whoever waits for the next item hears that there is work on it. */
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
