// What a message is in a few words: in the list, in quotes and in notices.
import type { Message } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { captionOf } from './media/file.ts';
import { answerOf } from './thread/content/interactive.tsx';
import { asRecord, asText } from './thread/content/loose.ts';

/** One line of it; a word of its type where it has no text. */
export function useGist(): (message: Message) => string {
  const { t } = useTranslation();
  return message => {
    if (message.revoked_at !== null) return t('inbox.content.deleted');
    const word = t(
      message.type === 'audio' && message.audio?.voice ? 'inbox.type.voice' : `inbox.type.${message.type}`,
    );
    return textOf(message) || word;
  };
}

/** Its own words; undefined where it has none. */
export function textOf(message: Message): string | undefined {
  const { type } = message;
  if (type === 'text') return message.text?.body;
  if (type === 'template') return message.template?.text ?? message.template?.name;
  if (type === 'document') return captionOf(message) ?? message.document?.filename ?? undefined;
  if (type === 'location') return message.location?.name ?? message.location?.address;
  if (type === 'button' || type === 'interactive')
    return answerOf(message) ?? asText(asRecord(asRecord(message.interactive).body).text);
  return captionOf(message);
}
