// Keys of the whole app: single letters, and `g` followed by a letter.
import { useEffect, useRef } from 'react';

/** From `k`, `g i`, `mod+k` or `?` to what happens. */
export type Hotkeys = Record<string, () => void>;

const sequenceMs = 1200;
const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** Listens while the component is shown. Letters do nothing while somebody types or a dialog is open. */
export function useHotkeys(hotkeys: Hotkeys): void {
  // The first key of a sequence outlasts a render.
  const last = useRef({ name: '', at: 0 });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const mod = event.metaKey || event.ctrlKey;
      const isFree = !isTyping(event.target) && document.querySelector('[role="dialog"]') === null;
      if (event.altKey || event.isComposing || (!mod && !isFree)) return;
      const name = mod ? `mod+${event.key.toLowerCase()}` : event.key;
      const { name: before, at } = last.current;
      const sequence = before !== '' && event.timeStamp - at < sequenceMs ? `${before} ${name}` : name;
      const act = hotkeys[sequence] ?? hotkeys[name];
      last.current = { name: act ? '' : name, at: event.timeStamp };
      if (!act) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  });
}
