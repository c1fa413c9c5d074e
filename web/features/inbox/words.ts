// What a message is in a few words: in the list, in quotes and in notices.
import type { Message } from '@recado/client';
import type { AnyMessageType } from '@recado/contract';
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

type TextOf = (message: Message) => string | undefined;

const noText: TextOf = () => undefined;
const interactiveText: TextOf = message =>
  answerOf(message) ?? asText(asRecord(asRecord(message.interactive).body).text);

const texts: Record<AnyMessageType, TextOf> = {
  text: ({ text }) => text?.body,
  image: captionOf,
  video: captionOf,
  audio: noText,
  document: message => captionOf(message) ?? message.document?.filename ?? undefined,
  sticker: noText,
  location: ({ location }) => location?.name ?? location?.address,
  contacts: noText,
  reaction: noText,
  interactive: interactiveText,
  template: ({ template }) => template?.text ?? template?.name,
  button: interactiveText,
  order: noText,
  call: noText,
  system: noText,
  unsupported: noText,
};

/** Its own words; undefined where it has none. */
export const textOf: TextOf = message => texts[message.type](message);
