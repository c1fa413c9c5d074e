// A message that failed in this browser goes back into the composer, before what is written there.
import type { Conversation } from '@recado/client';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { messageKeys } from '../../../data/message-keys.ts';
import type { Stretch } from '../../../data/thread-cache.ts';
import { type Draft, quoteOf, useDraft, useWriteDraft } from './draft.ts';
import type { Attachments } from './files/use-attachments.ts';
import { focusComposer } from './focus.ts';
import type { OutgoingMessage } from './outgoing.ts';

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
  useEffect(() => {
    if (!returned) return;
    const { content, file } = returned;
    const thread = client.getQueryData<Stretch>(messageKeys.thread(id))?.messages;
    const context = 'context' in content ? content.context : undefined;
    const quoted = thread?.find(message => message.id === context?.message_id);
    const own = content.type === 'text' ? content.text.body : '';
    const text = [own, draft.current.text].filter(Boolean).join('\n');
    writeDraft(id, { text, quote: quoted ? quoteOf(quoted) : draft.current.quote });
    if (file?.blob) add.current([new File([file.blob], file.name, { type: file.type })], captionOf(content));
    returned.discard();
    // The field grows first.
    requestAnimationFrame(focusComposer);
  }, [id, returned, client, writeDraft]);
}

function captionOf(content: OutgoingMessage['content']): string {
  if (content.type === 'image') return content.image.caption ?? '';
  if (content.type === 'video') return content.video.caption ?? '';
  return content.type === 'document' ? (content.document.caption ?? '') : '';
}
