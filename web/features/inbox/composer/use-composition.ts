// The next message: its text, the message it quotes, its files, and how they are sent.
import type { Message, SendMessage } from '@recado/client';
import { useEffect, useRef } from 'react';
import { type Draft, quoteOf, useDraft, useWriteDraft } from './draft.ts';
import { guessKind } from './files/kinds.ts';
import type { Attachment, Attachments } from './files/use-attachments.ts';
import { useLastSeen } from './last-seen.ts';
import { useSend } from './outgoing.ts';
import type { ComposerProps } from './props.ts';

interface Options extends ComposerProps {
  attachments: Attachments;
  onQuote: () => void;
}

/** What of a message comes with all its types. */
interface Envelope {
  account_id: string;
  conversation_id: string;
  last_seen_id?: string;
  send_at?: string;
  context?: { message_id: string };
}

export function useComposition({ conversation, account, replyTo, onReplyEnd, attachments, onQuote }: Options) {
  const outbox = useSend();
  const draft = useDraft(conversation.id);
  const writeDraft = useWriteDraft();
  const change = (more: Partial<Draft>) => writeDraft(conversation.id, { ...draft, ...more });
  useQuoting(conversation.id, replyTo, onQuote);
  const files = attachments.attachments.filter(({ verdict }) => verdict?.problem === undefined);
  const text = draft.text.trim();
  const isBegun = draft.text !== '' || attachments.attachments.length > 0;
  const lastSeen = useLastSeen(conversation.id, isBegun, draft);

  /** Sends it all; the quote goes with the first message. `closes`: the conversation, with the last one. */
  function submit(sendAt?: Date, closes = false): void {
    let context = draft.quote && { message_id: draft.quote.messageId };
    const seen = lastSeen();
    const envelope = (): Envelope => {
      const made = {
        account_id: account.id,
        conversation_id: conversation.id,
        ...seen,
        ...(sendAt && { send_at: sendAt.toISOString() }),
        ...(context && { context }),
      };
      context = undefined;
      return made;
    };
    for (const file of files) {
      const [message, content] = withFile(conversation.id, envelope(), file);
      outbox({ ...message, closes: closes && text === '' && file === files.at(-1) }, content);
    }
    if (text !== '') {
      const body: SendMessage = { ...envelope(), type: 'text', text: { body: text } };
      outbox({ conversationId: conversation.id, body, closes });
    }
    attachments.clear();
    writeDraft(conversation.id, { text: '' });
    onReplyEnd();
  }

  /** Sends a recording at once. */
  function submitVoice(recording: File, isVoiceNote: boolean): void {
    const envelope: Envelope = {
      account_id: account.id,
      conversation_id: conversation.id,
      ...lastSeen(),
      ...(draft.quote && { context: { message_id: draft.quote.messageId } }),
    };
    const body: SendMessage = { ...envelope, type: 'audio', audio: { ...(isVoiceNote && { voice: true }) } };
    const { name, type, size } = recording;
    const file = { name, type, size, kind: 'audio' as const, voice: true };
    outbox({ conversationId: conversation.id, body, file }, recording);
    change({ quote: undefined, came: undefined });
    onReplyEnd();
  }

  return { draft, change, letters: text.length, isEmpty: text === '' && files.length === 0, submit, submitVoice };
}

type Outgoing = Parameters<ReturnType<typeof useSend>>;

/** Its type follows from the file; the id of the file is known after its upload. */
function withFile(conversationId: string, envelope: Envelope, { file, verdict, caption }: Attachment): Outgoing {
  const kind = verdict?.kind ?? guessKind(file);
  const words = caption.trim() === '' ? {} : { caption: caption.trim() };
  const bodies: Record<typeof kind, SendMessage> = {
    image: { ...envelope, type: 'image', image: words },
    video: { ...envelope, type: 'video', video: words },
    audio: { ...envelope, type: 'audio', audio: {} },
    document: { ...envelope, type: 'document', document: { ...words, filename: file.name } },
  };
  const { name, type, size } = file;
  return [{ conversationId, body: bodies[kind], file: { name, type, size, kind } }, file];
}

/** A message that somebody wants to answer becomes part of the draft. */
function useQuoting(conversationId: string, replyTo: Message | undefined, onQuote: () => void): void {
  const focus = useRef(onQuote);
  focus.current = onQuote;
  const draft = useRef<Draft>({ text: '' });
  draft.current = useDraft(conversationId);
  const writeDraft = useWriteDraft();
  useEffect(() => {
    if (!replyTo) return;
    writeDraft(conversationId, { ...draft.current, quote: quoteOf(replyTo) });
    focus.current();
  }, [conversationId, replyTo, writeDraft]);
}
