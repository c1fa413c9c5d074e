import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Block, blocksOf, emojiSize, type Piece, piecesOf, plainOf } from './formatting.ts';

const marks = { bold: '*', italic: '_', strike: '~' } as const;

/** The text that the pieces were made of. */
const sourceOf = (pieces: readonly Piece[]): string =>
  pieces
    .map(piece => {
      if (piece.kind === 'code') return piece.fence + piece.text + piece.fence;
      if ('text' in piece) return piece.text;
      return marks[piece.kind] + sourceOf(piece.pieces) + marks[piece.kind];
    })
    .join('');

const sourceOfBlocks = (blocks: readonly Block[]): string =>
  blocks
    .map(block =>
      block.kind === 'text'
        ? sourceOf(block.pieces)
        : block.lines.map(({ mark, pieces, end }) => mark + sourceOf(pieces) + end).join(''),
    )
    .join('');

/** Each piece in a short form: "bold(text)". */
const shape = (pieces: readonly Piece[]): string =>
  pieces
    .map(piece => {
      if (piece.kind === 'text') return piece.text;
      return `${piece.kind}(${'text' in piece ? piece.text : shape(piece.pieces)})`;
    })
    .join('');

test.each([
  ['*bold* _it_ ~no~ `x` ```y```', 'bold(bold) italic(it) strike(no) code(x) code(y)'],
  ['*_both_*, and *bold _italic_ bold*', 'bold(italic(both)), and bold(bold italic(italic) bold)'],
  ['(*yes*)! "_yes_"', '(bold(yes))! "italic(yes)"'],
  ['*two words* and *again*', 'bold(two words) and bold(again)'],
  ['snake_case_name 2*3*4 a~b~c', 'snake_case_name 2*3*4 a~b~c'],
  ['* no* *no *', '* no* *no *'],
  ['*no\nline*', '*no\nline*'],
  ['`*raw*` ```_raw_\n~raw~```', 'code(*raw*) code(_raw_\n~raw~)'],
  ['```open', '```open'],
  ['*عربي* و_مائل_', 'bold(عربي) و_مائل_'],
  ['*👍*', 'bold(👍)'],
  ['𝒜*no*', '𝒜*no*'],
])('%j', (text, expected) => {
  expect(shape(piecesOf(text))).toBe(expected);
});

test('links stay whole, also within marks', () => {
  expect(shape(piecesOf('https://a.example/x_y_z?q=*a* ok'))).toBe('link(https://a.example/x_y_z?q=*a)* ok');
  expect(shape(piecesOf('*see https://a.example/x_y*'))).toBe('bold(see link(https://a.example/x_y))');
  expect(shape(piecesOf('`https://a.example`'))).toBe('code(https://a.example)');
});

test('what looks like HTML is text', () => {
  expect(piecesOf('<b onclick=x>*a*</b>')).toEqual([
    { kind: 'text', text: '<b onclick=x>' },
    { kind: 'bold', pieces: [{ kind: 'text', text: 'a' }] },
    { kind: 'text', text: '</b>' },
  ]);
});

test('lists and quotes are blocks', () => {
  const blocks = blocksOf('Buy:\n- *bread*\n* milk\n1. go\n2. pay\n> said he\nend');
  expect(blocks.map(block => [block.kind, block.kind === 'text' ? shape(block.pieces) : block.lines.length])).toEqual([
    ['text', 'Buy:\n'],
    ['bullets', 2],
    ['numbers', 2],
    ['quote', 1],
    ['text', 'end'],
  ]);
  expect(blocksOf('```\n- code\n```')).toHaveLength(1);
  expect(blocksOf('-no\n1.no\n>no').map(({ kind }) => kind)).toEqual(['text']);
});

test('in one line there are only words', () => {
  expect(plainOf('*Hi* _you_, see `x`\n> quoted\n- one')).toBe('Hi you, see x\nquoted\n- one');
});

/** Texts with many marks. */
const marked = fc
  .array(
    fc.oneof(
      fc.constantFrom('*', '_', '~', '`', '```', ' ', '\n', '- ', '1. ', '> ', 'https://a.example/'),
      fc.string(),
    ),
  )
  .map(parts => parts.join(''));

test('no character is lost, and none is added', () => {
  const isWhole = (text: string) => {
    expect(sourceOfBlocks(blocksOf(text))).toBe(text);
  };
  fc.assert(fc.property(marked, isWhole));
  fc.assert(fc.property(fc.string({ unit: 'binary' }), isWhole));
});

test('a link leads nowhere but to the web', () => {
  const hrefs = (pieces: readonly Piece[]): string[] =>
    pieces.flatMap(piece => (piece.kind === 'link' ? piece.href : 'pieces' in piece ? hrefs(piece.pieces) : []));
  fc.assert(
    fc.property(marked, text => {
      for (const href of hrefs(piecesOf(text))) expect(href).toMatch(/^https?:\/\//);
    }),
  );
});

test('a text of up to three emoji is drawn large', () => {
  for (const text of ['👍', '❤️', '👩‍👩‍👧', '🇵🇹', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '👍🏽', ' 🎉 ', '5️⃣'])
    expect([text, emojiSize(text)]).toEqual([text, 'largest']);
  for (const text of ['👍👍', '👍 ❤️ 🎉']) expect([text, emojiSize(text)]).toEqual([text, 'large']);
  for (const text of ['', '1', '12', '#', '©', '™', 'ok 👍', '👍👍👍👍', '*'])
    expect([text, emojiSize(text)]).toEqual([text, undefined]);
});
