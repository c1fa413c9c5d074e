// One message as a bubble, to read.
import type { Message } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { Bubble, type BubbleProps } from '../../../components/bubble.tsx';
import { Content, ContentButtons } from './content/content.tsx';

interface Props extends Pick<BubbleProps, 'next' | 'quote' | 'reactions' | 'note' | 'actions' | 'chosen' | 'onTick'> {
  message: Message;
  /** What the person is called. */
  name?: string;
  tabIndex?: number;
  ref?: BubbleProps['ref'];
}

export function MessageView({ message, name, ...rest }: Props) {
  const { t } = useTranslation();
  const isOurs = message.direction === 'outbound';
  const isFromPhone = message.source === 'phone';
  return (
    <Bubble
      {...rest}
      ours={isOurs}
      who={isOurs ? t('inbox.you') : (name ?? message.from ?? t('inbox.nameless'))}
      at={message.created_at}
      status={isOurs && !isFromPhone ? message.status : undefined}
      bare={message.type === 'sticker' && message.sticker?.media?.status === 'stored' && message.revoked_at === null}
      buttons={<ContentButtons message={message} />}
      mark={
        <>
          {isFromPhone && <span>{t('inbox.onPhone')} ·</span>}
          {message.edited_at !== null && message.revoked_at === null && <span>{t('inbox.edited')} ·</span>}
        </>
      }
    >
      <Content message={message} />
    </Bubble>
  );
}
