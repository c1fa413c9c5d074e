// WhatsApp lets a business write freely once the person has written. On a simulated phone, the person does it first.

import { findConversation } from '../../../data/conversations.ts';
import { type PhonePlace, writeOnPhone } from '../../../data/phones.ts';

const stepMs = 250;
const mostSteps = 40;

/**
 * Writes as the person if the 24-hour window is closed, and resolves with the id of the conversation once it is open.
 * @throws Error if the message does not arrive
 */
export async function openWindow(place: PhonePlace, body: string): Promise<string> {
  const known = await findConversation(place.accountId, place.number);
  if (known?.window.open) return known.id;
  await writeOnPhone.act({ place, body: { type: 'text', text: { body } } });
  for (let step = 0; step < mostSteps; step++) {
    await new Promise(resolve => setTimeout(resolve, stepMs));
    const conversation = await findConversation(place.accountId, place.number);
    if (conversation?.window.open) return conversation.id;
  }
  throw new Error('The message of the person did not arrive.');
}
