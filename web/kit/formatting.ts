// WhatsApp's formatting: *bold*, _italic_, ~strike~, `code`, ```block```, lists and quotes. A mark that closes nothing is text.
import { partsOf } from './web-links.ts';

export type Emphasis = 'bold' | 'italic' | 'strike';

export type Piece =
  | { kind: 'text'; text: string }
  | { kind: 'link'; text: string; href: string }
  | { kind: 'code'; fence: '`' | '```'; text: string }
  | { kind: Emphasis; pieces: Piece[] };

export interface Line {
  /** What makes it a line of its kind: "- ", "12. " or "> ". */
  mark: string;
  pieces: Piece[];
  /** The break after it, if there is one. */
  end: string;
}

export type Block = { kind: 'text'; pieces: Piece[] } | { kind: 'bullets' | 'numbers' | 'quote'; lines: Line[] };

const emphases: Record<string, Emphasis> = { '*': 'bold', _: 'italic', '~': 'strike' };
const lineMarks = [
  ['bullets', /^[*-] (?=\S)/],
  ['numbers', /^\d{1,4}\. (?=\S)/],
  ['quote', /^> (?=\S)/],
] as const;

interface Range {
  from: number;
  to: number;
}

const rangesOf = (text: string, pattern: RegExp): Range[] =>
  [...text.matchAll(pattern)].map(({ index, 0: found }) => ({ from: index, to: index + found.length }));

const fence = /```[\s\S]+?```/g;

/** Whether one of them goes on over a place; they are in order. */
function crosses(ranges: readonly Range[], place: number): boolean {
  for (const { from, to } of ranges) {
    if (from >= place) return false;
    if (to > place) return true;
  }
  return false;
}

/** Splits a text into its paragraphs, lists and quotes. */
export function blocksOf(text: string): Block[] {
  const fences = rangesOf(text, fence);
  const blocks: Block[] = [];
  let plain = '';
  const endPlain = () => {
    if (plain !== '') blocks.push({ kind: 'text', pieces: piecesOf(plain) });
    plain = '';
  };
  for (const { from, to } of rangesOf(text, /[^\n]*\n|[^\n]+/g)) {
    const line = text.slice(from, to);
    while (fences[0] && fences[0].to <= from) fences.shift();
    const isInFence = fences[0] !== undefined && (fences[0].from < from || crosses(fences, to));
    const [kind, pattern] = (isInFence ? undefined : lineMarks.find(([, mark]) => mark.test(line))) ?? [];
    if (kind === undefined) {
      plain += line;
      continue;
    }
    endPlain();
    const mark = line.match(pattern as RegExp)?.[0] ?? '';
    const end = line.endsWith('\n') ? '\n' : '';
    const made = { mark, pieces: piecesOf(line.slice(mark.length, line.length - end.length)), end };
    const before = blocks.at(-1);
    if (before?.kind === kind) before.lines.push(made);
    else blocks.push({ kind, lines: [made] });
  }
  endPlain();
  return blocks;
}

/** The codes and links of a text: within them no mark counts. */
function solidsOf(text: string): (Range & { piece: Piece })[] {
  const codes = rangesOf(text, /```[\s\S]+?```|`[^`\n]+`/g).map(({ from, to }) => {
    const mark = text.startsWith('```', from) ? '```' : '`';
    const piece: Piece = { kind: 'code', fence: mark, text: text.slice(from + mark.length, to - mark.length) };
    return { from, to, piece };
  });
  const links = partsOf(text).flatMap(({ at, text: shown, href }) =>
    href === undefined ? [] : { from: at, to: at + shown.length, piece: { kind: 'link' as const, text: shown, href } },
  );
  const free = links.filter(link => !codes.some(code => code.from < link.to && link.from < code.to));
  return [...codes, ...free].sort((a, b) => a.from - b.from);
}

/** Splits a text at its marks, codes and links. */
export function piecesOf(text: string): Piece[] {
  const isWordBefore = (at: number) => /[\p{L}\p{N}]$/u.test(text.slice(Math.max(0, at - 2), at));
  const isWordAfter = (at: number) => /^[\p{L}\p{N}]/u.test(text.slice(at, at + 2));
  const isSpace = (at: number) => /\s/.test(text[at] ?? ' ');
  // No mark stands within another: a walk from start to start meets them all.
  const solids = new Map(solidsOf(text).map(solid => [solid.from, solid]));
  /** Up to where nothing closes a mark: without it, a text of marks only would take minutes. */
  const openUpTo: Record<string, number> = {};

  /** Where the emphasis that a mark opens ends; undefined if nothing closes it on its line. */
  function closeOf(open: number, to: number): number | undefined {
    const mark = text[open] ?? '';
    if (open < (openUpTo[mark] ?? 0)) return undefined;
    if (isWordBefore(open) || isSpace(open + 1) || text[open + 1] === mark) return undefined;
    let at = open + 1;
    for (; at < to && text[at] !== '\n'; at++) {
      const solid = solids.get(at);
      if (solid) at = solid.to - 1;
      else if (text[at] === mark && at > open + 1 && !isSpace(at - 1) && !isWordAfter(at + 1)) return at;
    }
    openUpTo[mark] = at;
    return undefined;
  }

  function between(from: number, to: number): Piece[] {
    const pieces: Piece[] = [];
    let plainFrom = from;
    const add = (at: number, next: number, piece: Piece) => {
      if (at > plainFrom) pieces.push({ kind: 'text', text: text.slice(plainFrom, at) });
      pieces.push(piece);
      plainFrom = next;
    };
    for (let at = from; at < to; at++) {
      const solid = solids.get(at);
      const emphasis = emphases[text[at] ?? ''];
      if (solid) {
        add(at, solid.to, solid.piece);
        at = solid.to - 1;
      } else if (emphasis) {
        const close = closeOf(at, to);
        if (close === undefined) continue;
        add(at, close + 1, { kind: emphasis, pieces: between(at + 1, close) });
        at = close;
      }
    }
    if (plainFrom < to) pieces.push({ kind: 'text', text: text.slice(plainFrom, to) });
    return pieces;
  }

  return between(0, text.length);
}

const plainPieces = (pieces: readonly Piece[]): string =>
  pieces.map(piece => ('text' in piece ? piece.text : plainPieces(piece.pieces))).join('');

/** The words of a text without the marks, for a place with one line. */
export const plainOf = (text: string): string =>
  blocksOf(text)
    .map(block =>
      block.kind === 'text'
        ? plainPieces(block.pieces)
        : block.lines
            .map(({ mark, pieces, end }) => (block.kind === 'quote' ? '' : mark) + plainPieces(pieces) + end)
            .join(''),
    )
    .join('');

const pictured = '(?![©®™])\\p{Extended_Pictographic}\\uFE0F?\\p{Emoji_Modifier}?[\\u{E0020}-\\u{E007F}]*';
const emoji = `(?:\\p{Regional_Indicator}{2}|[0-9#*]\\uFE0F?\\u20E3|${pictured}(?:\\u200D${pictured})*)`;
const onlyEmoji = new RegExp(`^${emoji}(?: ?${emoji}){0,2}$`, 'u');
const oneEmoji = new RegExp(`^${emoji}$`, 'u');

/** How large a text of emoji only is drawn: one alone as the largest, up to three as large. */
export function emojiSize(text: string): 'largest' | 'large' | undefined {
  const trimmed = text.trim();
  if (!onlyEmoji.test(trimmed)) return undefined;
  return oneEmoji.test(trimmed) ? 'largest' : 'large';
}
