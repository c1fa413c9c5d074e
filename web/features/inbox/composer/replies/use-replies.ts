// Saved replies in the composer: / opens them, and the chosen one stands where the / was.
import type { SavedReply } from '@recado/client';
import { fillReply } from '@recado/contract';
import { type KeyboardEvent, type RefObject, useId, useMemo, useState } from 'react';
import { countReplyUse, fileOfReply } from '../../../../data/saved-replies.ts';
import { toastError } from '../../../../kit/toasts.ts';
import { useAction } from '../../../../kit/use-action.ts';
import type { Attachments } from '../files/use-attachments.ts';
import { insert } from '../focus.ts';
import type { ComposerProps } from '../props.ts';
import { blanksIn } from './blanks.ts';
import { type Asked, askedBefore, matches } from './match.ts';
import { type Offer, useRepliesOf } from './of-conversation.ts';

interface Given extends Pick<ComposerProps, 'conversation' | 'account'> {
  area: RefObject<HTMLTextAreaElement | null>;
  attachments: Attachments;
  /** Undefined: the window is open, so that the text of a reply reaches the person. */
  onOffer: ((offer: Offer) => void) | undefined;
}

export function useReplies({ area, attachments, onOffer, ...of }: Given) {
  const [asked, setAsked] = useState<Asked>();
  /** A / that Escape has closed asks no more. */
  const [closed, setClosed] = useState<number>();
  const [at, setAt] = useState(0);
  const isAsked = asked !== undefined && asked.start !== closed;
  const listId = useId();
  const { all, fitting, values } = useRepliesOf(of, isAsked);
  const use = useAction({ act: countReplyUse.act });
  const found = useMemo(() => (isAsked ? matches(fitting, asked.query) : []), [fitting, asked?.query, isAsked]);
  /** A mistyped shortcut: without a word of it, Enter would send it to the customer. */
  const isNothing = isAsked && asked.isAlone && found.length === 0 && all !== undefined && all.length > 0;
  const isOpen = isAsked && (found.length > 0 || isNothing);
  const current = Math.min(at, found.length - 1);

  function look(): void {
    const { current: field } = area;
    if (!field) return;
    const now =
      field.selectionStart === field.selectionEnd ? askedBefore(field.value, field.selectionStart) : undefined;
    if (now?.start !== asked?.start || now?.query !== asked?.query) setAt(0);
    if (now?.start !== closed) setClosed(undefined);
    setAsked(now);
  }

  /** Puts it where the / stands. `goesOn`: another one follows. */
  function choose(reply: SavedReply, goesOn = false): void {
    const { current: field } = area;
    if (!field || !asked) return;
    if (onOffer && reply.template) return void offer(reply, reply.template, field, asked);
    const text = fillReply(reply.body, values)
      .map(part => part.text)
      .join('');
    field.setSelectionRange(asked.start, asked.end);
    insert(field, goesOn ? `${text} /` : text);
    const [blank] = goesOn ? [] : blanksIn(text);
    // The next typed text stands in its place.
    if (blank) field.setSelectionRange(asked.start + blank.start, asked.start + blank.start + blank.text.length);
    for (const file of reply.files)
      fileOfReply(file).then(content => attachments.add([content], { takesFocus: false }), toastError);
    use.mutate(reply.id);
    look();
  }

  /** Takes the / away, and offers the template. */
  function offer(
    reply: SavedReply,
    template: Offer['template'],
    field: HTMLTextAreaElement,
    { start, end }: Asked,
  ): void {
    field.setSelectionRange(start, end);
    insert(field, '');
    use.mutate(reply.id);
    onOffer?.({ template, body: reply.body, values });
  }

  /** Enter sends nothing. Escape closes the list; then Enter sends the text. */
  function pressNothing(event: KeyboardEvent): boolean {
    if (event.key === 'Escape') setClosed(asked?.start);
    else if (event.key !== 'Enter' || event.shiftKey) return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  /** Whether a key was for the list. */
  function press(event: KeyboardEvent): boolean {
    if (!isOpen || event.nativeEvent.isComposing) return false;
    const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
    if (isNothing) return pressNothing(event);
    if (shiftKey || ctrlKey || metaKey || altKey) return false;
    const reply = found[current]?.reply;
    if (key === 'ArrowDown') setAt((current + 1) % found.length);
    else if (key === 'ArrowUp') setAt((current - 1 + found.length) % found.length);
    else if ((key === 'Enter' || key === 'Tab') && reply) choose(reply, key === 'Tab');
    else if (key === 'Escape') setClosed(asked.start);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  return {
    isOpen,
    /** The typed text, where no reply fits. */
    nothing: isNothing ? asked.query : undefined,
    found,
    current,
    values,
    look,
    press,
    choose,
    point: setAt,
    listId,
    /** Begins a question at the cursor. */
    ask: () => {
      const { current: field } = area;
      if (!field) return;
      const before = field.value.slice(0, field.selectionStart);
      insert(field, before === '' || /\s$/.test(before) ? '/' : ' /');
      look();
    },
    /** What the field says of the list. */
    field:
      found.length > 0
        ? ({
            'aria-autocomplete': 'list',
            'aria-controls': listId,
            'aria-activedescendant': `${listId}-${current}`,
          } as const)
        : {},
  };
}

export type Replies = ReturnType<typeof useReplies>;
