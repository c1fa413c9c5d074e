// The name of a contact where only contacts are shown.
import type { Contact } from '@recado/client';
import { useContactName } from '../inbox/index.ts';

export function useNameOf(): (contact: Contact) => string {
  const nameOf = useContactName();
  return ({ id, name, phone, user_id, username }) => nameOf({ id, name, phone, user_id, username });
}
