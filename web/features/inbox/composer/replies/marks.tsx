// Behind the text that somebody writes: marks where a variable stands for nothing.
import { type RefObject, useEffect, useRef } from 'react';
import type { Blank } from './blanks.ts';

interface Props {
  text: string;
  blanks: readonly Blank[];
  area: RefObject<HTMLTextAreaElement | null>;
}

export function BlankMarks({ text, blanks, area }: Props) {
  const own = useRef<HTMLDivElement>(null);
  const isShown = blanks.length > 0;
  useEffect(() => {
    const { current } = area;
    if (!isShown || !current) return;
    const follow = () => {
      if (own.current) own.current.scrollTop = current.scrollTop;
    };
    follow();
    current.addEventListener('scroll', follow);
    return () => current.removeEventListener('scroll', follow);
  }, [area, isShown]);
  if (!isShown) return null;
  let end = 0;
  const parts = blanks.map(({ start, text: written }) => {
    const before = text.slice(end, start);
    end = start + written.length;
    return (
      <span key={start}>
        {before}
        <mark className="rounded-badge bg-warning-soft text-transparent shadow-[0_0_0_1px_var(--warning-solid)]">
          {written}
        </mark>
      </span>
    );
  });
  return (
    <div
      ref={own}
      aria-hidden="true"
      dir="auto"
      className="pointer-events-none absolute inset-0 overflow-hidden px-3.5 pt-2.5 pb-1 text-16/[1.4] wrap-break-word whitespace-pre-wrap text-transparent"
    >
      {parts}
      {text.slice(end)}
    </div>
  );
}
