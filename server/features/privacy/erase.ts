// Erases a person in batches, each of which may be repeated, and issues a receipt once nothing is left.
import { type Actor, audit, forgetReasons } from '../../kit/audit.ts';
import type { Database, Queryable, Scope, ScopedDatabase } from '../../kit/db/database.ts';
import { newUuid, toId } from '../../kit/ids.ts';
import type { Clock } from '../../kit/time.ts';
import {
  areMerging,
  blankContacts,
  contactProblem,
  dropConversations,
  findPerson,
  lockEmptied,
} from '../contacts/index.ts';
import type { RunHook } from '../hooks.ts';
import { deleteNotices, isNamedInOpen, newestRaw, removeReadMarksOf, scrubRaw } from '../inbound/index.ts';
import { forgetPeople } from '../links/index.ts';
import { cancelWaiting, lockLanes } from '../queue/index.ts';
import { forgetAnswers, forgetAnswersAbout, forgetAnswersOfDeleted } from '../webhooks/index.ts';
import { problem } from './errors.ts';
import { openOf, removeSome } from './remove-store.ts';
import * as store from './store.ts';
import { emptyStoredResponses } from './stored-responses-store.ts';

export interface EraseNeeds {
  db: ScopedDatabase;
  /** The engine's connection: raw webhooks belong to no workspace. */
  engineDb: Pick<Database, 'query' | 'transaction'>;
  clock: Clock;
  /** The apps whose webhooks we process. */
  apps: readonly string[];
  /** How long one request erases, in milliseconds; undefined for the default. */
  budgetMs: number | undefined;
  runHook: RunHook;
}

const messagesAtOnce = 500;
const payloadsAtOnce = 5_000;
/** How long one request erases; proxies time out after a minute. */
const usualBudgetMs = 20_000;

type Mine = ReturnType<ScopedDatabase['within']>;

/** Erases a contact and returns its receipt, or the existing one if it is already erased. @throws AppError */
export async function eraseContact(
  needs: EraseNeeds,
  scope: Scope,
  actor: Actor,
  contactId: string,
): Promise<store.ErasureRow | undefined> {
  const mine = needs.db.within(scope);
  const { workspaceId } = scope;
  const until = needs.clock.elapsed() + (needs.budgetMs ?? usualBudgetMs);
  const begun = (await store.findErasure(mine, workspaceId, contactId)) ?? (await begin(needs, mine, actor, contactId));
  if (begun.erased_at === null) {
    await removeMessages(needs, mine, workspaceId, begun, until);
    await removeTraces(needs, mine, workspaceId, begun.id, contactId, until);
    await end(needs, mine, actor, begun.id, contactId);
  }
  return store.findReceipt(mine, workspaceId, begun.id);
}

/**
 * Cancels queued messages and removes the contact from every list, with its name and addresses: it gets nothing new
 * after that. Erases nothing while a message to it is in flight or unknown.
 */
async function begin(needs: EraseNeeds, mine: Mine, actor: Actor, contactId: string): Promise<store.Begun> {
  const workspaceId = actor.workspaceId ?? '';
  const person = await findPerson(mine, workspaceId, contactId);
  if (!person) throw contactProblem('contact_not_found');
  const { contacts, addresses } = person;
  await cancelAll(needs, mine, workspaceId, contacts);
  await rejectWhileOpen(needs, mine, contacts);
  if (addresses.length > 0 && (await isNamedInOpen(needs.engineDb, needs.apps, { workspaceId, addresses })))
    throw problem('contact_busy', 'A webhook about it is being processed.', { retryAfterSeconds: 2 });
  await mine.transaction(async tx => {
    await lockLanes(tx, workspaceId);
    const answers = await emptyStoredResponses(tx, workspaceId, withIds(contacts), addresses);
    await needs.runHook('contact.erased', tx, { workspaceId, contactIds: contacts });
    const gone = await blankContacts(tx, workspaceId, contacts);
    if (await areMerging(tx, workspaceId, contacts))
      throw problem('contact_busy', 'Another contact is being merged with it.', { retryAfterSeconds: 2 });
    const erasure = { id: newUuid(), contactId, contacts, addresses, actor };
    // A parallel request began first, and has counted and audited everything.
    if (!(await store.beginErasure(tx, erasure, new Date(needs.clock.now())))) return;
    await store.addToErasure(tx, erasure.id, { contacts: contacts.length, addresses: gone, answers });
    const detail = { erasure_id: toId('erasure', erasure.id) };
    await audit(tx, actor, { action: 'erasure.begun', target: { kind: 'contact', id: contactId }, detail });
  });
  const begun = await store.findErasure(mine, workspaceId, contactId);
  if (!begun) throw contactProblem('contact_not_found');
  return begun;
}

