// On a touch screen, a message that is drawn towards the end of its line is replied to.
import { type TouchEvent, useRef } from 'react';

/** From here on it is a reply, and no further does the bubble move. */
const enoughPx = 56;
const mostPx = 72;
/** Before, it may be a tap or a scroll. */
const slackPx = 10;

interface Swipe {
  article: HTMLElement;
  reply: () => void;
  /** To the right, where lines begin at the left. */
  way: 1 | -1;
  x: number;
  y: number;
  px: number;
  isSwipe: boolean;
}

/** `replyTo`: what replies to the message of a row; undefined if it cannot be replied to. */
export function useSwipe(replyTo: (index: number) => (() => void) | undefined) {
  const swipe = useRef<Swipe>(undefined);

  function end(): void {
    const { current } = swipe;
    swipe.current = undefined;
    if (!current) return;
    delete current.article.dataset.swipe;
    current.article.style.removeProperty('--swipe');
  }

  return {
    onTouchStart({ target, touches }: TouchEvent<HTMLElement>) {
      const touch = touches[0];
      const article = (target as HTMLElement).closest<HTMLElement>('article');
      const index = Number(article?.closest<HTMLElement>('[data-index]')?.dataset.index);
      const reply = replyTo(index);
      // Players have something to draw themselves.
      if (!touch || touches.length > 1 || !article || !reply || (target as HTMLElement).closest('input')) return end();
      const way = getComputedStyle(article).direction === 'rtl' ? -1 : 1;
      swipe.current = { article, reply, way, x: touch.clientX, y: touch.clientY, px: 0, isSwipe: false };
    },
    onTouchMove({ touches }: TouchEvent<HTMLElement>) {
      const { current } = swipe;
      const touch = touches[0];
      if (!current || !touch) return;
      const along = (touch.clientX - current.x) * current.way;
      const across = Math.abs(touch.clientY - current.y);
      if (!current.isSwipe && across > slackPx) return end();
      current.isSwipe ||= along > slackPx && along > 2 * across;
      if (!current.isSwipe) return;
      current.px = Math.min(mostPx, Math.max(0, along));
      current.article.dataset.swipe = current.px < enoughPx ? 'begun' : 'enough';
      current.article.style.setProperty('--swipe', `${current.px * current.way}px`);
    },
    onTouchEnd() {
      const { current } = swipe;
      end();
      if (current && current.px >= enoughPx) current.reply();
    },
    onTouchCancel: end,
  };
}
