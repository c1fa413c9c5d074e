// The body with which Meta sends a message.
import type { MessageContent } from '@recado/contract';
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
    // A reaction names its message in its content.
    ...(target !== undefined && type !== 'reaction' && { context: { message_id: target } }),
    [type]: contentFor(outgoing),
    // Without it, Meta falls back to the plain endpoint for businesses that did not sign up.
    ...(marketing === 'only' && { product_policy: 'STRICT' }),
    biz_opaque_callback_data: token,
  };
}

/** The content with Meta's fields only. */
function contentFor({ type, content, target }: Outgoing): MessageContent {
  if (type === 'contacts') return (content as Card[]).map(withFirstName);
  const fields = content as Record<string, unknown>;
  if (type === 'reaction') return { message_id: target, emoji: fields.emoji ?? '' };
  if (type !== 'template') return content;
  // A template also has what we show of it.
  const { category: _category, text: _text, ...rest } = fields;
  return rest;
}

interface Card {
  name: { formatted_name: string } & Record<string, unknown>;
}

/** Meta wants one part of the name beside the whole name. */
const withFirstName = (card: Card): Card =>
  Object.keys(card.name).length > 1 ? card : { ...card, name: { ...card.name, first_name: card.name.formatted_name } };
