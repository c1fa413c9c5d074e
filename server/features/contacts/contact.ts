// Contacts and conversations as the API shows them.
import type { Contact, Conversation } from '@recado/contract';
import { toId } from '../../kit/ids.ts';
import type { ContactRow, ConversationRow } from './store.ts';

export const presentContact = (row: ContactRow): Contact => ({
  id: toId('contact', row.id),
  name: row.name,
  phone: row.phone,
  user_id: row.user_id,
  username: row.username,
  reference: row.reference,
  metadata: row.metadata ?? {},
  last_message_at: row.last_message_at?.toISOString() ?? null,
  unread_count: row.unread_count,
  message_counts: { outbound: row.outbound, inbound: row.inbound },
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});

export const presentConversation = (row: ConversationRow): Conversation => ({
  id: toId('conversation', row.id),
  account_id: toId('account', row.account_id),
  contact: {
    id: toId('contact', row.contact_id),
    name: row.name,
    phone: row.phone,
    user_id: row.user_id,
    username: row.username,
  },
  unread_count: row.unread_count,
  message_counts: { outbound: row.outbound, inbound: row.inbound },
  last_message_at: row.last_message_at.toISOString(),
  created_at: row.created_at.toISOString(),
});
