// A text as WhatsApp shows it: line breaks stay, marks format, and links of the web can be followed. Everything else is inert.
import { type ReactNode, useMemo } from 'react';
import { cx } from '../../../../kit/class-names.ts';
import { type Block, blocksOf, emojiSize, type Piece } from '../../../../kit/formatting.ts';

interface Props {
  text: string;
  /** It is the whole message: a few emoji alone are drawn large. */
  isWhole?: boolean;
}

export function Text({ text, isWhole = false }: Props) {
  const blocks = useMemo(() => blocksOf(text), [text]);
  const size = isWhole ? emojiSize(text) : undefined;
  return (
    <bdi dir="auto" className={cx('whitespace-pre-wrap', size && `emoji-${size}`)}>
      {blocks.map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a block of a text is its place
        <BlockOf key={index} block={block} />
      ))}
    </bdi>
  );
}

/** A list is as wide as its words, so that its marks stand beside them where the page runs the other way. */
function BlockOf({ block }: { block: Block }) {
  if (block.kind === 'text') return <Pieces pieces={block.pieces} />;
  const lines = (Item: 'li' | 'p') =>
    block.lines.map(({ mark, pieces }, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: a line of a text is its place
      <Item key={index} {...(block.kind === 'numbers' && { value: Number.parseInt(mark, 10) })}>
        <Pieces pieces={pieces} />
      </Item>
    ));
  if (block.kind === 'bullets') return <ul className="w-fit list-disc ps-5 text-start">{lines('li')}</ul>;
  if (block.kind === 'numbers') return <ol className="w-fit list-decimal ps-6 text-start">{lines('li')}</ol>;
  return (
    <blockquote className="w-fit border-s-3 text-start border-(--line) ps-2 text-(--meta)">{lines('p')}</blockquote>
  );
}

const Pieces = ({ pieces }: { pieces: readonly Piece[] }): ReactNode =>
  pieces.map((piece, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a piece of a text is its place
    <PieceOf key={index} piece={piece} />
  ));

function PieceOf({ piece }: { piece: Piece }) {
  switch (piece.kind) {
    case 'text':
      return piece.text;
    case 'link':
      return (
        <a
          href={piece.href}
          target="_blank"
          rel="noreferrer noopener"
          className="rounded-badge text-accent-text underline underline-offset-3"
        >
          {piece.text}
        </a>
      );
    case 'code':
      return <code className="rounded-badge bg-(--line)/40 px-1 text-[0.9em]">{piece.text}</code>;
    case 'bold':
      return (
        <strong>
          <Pieces pieces={piece.pieces} />
        </strong>
      );
    case 'italic':
      return (
        <em>
          <Pieces pieces={piece.pieces} />
        </em>
      );
    case 'strike':
      return (
        <s>
          <Pieces pieces={piece.pieces} />
        </s>
      );
  }
}
