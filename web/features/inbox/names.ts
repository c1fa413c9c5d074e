// What people are called: the person of a conversation, and who of ours wrote a message.

import type { Conversation, Message } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { useMe } from '../../data/me.ts';
import { usePhoneToRead } from '../../kit/phone-later.ts';
import { namedSender } from './sender.ts';

/** The name, or else the number, the username or words. */
export function useContactName(): (contact: Conversation['contact']) => string {
  const { t } = useTranslation();
  const phoneToRead = usePhoneToRead();
  return ({ name, phone, username }) =>
    name || (phone && phoneToRead(phone)) || (username ? `@${username}` : t('inbox.nameless'));
}

/** Who of ours wrote a message: "You", or the name of a person, a program or a place. */
export function useSenderName(): (message: Pick<Message, 'source' | 'campaign_id' | 'created_by'>) => string {
  const { t } = useTranslation();
  const me = useMe().person?.id;
  return message => {
    if (message.source !== null) return t(message.source === 'standby' ? 'inbox.others' : 'inbox.onPhone');
    const sender = namedSender(message);
    if (sender) return sender.id === me ? t('inbox.you') : sender.name;
    return t(message.campaign_id === null ? 'inbox.automatic' : 'inbox.campaign');
  };
}
