// What the composer calls the person of a conversation.

import type { Conversation } from '@recado/client';
import { usePhoneToRead } from '../../../kit/phone-later.ts';

const isolate = (text: string) => `\u2068${text}\u2069`;

/** The first name, or the number. It keeps its direction within a sentence of another script. */
export function useShortName({ contact }: Pick<Conversation, 'contact'>): string {
  const phoneToRead = usePhoneToRead();
  const name = contact.name?.trim().split(/\s+/)[0];
  return isolate(name || (contact.phone && phoneToRead(contact.phone)) || (contact.username ?? '?'));
}
