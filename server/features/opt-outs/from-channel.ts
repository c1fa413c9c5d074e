// Opt-outs that the channel tells of: a person's choice in WhatsApp, or a rejected marketing message.
import type { Queryable } from '../../kit/db/database.ts';
import { asDialled } from '../../kit/text/phone.ts';
import type { Clock } from '../../kit/time.ts';
import { ensurePerson } from '../contacts/index.ts';
import { lockLanes } from '../queue/index.ts';
import * as store from './store.ts';

/** The channel's code for a marketing message to a person who stopped them. */
export const stoppedCode = '131050';

/** The field of notices about a person's choice. */
export const preferencesField = 'user_preferences';

interface Needs {
  clock: Pick<Clock, 'sqlNow'>;
}

interface Preference {
  addresses: string[];
  value: 'stop' | 'resume';
  at: Date;
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** The choices about marketing messages in a notice, oldest first. */
export function preferencesIn(value: Record<string, unknown>): Preference[] {
  const people = list(value.contacts).map(record);
  const found = list(value.user_preferences).flatMap((item): Preference[] => {
    const { wa_id: id, user_id: userId, value: choice, category, timestamp } = record(item);
    if (category !== 'marketing_messages' || (choice !== 'stop' && choice !== 'resume')) return [];
    const seconds = Number(timestamp);
    if (!Number.isFinite(seconds)) return [];
    const beside = people.filter(person => typeof id === 'string' && person.wa_id === id);
    const only = people.length === 1 && id === undefined ? people : beside;
    const ids = [id, userId, ...only.flatMap(person => [person.wa_id, person.user_id])];
    const addresses = [...new Set(ids.flatMap(addressIn))];
    return addresses.length === 0 ? [] : [{ addresses, value: choice, at: new Date(seconds * 1_000) }];
  });
  return found.sort((a, b) => a.at.getTime() - b.at.getTime());
}

const isPhone = (address: string) => address.startsWith('+');
const isUserId = (id: string) => /^[A-Z]{2}\.[\w.-]{1,400}$/.test(id);

/** A number in E.164, or Meta's id of a person; nothing for anything else. */
function addressIn(id: unknown): string[] {
  if (typeof id !== 'string') return [];
  if (/^\+?\d{5,20}$/.test(id)) return [asDialled(`+${id.replace(/^\+/, '')}`)];
  return isUserId(id) ? [id] : [];
}

/** Opts a contact out of marketing, and cancels the marketing messages that wait for it. */
async function stop(
  tx: Queryable,
  { clock }: Needs,
  contacts: string[],
  cause: Omit<store.OptOutCause, 'category'>,
): Promise<void> {
  await store.insertOptOuts(tx, contacts, { ...cause, category: 'marketing' });
  await store.cancelBarred(tx, contacts, clock.sqlNow());
}

/**
 * Applies a notice of a person's choice. Somebody who stops gets a contact, unless an opt-out is kept of a deleted one.
 * The caller has locked the lanes of the workspace.
 */
export async function applyPreferences(
  tx: Queryable,
  needs: Needs,
  workspaceId: string,
  value: Record<string, unknown>,
  now: Date | null,
): Promise<void> {
  for (const { addresses, value: choice, at } of preferencesIn(value)) {
    const known = await store.contactsOf(tx, workspaceId, addresses);
    if (choice === 'resume') {
      await store.endMarketing(tx, workspaceId, { contacts: known, addresses }, at);
      continue;
    }
    if (known.length === 0 && (await store.isMarketingKept(tx, workspaceId, addresses))) continue;
    const [phone, userId] = [addresses.find(isPhone), addresses.find(isUserId)];
    await ensurePerson(tx, workspaceId, { phone, userId }, now);
    const contacts = await store.contactsOf(tx, workspaceId, addresses);
    await stop(tx, needs, contacts, { reason: 'Stopped in WhatsApp.', source: 'whatsapp', at });
  }
}

const rejected = 'WhatsApp rejected a marketing message: the person stopped them.';

/** Opts the recipients of rejected messages out of marketing. The caller has locked the lanes of their workspaces. */
export async function applyRejectedReceipts(
  tx: Queryable,
  needs: Needs,
  receipts: Parameters<typeof store.recipientsOf>[1],
  at: Date,
): Promise<void> {
  if (receipts.length === 0) return;
  for (const { contact_id: contact, message_id, account_id: accountId } of await store.recipientsOf(tx, receipts))
    await stop(tx, needs, [contact], { reason: rejected, source: 'rejection', accountId, proof: { message_id }, at });
}

/** Opts the recipient of a rejected message out of marketing, in a transaction of its own. */
export async function applyRejectedMessage(tx: Queryable, needs: Needs, messageId: string, at: Date): Promise<void> {
  const to = await store.recipientOf(tx, messageId);
  if (!to) return;
  await lockLanes(tx, to.workspace_id);
  const proof = { message_id: messageId };
  await stop(tx, needs, [to.contact_id], {
    reason: rejected,
    source: 'rejection',
    accountId: to.account_id,
    proof,
    at,
  });
}
