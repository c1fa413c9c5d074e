// A message that was not sent goes back into the composer, before its text: one that somebody wants to edit, and
// one that was refused as others of us had written meanwhile.
import type { Conversation } from '@recado/client';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef } from 'react';
import { messageKeys } from '../../../data/message-keys.ts';
import type { Stretch } from '../../../data/thread-cache.ts';
import { focusAnyway } from './collision.tsx';
import { type Draft, quoteOf, useDraft, useWriteDraft } from './draft.ts';
import type { Attachments } from './files/use-attachments.ts';
import { focusComposer } from './focus.ts';
import { type OutgoingMessage, useOutgoing } from './outgoing.ts';
import { canEdit } from './outgoing-bubble.tsx';

/** Takes the message apart: its text into the draft, its file with its caption into the tray, and what it quotes. */
export function useReturned(
  { id }: Conversation,
  returned: OutgoingMessage | undefined,
  attachments: Pick<Attachments, 'add'>,
): void {
  const client = useQueryClient();
  const writeDraft = useWriteDraft();
  const draft = useRef<Draft>({ text: '' });
  draft.current = useDraft(id);
  const add = useRef(attachments.add);
  add.current = attachments.add;
  const takeApart = useCallback(
    (outgoing: OutgoingMessage) => {
      const { content, file, came = draft.current.came } = outgoing;
      const thread = client.getQueryData<Stretch>(messageKeys.thread(id))?.messages;
      const context = 'context' in content ? content.context : undefined;
      const quoted = thread?.find(message => message.id === context?.message_id);
      const own = content.type === 'text' ? content.text.body : '';
      const text = [own, draft.current.text].filter(Boolean).join('\n');
      draft.current = { ...draft.current, text, quote: quoted ? quoteOf(quoted) : draft.current.quote, came };
      writeDraft(id, draft.current);
      if (file?.blob)
        add.current([new File([file.blob], file.name, { type: file.type })], { caption: captionOf(content) });
      outgoing.discard();
    },
    [id, client, writeDraft],
  );
  useEffect(() => {
    if (!returned) return;
    takeApart(returned);
    // The field grows first.
    requestAnimationFrame(focusComposer);
  }, [returned, takeApart]);
  const outgoing = useOutgoing(id);
  useEffect(() => {
    const refused = outgoing.filter(each => each.came !== undefined && canEdit(each));
    for (const each of refused) takeApart(each);
    if (refused.length > 0) requestAnimationFrame(focusAnyway);
  }, [outgoing, takeApart]);
}

function captionOf(content: OutgoingMessage['content']): string {
  if (content.type === 'image') return content.image.caption ?? '';
  if (content.type === 'video') return content.video.caption ?? '';
  return content.type === 'document' ? (content.document.caption ?? '') : '';
}
