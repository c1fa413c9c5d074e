// The body with which Meta sends a message.
import { type MessageContent, type MessageType, sentContents } from '@recado/contract';
import type { Outgoing } from '../../../ports/channel.ts';

/** The body of one message; each of its receipts contains `token`. */
export function messageBody(outgoing: Outgoing, token: string): object {
  const { to, type, target, options, marketing } = outgoing;
  return {
    ...options,
    messaging_product: 'whatsapp',
    recipient_type: 'individual',
    ...(to.startsWith('+') ? { to } : { recipient: to }),
    type,
    ...(target !== undefined && sentContents[type].quotes && { context: { message_id: target } }),
    [type]: contentFor(type, outgoing.content, target),
    // Without it, Meta falls back to the plain endpoint for businesses that did not sign up.
    ...(marketing === 'only' && { product_policy: 'STRICT' }),
    biz_opaque_callback_data: token,
  };
}

const asItIs = (content: object): object => content;

/** The content of each type with Meta's fields only. */
const contents: { [Type in MessageType]: (content: MessageContent<Type>, target: string | undefined) => object } = {
  text: asItIs,
  image: asItIs,
  video: asItIs,
  audio: asItIs,
  document: asItIs,
  sticker: asItIs,
  location: asItIs,
  contacts: cards => (cards as Card[]).map(withFirstName),
  reaction: ({ emoji }, target) => ({ message_id: target, emoji: emoji ?? '' }),
  interactive: asItIs,
  // The shown form of a template is for us.
  template: ({ category: _category, text: _text, ...content }) => content,
};

const contentFor = <Type extends MessageType>(type: Type, content: MessageContent<Type>, target: string | undefined) =>
  contents[type](content, target);

interface Card {
  name: { formatted_name: string } & Record<string, unknown>;
}

/** Meta wants one part of the name beside the whole name. */
const withFirstName = (card: Card): Card =>
  Object.keys(card.name).length > 1 ? card : { ...card, name: { ...card.name, first_name: card.name.formatted_name } };
