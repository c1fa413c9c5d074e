// The log by the keyboard: ↑ ↓ from message to message, r replies, : reacts, i shows the details.
import type { Message } from '@recado/client';
import type { Virtualizer } from '@tanstack/react-virtual';
import { type FocusEvent, type KeyboardEvent, type RefObject, useState } from 'react';
import { hotkeyAt } from '../../../kit/hotkeys.ts';
import { canBeQuoted, type LogContext } from './message-row.tsx';
import type { Row } from './rows.ts';

interface Given {
  rows: readonly Row[];
  virtualizer: Virtualizer<HTMLDivElement, Element>;
  scroller: RefObject<HTMLDivElement | null>;
  context: LogContext;
}

const indexOf = (target: EventTarget) =>
  Number((target as HTMLElement).closest<HTMLElement>('[data-index]')?.dataset.index ?? Number.NaN);

export function useLogKeys({ rows, virtualizer, scroller, context }: Given) {
  const [focused, setFocused] = useState<string>();
  const lastMessage = rows.findLast(({ kind }) => kind === 'message')?.key;
  const isThere = focused !== undefined && rows.some(({ key }) => key === focused);

  const goTo = (index: number) => {
    virtualizer.scrollToIndex(index, { align: 'auto' });
    requestAnimationFrame(() => {
      scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"] article`)?.focus({ preventScroll: true });
    });
  };
  const move = (from: number, step: 1 | -1) => {
    for (let index = from + step; index >= 0 && index < rows.length; index += step)
      if (rows[index]?.kind === 'message') return goTo(index);
  };
  const act = (name: ReturnType<typeof hotkeyAt<'message'>>, message: Message): boolean => {
    const mayAnswer = context.mayWrite && canBeQuoted(message);
    if (name === 'details') context.onDetails(message.id);
    else if (name === 'reply' && mayAnswer) context.onReply(message);
    else if (name === 'react' && mayAnswer) context.onPick(message.id);
    else return false;
    return true;
  };
  const keys = (event: KeyboardEvent<HTMLElement>): void => {
    // Buttons and players within a message have keys of their own.
    if ((event.target as HTMLElement).tagName !== 'ARTICLE') return;
    const index = indexOf(event.target);
    const row = rows[index];
    if (row === undefined) return;
    const name = hotkeyAt('message', event);
    if (name === 'messageBefore') move(index, -1);
    else if (name === 'messageAfter') move(index, 1);
    else if (row.kind !== 'message' || !act(name, row.message)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onFocus = ({ target }: FocusEvent) => setFocused(rows[indexOf(target)]?.key);
  return { reachable: isThere ? focused : lastMessage, keys, onFocus };
}
