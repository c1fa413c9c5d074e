// The recipient of a message: the address that each way to name it stands for.
import type { SendMessageBody } from '@recado/contract';
import type { Database, Queryable } from '../../kit/db/database.ts';
import { type Caller, invalid } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import type { Address } from '../../ports/channel.ts';
import {
  addressOfContact,
  contactProblem,
  conversationExists,
  conversationWith,
  findConversation,
  hasAddress,
  phoneOfUser,
  readPhone,
} from '../contacts/index.ts';
import type { TemplateCategory } from './window-and-opt-outs.ts';

type Recipient = Pick<SendMessageBody, 'to' | 'contact_id' | 'conversation_id' | 'user_id'>;

/** An account, as far as the recipient depends on it. */
export interface SendingAccount {
  id: string;
  /** The kinds of addresses that its channel sends to. */
  addresses: ReadonlySet<Address['kind']>;
}

/** Where the recipient is looked up: among all of the workspace, and among the conversations that the caller reads. */
export interface Lookups {
  db: Database;
  readable: Queryable;
}

const lid = /^\d{5,30}@lid$/;

/**
 * The address of the recipient: a phone number in E.164, or the channel's id of a person who hides it.
 * @throws AppError that names the field, if it leads to no address
 */
export async function addressOf(
  { db, readable }: Lookups,
  caller: Caller,
  account: SendingAccount,
  { to, contact_id, conversation_id, user_id }: Recipient,
): Promise<string> {
  const { workspaceId } = caller;
  if (to !== undefined)
    return lid.test(to) ? ofLid(db, workspaceId, account, to, 'to') : readPhone(db, workspaceId, to, 'to');
  if (user_id !== undefined) {
    if (lid.test(user_id)) return ofLid(db, workspaceId, account, user_id, 'user_id');
    if (!account.addresses.has('bsuid'))
      throw invalid('user_id', 'The channel of this account does not know such ids.');
    return user_id;
  }
  if (contact_id !== undefined) return ofContact(db, workspaceId, account, toUuid(contact_id), 'contact_id');
  if (conversation_id === undefined) throw invalid('to', 'Is missing.');
  const conversation = await findConversation(readable, workspaceId, toUuid(conversation_id));
  if (conversation?.account_id !== account.id)
    throw invalid('conversation_id', 'Conversation not found in this account.');
  return ofContact(db, workspaceId, account, conversation.contact_id, 'conversation_id');
}

/** Nobody can know the LID of a stranger. */
async function ofLid(
  db: Database,
  workspaceId: string,
  { addresses }: SendingAccount,
  value: string,
  field: string,
): Promise<string> {
  if (!addresses.has('lid'))
    throw invalid(field, 'Only accounts on WhatsApp Web can send to an id that ends with @lid.');
  if (!(await hasAddress(db, workspaceId, 'lid', value)))
    throw invalid(field, 'No contact of this workspace has this id.');
  return value;
}

async function ofContact(
  db: Database,
  workspaceId: string,
  { addresses }: SendingAccount,
  id: string,
  field: string,
): Promise<string> {
  const found = await addressOfContact(db, workspaceId, id, [...addresses]);
  if (found === undefined) throw invalid(field, 'Contact not found.');
  if (found.address === null)
    throw invalid(field, 'The contact has neither a phone number nor a user id that the channel knows.');
  return found.address;
}

/** Rejects a message into a conversation that its writer does not read. @throws AppError */
export async function demandReadable(
  { db, readable }: Lookups,
  place: { workspaceId: string; accountId: string; address: string },
): Promise<void> {
  const id = await conversationWith(db, place);
  if (id !== undefined && !(await conversationExists(readable, place.workspaceId, id)))
    throw contactProblem('conversation_not_readable');
}

/**
 * The address that a template goes to: Meta sends no authentication template to a user id (131062), so it goes to the
 * contact's number. @throws AppError if there is none
 */
export async function numberForCode(
  db: Database,
  { workspaceId }: Caller,
  address: string,
  category: TemplateCategory | undefined,
): Promise<string> {
  if (category !== 'authentication' || address.startsWith('+')) return address;
  const phone = await phoneOfUser(db, workspaceId, address);
  if (phone !== undefined) return phone;
  throw invalid(
    'to',
    'WhatsApp sends authentication templates to phone numbers only, and this person has none here. Give the number.',
  );
}
