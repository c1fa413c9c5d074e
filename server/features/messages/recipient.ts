// The recipient of a message: the address that each way to name it stands for.
import type { SendMessageBody } from '@recado/contract';
import type { Database } from '../../kit/db/database.ts';
import { type Caller, invalid } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import { addressOfContact, findConversation, readPhone } from '../contacts/index.ts';

type Recipient = Pick<SendMessageBody, 'to' | 'contact_id' | 'conversation_id' | 'user_id'>;

/**
 * The address of the recipient: a phone number in E.164, or the channel's id of a person who hides it.
 * @throws AppError that names the field, if it leads to no address
 */
export async function addressOf(
  db: Database,
  caller: Caller,
  accountId: string,
  { to, contact_id, conversation_id, user_id }: Recipient,
): Promise<string> {
  if (to !== undefined) return readPhone(db, caller.workspaceId, to, 'to');
  if (user_id !== undefined) return user_id;
  if (contact_id !== undefined) return ofContact(db, caller, toUuid(contact_id), 'contact_id');
  if (conversation_id === undefined) throw invalid('to', 'Is missing.');
  const conversation = await findConversation(db, caller.workspaceId, toUuid(conversation_id));
  if (conversation?.account_id !== accountId)
    throw invalid('conversation_id', 'Conversation not found in this account.');
  return ofContact(db, caller, conversation.contact_id, 'conversation_id');
}

async function ofContact(db: Database, { workspaceId }: Caller, id: string, field: string): Promise<string> {
  const found = await addressOfContact(db, workspaceId, id);
  if (found === undefined) throw invalid(field, 'Contact not found.');
  if (found.address === null) throw invalid(field, 'The contact has neither a phone number nor a user id.');
  return found.address;
}
