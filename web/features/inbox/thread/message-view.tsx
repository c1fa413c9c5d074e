// One message as a bubble, to read.

import type { Message } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { Bubble, type BubbleProps } from '../../../components/bubble.tsx';
import { usePhoneToRead } from '../../../kit/phone-later.ts';
import { useSenderName } from '../names.ts';
import { Content, ContentButtons } from './content/content.tsx';

interface Props
  extends Pick<BubbleProps, 'next' | 'by' | 'quote' | 'reactions' | 'note' | 'actions' | 'chosen' | 'onTick'> {
  message: Message;
  /** What the person is called. */
  name?: string;
  tabIndex?: number;
  ref?: BubbleProps['ref'];
}

export function MessageView({ message, name, ...rest }: Props) {
  const { t } = useTranslation();
  const phoneToRead = usePhoneToRead();
  const senderName = useSenderName();
  const isOurs = message.direction === 'outbound';
  const isElsewhere = message.source !== null;
  return (
    <Bubble
      {...rest}
      ours={isOurs}
      who={isOurs ? senderName(message) : (name ?? (message.from && phoneToRead(message.from)) ?? t('inbox.nameless'))}
      at={message.created_at}
      status={isOurs && !isElsewhere ? message.status : undefined}
      bare={message.type === 'sticker' && message.sticker?.media?.status === 'stored' && message.revoked_at === null}
      buttons={<ContentButtons message={message} />}
      mark={
        <>
          {message.group !== null && <span>{t('inbox.inGroup')} ·</span>}
          {message.source === 'phone' && <span>{t('inbox.onPhone')} ·</span>}
          {message.source === 'standby' && <span>{t(isOurs ? 'inbox.byOthers' : 'inbox.toOthers')} ·</span>}
          {message.edited_at !== null && message.revoked_at === null && <span>{t('inbox.edited')} ·</span>}
        </>
      }
    >
      <Content message={message} />
    </Bubble>
  );
}
