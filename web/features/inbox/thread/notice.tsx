// A line in the middle of the log: calls, notices of WhatsApp, and reactions that were not sent.
import { Phone, PhoneMissed } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { LinkButton } from '../../../components/button.tsx';
import { useFormat } from '../../../kit/format.ts';
import { asRecord, asText } from '../../../kit/loose.ts';
import { useFailureWords } from '../../../words/failure.ts';
import type { NoticeMessage } from '../content-types.ts';

interface Props {
  message: NoticeMessage;
  name: string;
  onDetails: (id: string) => void;
}

export function Notice({ message, name, onDetails }: Props) {
  const { t } = useTranslation();
  const { clock, exact } = useFormat();
  const why = useFailureWords();
  const isMissed = message.type === 'call' && message.status === 'received';
  const emoji = message.reaction?.emoji ?? '';
  const words: Record<NoticeMessage['type'], () => string> = {
    call: () => t(isMissed ? 'inbox.notice.missedCall' : 'inbox.notice.call', { name }),
    system() {
      const { type, body, new_owner_role } = asRecord(message.system);
      const role = asText(new_owner_role);
      if (type === 'control_passed' || type === 'control_taken')
        return role ? t('inbox.notice.handover', { role }) : t('inbox.notice.handoverUnknown');
      return asText(body) ?? t('inbox.notice.system');
    },
    reaction: () =>
      message.status === 'failed'
        ? t('inbox.notice.reactionFailed', { emoji, why: why(message.error) })
        : t('inbox.notice.reactionUnknown', { emoji }),
  };
  const Icon = isMissed ? PhoneMissed : Phone;
  return (
    <p className="mx-auto flex max-w-[60ch] flex-wrap items-center justify-center gap-x-2 py-2 text-center text-13 text-muted">
      {message.type === 'call' && <Icon size={14} strokeWidth={1.75} aria-hidden="true" />}
      <bdi>{words[message.type]()}</bdi>
      <time dateTime={message.created_at} title={exact(message.created_at)} className="num text-12 text-faint">
        {clock(message.created_at)}
      </time>
      {message.type === 'reaction' && (
        <LinkButton onClick={() => onDetails(message.id)}>{t('inbox.details')}</LinkButton>
      )}
    </p>
  );
}
