// A contact as an answer shows it.
import type { Contact } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { toId } from '../../kit/ids.ts';
import { presentContact, sourcesOf } from './contact.ts';
import { problem } from './errors.ts';
import * as store from './store.ts';

/** No contact has the id; one that was merged names the contact that has its history. */
export async function notFound(db: Queryable, workspaceId: string, id: string) {
  const kept = await store.mergedInto(db, workspaceId, id);
  return problem(
    'contact_not_found',
    kept && `The contact was merged: the same person is ${toId('contact', kept)} now.`,
  );
}

/** @throws AppError where there is no such contact */
export async function showContact(db: Queryable, workspaceId: string, id: string): Promise<Contact> {
  const row = await store.findContact(db, workspaceId, id);
  if (!row) throw await notFound(db, workspaceId, id);
  return presentContact(row, await store.namesOf(db, sourcesOf([row])));
}
