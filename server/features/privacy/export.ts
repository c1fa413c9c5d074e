// Exports all data about a person as one JSON document, as a stream.

import { reasonsAbout } from '../../kit/audit.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { toId } from '../../kit/ids.ts';
import { campaignsOf, keptInLists } from '../campaigns/index.ts';
import { contactProblem, exportContacts, findPerson } from '../contacts/index.ts';
import { keptInRows } from '../imports/index.ts';
import { deadLettersOf, newestDead, noticesOf } from '../inbound/index.ts';
import { exportNotes } from '../notes/index.ts';
import { ledgerOf, optOutsOf } from '../opt-outs/index.ts';
import { exportPage, newestSeq } from './export-store.ts';
import { jsonList } from './json-list.ts';
import { findErasure } from './store.ts';

const messagesAtOnce = 200;
const lettersAtOnce = 2_000;

/**
 * Returns the document: contacts, conversations, messages with current events and attempts, notes, dead letters,
 * notices, and campaigns.
 * @throws AppError if there is no data
 */
export async function exportPerson(
  needs: { db: Queryable; engineDb: Queryable },
  workspaceId: string,
  contactId: string,
  now: Date,
): Promise<AsyncGenerator<string>> {
  const { db, engineDb } = needs;
  const erasure = await findErasure(db, workspaceId, contactId);
  if (erasure?.erased_at) throw contactProblem('contact_not_found');
  const person = await findPerson(db, workspaceId, contactId);
  const held = person && (await exportContacts(db, workspaceId, person.contacts));
  if (!person || !held) throw contactProblem('contact_not_found');
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
    const until = addresses.length > 0 ? await newestDead(engineDb) : 0;
    for (let after = 0; after < until; ) {
      const page = await deadLettersOf(engineDb, { workspaceId, addresses }, { after, until }, lettersAtOnce);
      yield page.letters.map(({ item, reason, created_at }) => ({ item, reason, created_at }));
      after = page.last;
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
    yield* jsonList(messages());
    const notes = (await exportNotes(db, workspaceId, contacts)).map(({ conversation_id, ...note }) => ({
      conversation_id: toId('conversation', conversation_id),
      ...note,
    }));
    yield `,"notes":${JSON.stringify(notes)}`;
    yield ',"dead_letters":';
    yield* jsonList(deadLetters());
    const notices = addresses.length > 0 ? await noticesOf(db, { workspaceId, addresses }) : [];
    yield `,"notices":${JSON.stringify(notices.map(({ data, at }) => ({ ...data, at })))}`;
    const optOuts = (await optOutsOf(db, contacts)).map(({ category, reason, source, created_at }) => ({
      ...{ category, reason, source, created_at },
    }));
    yield `,"opt_outs":${JSON.stringify(optOuts)}`;
    const ledger = (await ledgerOf(db, contacts)).map(({ at, kind, category, source, proof, reason, ...row }) => ({
      ...{ at, kind, category, source, word: proof.word ?? null, reason },
      ...{ legal_basis: row.legal_basis, wording: row.wording, given_at: row.given_at },
    }));
    yield `,"opt_out_ledger":${JSON.stringify(ledger)}`;
    const campaigns = (await campaignsOf(db, contacts)).map(({ campaign_id, message_id, ...row }) => ({
      campaign_id: toId('campaign', campaign_id),
      ...row,
      message_id: message_id && toId('message', message_id),
    }));
    yield `,"campaigns":${JSON.stringify(campaigns)}`;
    const values = [
      ...(await keptInRows(db, workspaceId, contacts)).map(({ import_id: id, number, kept }) => ({
        import_id: toId('contact_import', id),
        row: number,
        values: kept,
      })),
      ...(await keptInLists(db, contacts)).map(({ campaign_id: id, kept }) => ({
        campaign_id: toId('campaign', id),
        values: kept,
      })),
    ];
    yield `,"campaign_values":${JSON.stringify(values)}`;
    yield `,"audit_reasons":${JSON.stringify(await reasonsAbout(db, workspaceId, contacts))}}\n`;
  })();
}
