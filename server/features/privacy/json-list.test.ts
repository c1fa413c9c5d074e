import { expect, test } from 'vitest';
import { jsonList } from './json-list.ts';

async function* each(pieces: object[][]): AsyncGenerator<object[]> {
  yield* pieces;
}

test.each([[[]], [[[]]], [[[{ a: 1 }]]], [[[], [{ a: 1 }, { a: 2 }], [], [], [{ a: 3 }], []]]])(
  'it is heard of for each piece, and is JSON: %j',
  async pieces => {
    const written: string[] = [];
    for await (const text of jsonList(each(pieces))) written.push(text);
    expect(JSON.parse(written.join(''))).toEqual(pieces.flat());
    expect(written).toHaveLength(pieces.length + 1);
    expect(written).not.toContain('');
  },
);
