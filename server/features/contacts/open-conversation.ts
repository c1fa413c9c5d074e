// Opens a conversation: before its first message, so that a person can choose what to write.
import { conversationSchema, idempotencyHeaders, openConversationBody, problemSchema } from '@recado/contract';
import type { Queryable, ScopedDatabase } from '../../kit/db/database.ts';
import { idempotently } from '../../kit/http/idempotency.ts';
import { type Caller, callerOf, invalid, type Server, sendKept } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import type { Clock } from '../../kit/time.ts';
import { presentConversation } from './contact.ts';
import * as store from './conversation-store.ts';
import { problem } from './errors.ts';
import { readPhone } from './phone.ts';
import { contactForNumber, findContactId } from './store.ts';

interface Needs {
  db: ScopedDatabase;
  clock: Clock;
}

export function openConversationRoute(app: Server, { db, clock }: Needs): void {
  app.post(
    '/api/v1/conversations',
    {
      config: { permission: 'messages.create' },
      schema: {
        tags: ['Conversations'],
        operationId: 'openConversation',
        summary: 'Open a conversation',
        description:
          'The conversation of an account with a person, by number or contact. Recado creates what is missing (201), or shows what there is (200). Nothing is sent.',
        headers: idempotencyHeaders,
        body: openConversationBody,
        response: { 200: conversationSchema, 201: conversationSchema, 400: problemSchema, 403: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { workspaceId } = caller;
      const mine = db.within(caller);
      const { account_id, to, contact_id } = request.body;
      const accountId = toUuid(account_id);
      if (!(await store.hasAccount(mine, workspaceId, accountId))) throw invalid('account_id', 'Account not found.');
      const number = to === undefined ? undefined : await readPhone(mine, workspaceId, to, 'to');
      const body = { accountId, number, contact_id };
      const keyed = { workspaceId, operation: 'conversations.open', key: request.headers['idempotency-key'], body };
      const answer = await idempotently(mine, keyed, async tx => {
        const contactId = await contactOf(tx, caller, { number, contact_id });
        const { id, isNew } = await store.openConversation(
          tx,
          { workspaceId, accountId, contactId },
          caller.reader?.personId,
          new Date(clock.now()),
        );
        const row = await store.findConversation(tx, workspaceId, id);
        if (!row) throw problem('conversation_not_readable');
        const shown = presentConversation(row, clock.now(), caller.permissions.has('messages.read'));
        return { status: isNew ? 201 : 200, body: shown };
      });
      return sendKept(reply, answer);
    },
  );
}

interface Person {
  /** E.164. */
  number: string | undefined;
  contact_id?: string | undefined;
}

async function contactOf(tx: Queryable, { workspaceId }: Caller, { number, contact_id }: Person): Promise<string> {
  if (number !== undefined) return contactForNumber(tx, workspaceId, number);
  const known = contact_id && (await findContactId(tx, workspaceId, toUuid(contact_id)));
  if (!known) throw invalid('contact_id', 'Contact not found.');
  return known;
}
