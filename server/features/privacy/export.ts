// Everything that is held of a person, as one JSON document, written in pieces.
import type { Database, Queryable } from '../../kit/db.ts';
import { toId } from '../../kit/ids.ts';
import { exportContacts, findPerson, refuseContact } from '../contacts/index.ts';
import { deadLettersOf, exportPage, newestRaw, newestSeq } from '../messages/index.ts';
import { findErasure } from './store.ts';

const messagesAtOnce = 200;
const payloadsAtOnce = 5_000;

/**
 * Makes the document: contacts, conversations, messages with their events and attempts as of this moment, and dead
 * letters. @throws AppError where nothing is held
 */
export async function exportPerson(
  needs: { db: Queryable; engineDb: Database },
  workspaceId: string,
  contactId: string,
  now: Date,
): Promise<AsyncGenerator<string>> {
  const { db, engineDb } = needs;
  const erasure = await findErasure(db, workspaceId, contactId);
  if (erasure?.erased_at) throw refuseContact('contact_not_found');
  const person = await findPerson(db, workspaceId, contactId);
  const held = person && (await exportContacts(db, workspaceId, person.contacts));
  if (!person || !held) throw refuseContact('contact_not_found');
  const { contacts, addresses } = person;
  const until = await newestSeq(db, workspaceId);

  async function* messages(): AsyncGenerator<object[]> {
    let after = 0;
    for (;;) {
      const page = await exportPage(db, workspaceId, contacts, after, until, messagesAtOnce);
      if (page.last === undefined) return;
      yield page.messages;
      after = page.last;
    }
  }

  async function* deadLetters(): AsyncGenerator<object[]> {
    const raw = { after: 0, until: addresses.length > 0 ? await newestRaw(engineDb) : 0 };
    while (raw.after < raw.until) {
      const page = await deadLettersOf(engineDb, { workspaceId, addresses }, raw, payloadsAtOnce);
      yield page.letters.map(({ item, reason, created_at }) => ({ item, reason, created_at }));
      raw.after = page.last;
    }
  }

  return (async function* () {
    yield `{"exported_at":${JSON.stringify(now)},"contact_id":${JSON.stringify(toId('contact', contactId))},"contacts":`;
    yield JSON.stringify(held.contacts.map(contact => ({ ...contact, id: toId('contact', contact.id) })));
    const conversations = held.conversations.map(({ id, account_id, contact_id, ...rest }) => ({
      id: toId('conversation', id),
      account_id: toId('account', account_id),
      contact_id: toId('contact', contact_id),
      ...rest,
    }));
    yield `,"conversations":${JSON.stringify(conversations)},"messages":`;
    yield* list(messages());
    yield ',"dead_letters":';
    yield* list(deadLetters());
    yield '}\n';
  })();
}

/** A JSON list out of pieces of it. */
async function* list(pieces: AsyncGenerator<object[]>): AsyncGenerator<string> {
  let before = '[';
  for await (const piece of pieces) {
    if (piece.length === 0) continue;
    yield before + piece.map(item => JSON.stringify(item)).join(',\n');
    before = ',\n';
  }
  yield before === '[' ? '[]' : ']';
}
