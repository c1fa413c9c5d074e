// The card to write in: the text with the message it quotes, and its tools.
import type { Message, SendMessage } from '@recado/client';
import { CornerDownLeft } from 'lucide-react';
import { type FormEvent, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { buttonLook } from '../../../components/button.tsx';
import { cx } from '../../../kit/class-names.ts';
import { type Draft, quoteOf, useDraft, writeDraft } from './draft.ts';
import { shortNameOf } from './name.ts';
import { useSend } from './outgoing.ts';
import type { ComposerProps } from './props.ts';
import { QuoteLine } from './quote-line.tsx';
import { TextArea } from './text-area.tsx';

export function WriteCard({ conversation, account, replyTo, onReplyEnd }: ComposerProps) {
  const { t } = useTranslation();
  const send = useSend();
  const draft = useDraft(conversation.id);
  const area = useRef<HTMLTextAreaElement>(null);
  const change = (more: Partial<Draft>) => writeDraft(conversation.id, { ...draft, ...more });
  useQuoting(conversation.id, replyTo, () => area.current?.focus());
  const name = shortNameOf(conversation);

  function endReply(): void {
    change({ quote: undefined });
    onReplyEnd();
    area.current?.focus();
  }

  function submit(event?: FormEvent): void {
    event?.preventDefault();
    area.current?.focus();
    const body = draft.text.trim();
    if (body === '') return;
    const content: SendMessage = {
      account_id: account.id,
      conversation_id: conversation.id,
      ...(draft.quote && { context: { message_id: draft.quote.messageId } }),
      type: 'text',
      text: { body },
    };
    send({ conversationId: conversation.id, body: content });
    writeDraft(conversation.id, { text: '' });
    onReplyEnd();
  }

  return (
    <form
      aria-label={t('composer.title')}
      onSubmit={submit}
      className="@container rounded-card border border-line bg-surface focus-within:outline-2 focus-within:-outline-offset-1 focus-within:outline-focus"
    >
      {draft.quote && <QuoteLine quote={draft.quote} name={name} onRemove={endReply} />}
      <TextArea
        ref={area}
        value={draft.text}
        onText={text => change({ text })}
        onSend={submit}
        onKeyDown={({ key }) => key === 'Escape' && draft.quote && endReply()}
        aria-label={t('composer.writeTo', { name })}
        placeholder={t('composer.writeTo', { name })}
      />
      <div className="flex items-center gap-0.5 px-1.5 pt-1 pb-1.5">
        <span className="flex-1" />
        <span className="me-2 hidden text-12 text-faint @xl:inline">{t('composer.keys')}</span>
        <button type="submit" className={cx(buttonLook('primary', 'small'))}>
          {t('composer.send')}
          <CornerDownLeft size={16} strokeWidth={1.75} className="flip" aria-hidden="true" />
        </button>
      </div>
    </form>
  );
}

/** A message that somebody wants to answer becomes part of the draft. */
function useQuoting(conversationId: string, replyTo: Message | undefined, onQuote: () => void): void {
  const focus = useRef(onQuote);
  focus.current = onQuote;
  const draft = useRef<Draft>({ text: '' });
  draft.current = useDraft(conversationId);
  useEffect(() => {
    if (!replyTo) return;
    writeDraft(conversationId, { ...draft.current, quote: quoteOf(replyTo) });
    focus.current();
  }, [conversationId, replyTo]);
}
