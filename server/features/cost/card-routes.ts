// Rate cards over HTTP: imported as drafts, compared with what is in use, and taken into use.
import { createHash } from 'node:crypto';
import {
  idempotencyHeaders,
  idSchema,
  importRateCardBody,
  problemSchema,
  type RateCard,
  type RateChanges,
  rateCardList,
  rateCardSchema,
  rateChangesSchema,
  useRateCardBody,
} from '@recado/contract';
import { z } from 'zod';
import { actorOf, audit } from '../../kit/audit.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { idempotently } from '../../kit/http/idempotency.ts';
import { callerOf, demandEveryAccount, type Server, sendKept } from '../../kit/http/routes.ts';
import { toId, toUuid } from '../../kit/ids.ts';
import * as store from './card-store.ts';
import { costToday } from './cost-store.ts';
import { problem } from './errors.ts';
import { readRateFile } from './rate-file.ts';
import type { CostNeeds } from './routes.ts';
import { settleCurrency } from './settings-store.ts';

const params = z.strictObject({ id: idSchema('rate_card') });

const presentCard = (row: store.CardRow): RateCard => ({
  ...row,
  id: toId('rate_card', row.id),
  created_at: row.created_at.toISOString(),
  used_at: row.used_at?.toISOString() ?? null,
});

/** How a rate changes. */
const kindOf = ({ before, after, percent }: store.ChangeRow): RateChanges['data'][number]['change'] => {
  if (before === null) return 'new';
  if (after === null) return 'gone';
  if (before === after) return 'same';
  return percent !== null && percent < 0 ? 'falls' : 'rises';
};

export function cardRoutes(app: Server, { db, clock }: CostNeeds): void {
  const tags = ['Cost'];
  const permission = 'cost.manage' as const;
  const todayOf = (tx: Queryable, workspaceId: string) => costToday(tx, workspaceId, undefined, clock.sqlNow());

  /** @throws AppError where there is no such card */
  async function found(tx: Queryable, workspaceId: string, id: string): Promise<store.CardRow> {
    const row = await store.findCard(tx, workspaceId, id, await todayOf(tx, workspaceId));
    if (!row) throw problem('rate_card_not_found');
    return row;
  }

  async function changes(tx: Queryable, workspaceId: string, id: string) {
    const today = await todayOf(tx, workspaceId);
    const card = await found(tx, workspaceId, id);
    const beforeId = await store.cardBefore(tx, workspaceId, card);
    const rows = await store.changesOf(tx, workspaceId, id, beforeId ?? null, today);
    const data = rows.map(row => ({ ...row, change: kindOf(row) }));
    const count = (kind: ReturnType<typeof kindOf>) => data.filter(({ change }) => change === kind).length;
    const priced = card.kind === 'rates' && beforeId !== undefined;
    return {
      card: presentCard(card),
      before: beforeId === undefined ? null : presentCard(await found(tx, workspaceId, beforeId)),
      rises: count('rises'),
      falls: count('falls'),
      new: count('new'),
      gone: count('gone'),
      odd: data.filter(({ odd }) => odd).length,
      month_before: priced ? await store.monthWith(tx, workspaceId, beforeId, today) : null,
      month_after: priced ? await store.monthWith(tx, workspaceId, id, today) : null,
      data,
    };
  }

  app.get(
    '/api/v1/cost/cards',
    {
      config: { permission: 'cost.read' },
      schema: {
        tags,
        operationId: 'listRateCards',
        summary: 'List the rate cards',
        response: { 200: rateCardList },
      },
    },
    async request => {
      const caller = callerOf(request);
      const lists = db.listsWithin(caller);
      const rows = await store.listCards(lists, caller.workspaceId, await todayOf(lists, caller.workspaceId));
      return { data: rows.map(presentCard) };
    },
  );

  app.post(
    '/api/v1/cost/cards',
    {
      config: { permission },
      schema: {
        tags,
        operationId: 'importRateCard',
        summary: 'Import a rate card as a draft, to compare it',
        description:
          'The CSV file of the pricing page of WhatsApp, or a file of volume tiers. `n/a` is no rate, never free.',
        headers: idempotencyHeaders,
        body: importRateCardBody,
        response: { 201: rateCardSchema, 400: problemSchema, 409: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const { workspaceId } = caller;
      const { text, file_name: fileName, name = fileName, valid_from: validFrom } = request.body;
      const file = readRateFile(text);
      const keyed = {
        workspaceId,
        operation: 'rate_cards.import',
        key: request.headers['idempotency-key'],
        body: request.body,
      };
      const answer = await idempotently(db.within(caller), keyed, async tx => {
        const currency = await settleCurrency(tx, workspaceId, file.currency);
        if (currency !== file.currency)
          throw problem(
            'currency_differs',
            `The file is in ${file.currency}, and the workspace counts in ${currency}.`,
          );
        const fileHash = createHash('sha256').update(text).digest();
        const card = { name, fileName, fileHash, validFrom, createdBy: caller.id };
        const id = await store.insertCard(tx, workspaceId, card, file);
        const target = { kind: 'rate_card', id };
        await audit(tx, actorOf(request), {
          action: 'rate_card.imported',
          target,
          detail: { name, valid_from: validFrom },
        });
        return { status: 201, body: presentCard(await found(tx, workspaceId, id)) };
      });
      return sendKept(reply, answer);
    },
  );

  app.get(
    '/api/v1/cost/cards/:id/changes',
    {
      config: { permission: 'cost.read' },
      schema: {
        tags,
        operationId: 'getRateCardChanges',
        summary: 'Compare a rate card with the one in use before it',
        params,
        response: { 200: rateChangesSchema, 404: problemSchema },
      },
    },
    request => {
      const caller = callerOf(request);
      return changes(db.listsWithin(caller), caller.workspaceId, toUuid(request.params.id));
    },
  );

  app.post(
    '/api/v1/cost/cards/:id/use',
    {
      config: { permission },
      schema: {
        tags,
        operationId: 'useRateCard',
        summary: 'Take a rate card into use, from its first day on',
        description: 'Messages keep the cost by the card that made it.',
        params,
        body: useRateCardBody,
        response: { 200: rateCardSchema, 404: problemSchema, 409: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const { workspaceId } = caller;
      const id = toUuid(request.params.id);
      return db.within(caller).transaction(async tx => {
        const { odd, data } = await changes(tx, workspaceId, id);
        const [first] = data;
        if (odd > 0 && !request.body.accept_odd && first)
          throw problem(
            'rate_jumped',
            `${first.market}, ${first.category} goes from ${first.before} to ${first.after}. Look at the file. Where it is right, repeat with {"accept_odd": true}.`,
          );
        if (!(await store.useCard(tx, id))) throw problem('rate_card_used');
        const target = { kind: 'rate_card', id };
        await audit(tx, actorOf(request), { action: 'rate_card.used', target, detail: { odd } });
        return presentCard(await found(tx, workspaceId, id));
      });
    },
  );

  app.delete(
    '/api/v1/cost/cards/:id',
    {
      config: { permission },
      schema: {
        tags,
        operationId: 'deleteRateCard',
        summary: 'Discard a rate card that is not in use',
        params,
        response: { 204: z.undefined(), 404: problemSchema, 409: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const id = toUuid(request.params.id);
      await db.within(caller).transaction(async tx => {
        const { name } = await found(tx, caller.workspaceId, id);
        if (!(await store.deleteCard(tx, id))) throw problem('rate_card_used');
        const target = { kind: 'rate_card', id };
        await audit(tx, actorOf(request), { action: 'rate_card.deleted', target, detail: { name } });
      });
      return reply.code(204).send();
    },
  );
}
