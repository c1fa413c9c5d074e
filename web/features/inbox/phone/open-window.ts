// WhatsApp lets a business write freely once the person has written. On a simulated phone, the person does it first.
import type { Conversation } from '@recado/client';
import { recado } from '../../../kit/client.ts';
import type { PhonePlace } from './queries.ts';

const stepMs = 250;
const mostSteps = 40;

/**
 * Writes as the person if the 24-hour window is closed, and resolves with the id of the conversation once it is open.
 * @throws Error if the message does not arrive
 */
export async function openWindow(place: PhonePlace, body: string): Promise<string> {
  const known = await conversationWith(place);
  if (known?.window.open) return known.id;
  await recado.phones.writeOn(place.accountId, place.number, { type: 'text', text: { body } });
  for (let step = 0; step < mostSteps; step++) {
    await new Promise(resolve => setTimeout(resolve, stepMs));
    const conversation = await conversationWith(place);
    if (conversation?.window.open) return conversation.id;
  }
  throw new Error('The message of the person did not arrive.');
}

/** The conversation of an account with a number; undefined before its first message. */
async function conversationWith({ accountId, number }: PhonePlace): Promise<Conversation | undefined> {
  const { data } = await recado.conversations.list({ account_id: accountId, search: number, limit: 1 }).page();
  return data[0];
}
