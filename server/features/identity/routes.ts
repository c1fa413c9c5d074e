// Merging two contacts by hand, over HTTP.
import { contactSchema, idSchema, mergeContactsBody, problemSchema } from '@recado/contract';
import { z } from 'zod';
import { actorOf } from '../../kit/audit.ts';
import type { Database, ScopedDatabase } from '../../kit/db/database.ts';
import { callerOf, demandEveryAccount, invalid, type Server } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import type { Clock } from '../../kit/time.ts';
import { contactProblem, findContactId, showContact } from '../contacts/index.ts';
import { mergeContacts } from './merge-store.ts';

export interface IdentityNeeds {
  db: ScopedDatabase;
  /** A merge moves messages and queues of all accounts, which only the engine may. */
  engineDb: Database;
  clock: Clock;
}

export function identityRoutes(app: Server, { db, engineDb, clock }: IdentityNeeds): void {
  app.post(
    '/api/v1/contacts/:id/merge',
    {
      config: { permission: 'contacts.manage' },
      schema: {
        tags: ['Contacts'],
        operationId: 'mergeContacts',
        summary: 'Merge another contact into this one',
        description:
          'For two contacts that are one person. This one keeps its id and gets the messages, the numbers, the labels and the opt-outs of the other. Nobody can undo it.',
        params: z.strictObject({ id: idSchema('contact') }),
        body: mergeContactsBody,
        response: { 200: contactSchema, 400: problemSchema, 404: problemSchema, 409: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const { workspaceId } = caller;
      const mine = db.within(caller);
      const id = toUuid(request.params.id);
      const other = toUuid(request.body.other_id);
      if (other === id) throw invalid('other_id', 'Must be another contact.');
      // Within the workspace: the engine does not ask whose they are.
      await showContact(mine, workspaceId, id);
      if ((await findContactId(mine, workspaceId, other)) === undefined)
        throw invalid('other_id', 'Contact not found. It may have been deleted or merged.');
      const wanted = { workspaceId, contact: id, other, kept: id, take: [...new Set(request.body.take)] };
      const outcome = await engineDb.transaction(tx => mergeContacts(tx, wanted, actorOf(request), clock.sqlNow()));
      if (outcome === 'busy') throw contactProblem('merge_busy', undefined, { retryAfterSeconds: 2 });
      if (outcome === 'gone') throw contactProblem('contact_not_found');
      return showContact(mine, workspaceId, id);
    },
  );
}
