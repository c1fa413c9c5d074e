// The words of a message, as its type has them.
import type { Message } from '@recado/client';
import type { AnyMessageType } from '@recado/contract';
import { asRecord, asText } from '../kit/loose.ts';
import { captionOf } from './message-file.ts';

/** The words of the button or choice; undefined if the message is no answer, empty if it has no words. */
export function answerOf({ direction, type, interactive, button }: Message): string | undefined {
  if (direction !== 'inbound') return undefined;
  if (type === 'button') return button?.text ?? button?.payload ?? '';
  const content = asRecord(interactive);
  const reply = content.button_reply ?? content.list_reply;
  if (reply !== undefined) return asText(asRecord(reply).title) ?? '';
  return content.nfm_reply === undefined ? undefined : (asText(asRecord(content.nfm_reply).body) ?? '');
}

const none = () => undefined;
const interactiveText = (message: Message) =>
  answerOf(message) ?? asText(asRecord(asRecord(message.interactive).body).text);

const texts: Record<AnyMessageType, (message: Message) => string | undefined> = {
  text: ({ text }) => text?.body,
  image: captionOf,
  video: captionOf,
  audio: none,
  document: message => captionOf(message) ?? message.document?.filename ?? undefined,
  sticker: none,
  location: ({ location }) => location?.name ?? location?.address,
  contacts: none,
  reaction: none,
  interactive: interactiveText,
  template: ({ template }) => template?.text ?? template?.name,
  button: interactiveText,
  order: none,
  call: none,
  system: none,
  unsupported: none,
};

/** Its own words; undefined where it has none. */
export const textOf = (message: Message): string | undefined => texts[message.type](message);