/** One contact after the other: together, the second's lanes would be locked after the first's messages. */
async function cancelAll(needs: EraseNeeds, mine: Mine, workspaceId: string, contacts: string[]): Promise<void> {
  for (const contactId of contacts)
    await mine.transaction(tx =>
      cancelWaiting(tx, workspaceId, { contactId }, { reason: 'contact_erased' }, needs.clock.sqlNow()),
    );
}

const withIds = (contacts: string[]) => contacts.map(uuid => ({ uuid, id: toId('contact', uuid) }));

/** @throws AppError while a call is in flight or has an unknown outcome */
async function rejectWhileOpen(needs: EraseNeeds, db: Queryable, contacts: string[]): Promise<void> {
  const { sending, unknown, waitSeconds } = await openOf(db, contacts, needs.clock.sqlNow());
  if (sending > 0) throw problem('contact_busy', 'A message to it is being sent.', { retryAfterSeconds: 5 });
  if (unknown === 0) return;
  const retry = waitSeconds === null ? {} : { retryAfterSeconds: Math.max(1, waitSeconds) };
  throw problem('contact_outcome_unknown', undefined, retry);
}

async function removeMessages(
  needs: EraseNeeds,
  mine: Mine,
  workspaceId: string,
  { id, contacts }: store.Begun,
  until: number,
): Promise<void> {
  for (;;) {
    const { found, removed } = await mine.transaction(async tx => {
      const piece = await removeSome(tx, contacts, messagesAtOnce, needs.clock.sqlNow());
      if (piece.removed.messages > 0) await store.addToErasure(tx, id, { ...piece.removed }, piece.addresses);
      return piece;
    });
    if (found > 0 && removed.messages === 0) {
      // A message was being stored when the addresses were removed.
      await cancelAll(needs, mine, workspaceId, contacts);
      await rejectWhileOpen(needs, mine, contacts);
    }
    if (found === 0) {
      const dropped = await mine.transaction(async tx => {
        const emptied = await lockEmptied(tx, workspaceId, contacts);
        if (!emptied) return false;
        const read_marks = await removeReadMarksOf(tx, emptied);
        await dropConversations(tx, emptied);
        await store.addToErasure(tx, id, { conversations: emptied.length, read_marks });
        return true;
      });
      if (dropped) return;
    }
    rejectWhenLate(needs, until);
  }
}

/** Removes other mentions of the person: raw webhooks, dead letters, notices, answers, and what WhatsApp Web keeps. */
async function removeTraces(
  needs: EraseNeeds,
  mine: Mine,
  workspaceId: string,
  id: string,
  contactId: string,
  until: number,
): Promise<void> {
  const erasure = await store.findErasure(mine, workspaceId, contactId);
  if (!erasure) return;
  const { addresses, contacts } = erasure;
  await mine.transaction(async tx => {
    const answers = await emptyStoredResponses(tx, workspaceId, withIds(contacts), addresses);
    const notices = addresses.length === 0 ? [] : await deleteNotices(tx, { workspaceId, addresses });
    await forgetAnswers(tx, workspaceId, notices);
    await forgetAnswersAbout(tx, workspaceId, contacts);
    await forgetPeople(tx, workspaceId, addresses);
    await forgetReasons(tx, workspaceId, contacts);
    await store.addToErasure(tx, id, { answers, notices: notices.length });
  });
  await forgetAnswersOfDeleted(needs.engineDb, workspaceId);
  if (addresses.length === 0) return;
  const named = { workspaceId, addresses };
  // Later webhooks are about a new person, or repeat what we know as removed.
  const raw = await store.beginLooking(needs.engineDb, id, await newestRaw(needs.engineDb));
  while (raw.after < raw.until) {
    raw.after = await needs.engineDb.transaction(async tx => {
      const { last, ...counts } = await scrubRaw(tx, needs.apps, named, raw, payloadsAtOnce, needs.clock.sqlNow());
      if (counts.payloads + counts.dead_letters > 0) await store.addToErasure(tx, id, counts);
      await store.lookedUpTo(tx, id, last);
      return last;
    });
    if (raw.after < raw.until) rejectWhenLate(needs, until);
  }
}

async function end(needs: EraseNeeds, mine: Mine, actor: Actor, id: string, contactId: string): Promise<void> {
  await mine.transaction(async tx => {
    if (!(await store.endErasure(tx, id, new Date(needs.clock.now())))) return;
    const detail = { erasure_id: toId('erasure', id) };
    await audit(tx, actor, { action: 'contact.erased', target: { kind: 'contact', id: contactId }, detail });
  });
}

function rejectWhenLate({ clock }: EraseNeeds, until: number): void {
  if (clock.elapsed() > until) throw problem('erasure_unfinished', undefined, { retryAfterSeconds: 1 });
}
