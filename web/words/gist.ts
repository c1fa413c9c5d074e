// A message in a few words, for lists, quotes and notices.
import type { Message } from '@recado/client';
import type { AnyMessageType } from '@recado/contract';
import { useTranslation } from 'react-i18next';
import { textOf } from '../data/message-text.ts';
import { plainOf } from '../kit/formatting.ts';

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
    return plainOf(textOf(message) ?? '') || word;
  };
}

const nothing = () => undefined;
/** The summary of a message of each type, beside its type. */
const said: Record<AnyMessageType, (message: Message) => string | null | undefined> = {
  text: ({ text }) => text?.body,
  image: ({ image }) => image?.caption,
  video: ({ video }) => video?.caption,
  audio: nothing,
  document: ({ document }) => document?.caption ?? document?.filename,
  sticker: nothing,
  location: ({ location }) => location?.name,
  contacts: nothing,
  reaction: ({ reaction }) => reaction?.emoji,
  interactive: nothing,
  template: ({ template }) => template?.name,
  button: nothing,
  order: nothing,
  call: nothing,
  system: nothing,
  unsupported: nothing,
};

/** A message in one line. */
export function useSummary(): (message: Message) => string {
  const { t } = useTranslation();
  return message => {
    const kind = t(`contentType.queue.${message.type}`);
    const words = plainOf(said[message.type](message) ?? '');
    if (message.type === 'text') return words || kind;
    return words ? `${kind}: ${words}` : kind;
  };
}
