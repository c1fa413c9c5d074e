// The composer as a choice of templates: while the window is closed, or because somebody wants one.

import type { SendMessage, TemplateContent } from '@recado/client';
import { Clock, LayoutTemplate, MessageSquareText, X } from 'lucide-react';
import { type KeyboardEvent, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton, LinkButton } from '../../../components/button.tsx';
import { useFormat } from '../../../kit/format.ts';
import { isTyping } from '../../../kit/hotkeys.ts';
import { lazyPart } from '../../../kit/lazy.ts';
import { useDraft } from './draft.ts';
import { focusComposer } from './focus.ts';
import { useLastSeen } from './last-seen.ts';
import { useShortName } from './name.ts';
import { useSend } from './outgoing.ts';
import type { ComposerProps } from './props.ts';
import type { Offer } from './replies/of-conversation.ts';

const TemplatePicker = lazyPart(() => import('./templates/picker.tsx'), 'TemplatePicker');
const TemplateReplies = lazyPart(() => import('./replies/template-replies.tsx'), 'TemplateReplies');

interface Props extends Pick<ComposerProps, 'conversation' | 'account'> {
  isOpen: boolean;
  /** A saved reply that chose a template. */
  offer: Offer | undefined;
  onOffer: (offer: Offer) => void;
  onTouched: () => void;
  onSent: () => void;
  /** Back to the text, where one may be sent. */
  onClose: () => void;
}

export function TemplateCard({ conversation, account, isOpen, offer, onOffer, onTouched, onSent, onClose }: Props) {
  const { t } = useTranslation();
  const send = useSend();
  const [isTouched, setTouched] = useState(offer !== undefined);
  const [isAsked, setAsked] = useState(false);
  /** Where the window is open, the text of a reply is sent. */
  const isFinding = isAsked && !isOpen;
  const lastSeen = useLastSeen(conversation.id, isTouched);
  const touch = () => {
    setTouched(true);
    onTouched();
  };
  const endSearch = () => {
    setAsked(false);
    requestAnimationFrame(focusComposer);
  };
  function press(event: KeyboardEvent): void {
    if (event.key === 'Escape' && isOpen) onClose();
    if (event.key !== '/' || isOpen || isTyping(event.target)) return;
    event.preventDefault();
    // It does not search the conversations.
    event.stopPropagation();
    setAsked(true);
  }
  const pick = (template: TemplateContent) => {
    const body: SendMessage = {
      account_id: account.id,
      conversation_id: conversation.id,
      ...lastSeen(),
      type: 'template',
      template,
    };
    send({ conversationId: conversation.id, body });
    onSent();
  };
  return (
    <section
      aria-label={t('composer.template.title')}
      className="@container rounded-card border border-line bg-surface"
      onKeyDown={press}
    >
      <header className="flex items-start gap-3 border-b border-border py-2.5 ps-3.5 pe-2 text-13">
        {isOpen ? (
          <LayoutTemplate size={17} strokeWidth={1.75} className="mt-px text-muted" aria-hidden="true" />
        ) : (
          <Clock size={17} strokeWidth={1.75} className="mt-px text-warning" aria-hidden="true" />
        )}
        <p className="min-w-0 flex-1">
          {isOpen ? <b>{t('composer.template.title')}</b> : <Closed {...{ conversation, account, onClose }} />}
        </p>
        {!isOpen && (
          <IconButton
            icon={MessageSquareText}
            size="small"
            className="-my-1"
            label={t('composer.reply.open')}
            aria-expanded={isFinding}
            onClick={() => setAsked(!isAsked)}
          />
        )}
        {isOpen && (
          <IconButton icon={X} size="small" className="-my-1" label={t('composer.template.close')} onClick={onClose} />
        )}
      </header>
      {isFinding && (
        <Suspense fallback={<div className="h-40" />}>
          <TemplateReplies conversation={conversation} account={account} onOffer={onOffer} onClose={endSearch} />
        </Suspense>
      )}
      {/* What is filled in stays while somebody looks for a reply. */}
      <div hidden={isFinding}>
        <Suspense fallback={<div className="h-40" />}>
          <TemplatePicker account={account} isWindowOpen={isOpen} offer={offer} onTouched={touch} onSend={pick} />
        </Suspense>
      </div>
    </section>
  );
}

/** When the window closed, and what becomes of a text. */
function Closed({ conversation, account, onClose }: Pick<Props, 'conversation' | 'account' | 'onClose'>) {
  const { t } = useTranslation();
  const { clock, day } = useFormat();
  const { text } = useDraft(conversation.id);
  const name = useShortName(conversation);
  const { until } = conversation.window;
  const isToday = until !== null && new Date(until).toDateString() === new Date().toDateString();
  const { on_window_closed: choice } = account.delivery;
  return (
    <>
      <b>
        {until === null
          ? t('composer.closed.never', { name })
          : t(isToday ? 'composer.closed.at' : 'composer.closed.on', { time: clock(until), day: day(until) })}
      </b>{' '}
      <span className="text-muted">
        {t(until === null ? 'composer.closed.onlyFirst' : 'composer.closed.only', { name })}{' '}
        {text !== '' && t('composer.closed.draft')}
      </span>{' '}
      {choice !== 'reject' && <LinkButton onClick={onClose}>{t(`composer.closed.${choice}`, { name })}</LinkButton>}
    </>
  );
}
