// Marks words in the messages of the thread, without a change to them.
import { useEffect } from 'react';
import { placesOf } from './marked.tsx';

const name = 'found';

/** Marks them as long as the caller is there, also in messages that come into the page later. */
export function useWordMarks(text: string): void {
  useEffect(() => {
    const log = document.querySelector('[role="log"]');
    const words = text.split(/\s+/).filter(Boolean);
    if (!log || words.length === 0 || !('highlights' in CSS)) return;
    const mark = () => {
      const ranges: Range[] = [];
      const walker = document.createTreeWalker(log, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode())
        for (const { start, end } of placesOf(node.nodeValue ?? '', words)) {
          const range = new Range();
          range.setStart(node, start);
          range.setEnd(node, end);
          ranges.push(range);
        }
      CSS.highlights.set(name, new Highlight(...ranges));
    };
    mark();
    const observer = new MutationObserver(mark);
    observer.observe(log, { childList: true, subtree: true, characterData: true });
    return () => {
      observer.disconnect();
      CSS.highlights.delete(name);
    };
  }, [text]);
}
