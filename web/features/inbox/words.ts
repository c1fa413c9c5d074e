// What a message is in a few words: in the list, in quotes and in notices.
import type { Message } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { contentTypes } from './content-types.ts';

/** One line of it; a word of its type where it has no text. */
export function useGist(): (message: Message) => string {
  const { t } = useTranslation();
  return message => {
    if (message.revoked_at !== null) return t('inbox.content.deleted');
    const word = t(
      message.type === 'audio' && message.audio?.voice
        ? 'contentType.inbox.voice'
        : `contentType.inbox.${message.type}`,
    );
    return textOf(message) || word;
  };
}

/** Its own words; undefined where it has none. */
export const textOf = (message: Message): string | undefined => contentTypes[message.type].textOf(message);
