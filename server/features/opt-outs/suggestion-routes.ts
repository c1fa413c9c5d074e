// Suggestions of opt-outs over HTTP: list and dismiss. `POST /api/v1/opt-outs` takes one.
import {
  idSchema,
  listSuggestionsQuery,
  type OptOutSuggestion,
  problemSchema,
  suggestionPage,
  suggestionSchema,
} from '@recado/contract';
import { z } from 'zod';
import { actorOf, audit } from '../../kit/audit.ts';
import { callerOf, pageRequest, type Server, toPage } from '../../kit/http/routes.ts';
import { toId, toUuid } from '../../kit/ids.ts';
import { problem } from './errors.ts';
import type { OptOutNeeds } from './needs.ts';
import * as store from './suggestion-store.ts';

const params = z.strictObject({ id: idSchema('opt_out_suggestion') });

const present = (row: store.SuggestionRow): OptOutSuggestion => ({
  id: toId('opt_out_suggestion', row.id),
  account_id: toId('account', row.account_id),
  message_id: toId('message', row.message_id),
  conversation_id: toId('conversation', row.conversation_id),
  contact_id: toId('contact', row.contact_id),
  phrase: row.phrase,
  state: row.state,
  decided_by:
    row.decided_kind === null || row.decided_by === null
      ? null
      : { kind: row.decided_kind, id: toId(row.decided_kind, row.decided_by) },
  decided_at: row.decided_at?.toISOString() ?? null,
  created_at: row.created_at.toISOString(),
});

const tags = ['Opt-outs'];

export function suggestionRoutes(app: Server, { db, clock }: OptOutNeeds): void {
  app.get(
    '/api/v1/opt-outs/suggestions',
    {
      config: { permission: 'opt_outs.read' },
      schema: {
        tags,
        operationId: 'listOptOutSuggestions',
        summary: 'List messages that may mean an opt-out, newest first',
        querystring: listSuggestionsQuery,
        response: { 200: suggestionPage, 400: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const page = pageRequest(request);
      const { contact_id: contact, conversation_id: conversation, state } = request.query;
      const filter = {
        contactId: contact && toUuid(contact),
        conversationId: conversation && toUuid(conversation),
        state,
      };
      const { rows, total } = await store.listSuggestions(db.listsWithin(caller), caller.workspaceId, filter, page);
      return toPage(rows, page, total, present, row => [row.id]);
    },
  );

  app.post(
    '/api/v1/opt-outs/suggestions/:id/dismiss',
    {
      config: { permission: 'opt_outs.manage' },
      schema: {
        tags,
        operationId: 'dismissOptOutSuggestion',
        summary: 'Dismiss a suggestion: the message meant no opt-out',
        description: 'A repeat changes nothing.',
        params,
        response: { 200: suggestionSchema, 404: problemSchema, 409: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const id = toUuid(request.params.id);
      return db.within(caller).transaction(async tx => {
        const by = { kind: caller.kind, id: caller.id, at: new Date(clock.now()) };
        const isNew = await store.decideSuggestion(tx, id, 'dismissed', by);
        const row = await store.findSuggestion(tx, caller.workspaceId, id);
        if (!row) throw problem('suggestion_not_found');
        if (row.state === 'taken') throw problem('suggestion_taken');
        if (isNew)
          await audit(tx, actorOf(request), {
            action: 'opt_out_suggestion.dismissed',
            target: { kind: 'opt_out_suggestion', id },
            detail: { contact_id: toId('contact', row.contact_id) },
          });
        return present(row);
      });
    },
  );
}
