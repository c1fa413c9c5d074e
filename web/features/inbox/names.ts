// What a person of a conversation is called.

import type { Conversation } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { usePhoneToRead } from '../../kit/phone-later.ts';

/** The name, or else the number, the username or words. */
export function useContactName(): (contact: Conversation['contact']) => string {
  const { t } = useTranslation();
  const phoneToRead = usePhoneToRead();
  return ({ name, phone, username }) =>
    name || (phone && phoneToRead(phone)) || (username ? `@${username}` : t('inbox.nameless'));
}
