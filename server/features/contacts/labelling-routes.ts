// Labels on contacts and conversations, one by one and many at once.
import {
  contactSchema,
  conversationSchema,
  idSchema,
  type LabelKind,
  labelContactsBody,
  labelledContactsSchema,
  mostLabelled,
  problemSchema,
} from '@recado/contract';
import { z } from 'zod';
import { actorOf, audit } from '../../kit/audit.ts';
import type { Queryable, ScopedDatabase } from '../../kit/db/database.ts';
import { callerOf, type Server } from '../../kit/http/routes.ts';
import { toId, toUuid } from '../../kit/ids.ts';
import type { Clock } from '../../kit/time.ts';
import { realmOf } from '../segments/index.ts';
import { presentConversation } from './contact.ts';
import { readFilter } from './contact-filter.ts';
import { conversationExists, findConversation } from './conversation-store.ts';
import { problem } from './errors.ts';
import * as store from './label-store.ts';
import { findIds } from './list-store.ts';
import { showContact } from './show-contact.ts';

interface Needs {
  db: ScopedDatabase;
  clock: Clock;
}

const ofContact = z.strictObject({ id: idSchema('contact'), label_id: idSchema('label') });
const ofConversation = z.strictObject({ id: idSchema('conversation'), label_id: idSchema('label') });

/** The label stays until the transaction ends. @throws AppError where there is none, or one for the other kind */
async function demandLabel(tx: Queryable, workspaceId: string, kind: LabelKind, id: string): Promise<void> {
  const known = await store.holdLabels(tx, workspaceId, [id]);
  if (!known.has(id)) throw problem('label_not_found');
  if (known.get(id) !== kind) throw problem('label_for_others');
}

export function labellingRoutes(app: Server, { db, clock }: Needs): void {
  for (const [method, has] of [
    ['put', true],
    ['delete', false],
  ] as const) {
    app[method](
      '/api/v1/contacts/:id/labels/:label_id',
      {
        config: { permission: 'contacts.manage' },
        schema: {
          tags: ['Contacts'],
          operationId: has ? 'labelContact' : 'unlabelContact',
          summary: has ? 'Give a contact a label' : 'Take a label from a contact',
          params: ofContact,
          response: { 200: contactSchema, 404: problemSchema, 409: problemSchema },
        },
      },
      async request => {
        const caller = callerOf(request);
        const { workspaceId } = caller;
        const id = toUuid(request.params.id);
        const labelId = toUuid(request.params.label_id);
        return db.within(caller).transaction(async tx => {
          await demandLabel(tx, workspaceId, 'contact', labelId);
          const change = has ? store.addLabels : store.removeLabels;
          if ((await change(tx, workspaceId, [id], [labelId])) > 0)
            await audit(tx, actorOf(request), {
              action: has ? 'contact.labelled' : 'contact.unlabelled',
              target: { kind: 'contact', id },
              detail: { label_id: request.params.label_id },
            });
          return showContact(tx, workspaceId, id);
        });
      },
    );

    app[method](
      '/api/v1/conversations/:id/labels/:label_id',
      {
        config: { permission: 'messages.update' },
        schema: {
          tags: ['Conversations'],
          operationId: has ? 'labelConversation' : 'unlabelConversation',
          summary: has ? 'Give a conversation a label' : 'Take a label from a conversation',
          params: ofConversation,
          response: { 200: conversationSchema, 404: problemSchema, 409: problemSchema },
        },
      },
      async request => {
        const caller = callerOf(request);
        const { workspaceId, permissions } = caller;
        const id = toUuid(request.params.id);
        const labelId = toUuid(request.params.label_id);
        return db.within(caller).transaction(async tx => {
          if (!(await conversationExists(tx, workspaceId, id))) throw problem('conversation_not_found');
          await demandLabel(tx, workspaceId, 'conversation', labelId);
          await store.labelConversations(tx, [id], labelId, has);
          const row = await findConversation(tx, workspaceId, id);
          if (!row) throw problem('conversation_not_found');
          return presentConversation(row, clock.now(), permissions.has('messages.read'));
        });
      },
    );
  }

  app.post(
    '/api/v1/labels/:id/contacts',
    {
      config: { permission: 'contacts.manage' },
      schema: {
        tags: ['Labels'],
        operationId: 'applyLabel',
        summary: 'Give many contacts a label, or take it from them',
        description: `The contacts with these ids, or all that fit a filter, at most ${mostLabelled}. All change together.`,
        params: z.strictObject({ id: idSchema('label') }),
        body: labelContactsBody,
        response: { 200: labelledContactsSchema, 400: problemSchema, 404: problemSchema, 409: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const { workspaceId } = caller;
      const { action, contact_ids, filter } = request.body;
      const labelId = toUuid(request.params.id);
      const realm = realmOf(caller, clock);
      return db.within(caller).transaction(async tx => {
        await demandLabel(tx, workspaceId, 'contact', labelId);
        const contacts =
          filter === undefined
            ? (contact_ids ?? []).map(id => toUuid(id))
            : await findIds(tx, realm, await readFilter(tx, realm, filter), mostLabelled + 1);
        if (contacts.length > mostLabelled) throw problem('too_many_contacts');
        const change = action === 'add' ? store.addLabels : store.removeLabels;
        const changed = await change(tx, workspaceId, contacts, [labelId]);
        await audit(tx, actorOf(request), {
          action: action === 'add' ? 'contacts.labelled' : 'contacts.unlabelled',
          target: { kind: 'label', id: labelId },
          detail: { label_id: toId('label', labelId), contacts: changed, filters: Object.keys(filter ?? {}) },
        });
        return { changed };
      });
    },
  );
}
