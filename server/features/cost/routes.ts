// What messages cost, over HTTP.
import {
  costConversationsQuery,
  costConversationsSchema,
  costQuery,
  costSchema,
  problemSchema,
} from '@recado/contract';
import type { ScopedDatabase } from '../../kit/db/database.ts';
import { callerOf, invalid, type Server } from '../../kit/http/routes.ts';
import { toId, toUuid } from '../../kit/ids.ts';
import type { Clock } from '../../kit/time.ts';
import { capsOf } from './cap-store.ts';
import { cardInUse, conversationCost, costToday, forecastOf, freeMessagesOf, type Sums, sumsOf } from './cost-store.ts';
import { findCostSetting } from './settings-store.ts';

export interface CostNeeds {
  db: ScopedDatabase;
  clock: Clock;
}

/** How many service messages of a number are free in a month. */
const freeInMonth = 1_000;
const dayMs = 86_400_000;
/** The longest range of conversations, in days: they are added up for each request. */
const mostDays = 92;
const usualDays = 28;
const mostTemplates = 100;

/** When free messages will be used up at the pace of the month so far. Null where it is over, or none was used. */
function endOfFree(used: number, today: string): string | null {
  const day = Number(today.slice(8, 10));
  if (used <= 0 || used >= freeInMonth) return null;
  const last = new Date(Date.parse(today) + Math.ceil((freeInMonth - used) / (used / day)) * dayMs);
  const end = last.toISOString().slice(0, 10);
  return end.slice(0, 7) === today.slice(0, 7) ? end : null;
}

const sumOf = ({ messages, amount, unrated }: Sums) => ({ messages, amount, unrated });

export function costRoutes(app: Server, { db, clock }: CostNeeds): void {
  const tags = ['Cost'];

  app.get(
    '/api/v1/cost',
    {
      config: { permission: 'cost.read' },
      schema: {
        tags,
        operationId: 'getCost',
        summary: 'Show what the messages of a month cost, with forecast, free messages and caps',
        description:
          'A message counts on the day of its delivery, by the clock of its account. Until then it counts as an estimate. Messages without a rate count, and their cost is not known.',
        querystring: costQuery,
        response: { 200: costSchema, 400: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const { workspaceId } = caller;
      const lists = db.listsWithin(caller);
      const now = clock.sqlNow();
      const accountId = request.query.account_id && toUuid(request.query.account_id);
      const today = await costToday(lists, workspaceId, accountId, now);
      const month = request.query.month ?? today.slice(0, 7);
      const isNow = month === today.slice(0, 7);
      const range = { workspaceId, accountId, month: `${month}-01` };
      const [sums, forecast, free, setting, caps, card] = await Promise.all([
        sumsOf(lists, range),
        isNow ? forecastOf(lists, range, today) : undefined,
        freeMessagesOf(lists, range),
        findCostSetting(lists, workspaceId),
        capsOf(lists, workspaceId, now),
        cardInUse(lists, workspaceId, today),
      ]);
      const of = (part: Sums['part']) => sums.filter(each => each.part === part);
      const [whole] = of('all');
      return {
        month,
        currency: setting.currency,
        amount: whole?.amount ?? '0',
        estimated: whole?.estimated ?? '0',
        messages: {
          charged: whole?.charged ?? 0,
          free: whole?.free ?? 0,
          estimated: whole?.estimating ?? 0,
          unrated: whole?.unrated ?? 0,
        },
        by_category: of('category').map(each => ({ category: each.category ?? '', ...sumOf(each) })),
        by_account: of('account').map(each => ({ account_id: toId('account', each.account_id ?? ''), ...sumOf(each) })),
        by_country: of('country').map(each => ({ country: each.country ?? '', ...sumOf(each) })),
        by_template: of('template')
          .filter(({ template }) => template !== null)
          .slice(0, mostTemplates)
          .map(each => ({ template: each.template ?? '', ...sumOf(each) })),
        by_day: of('day')
          .map(each => ({ day: each.day ?? '', category: each.category ?? '', ...sumOf(each) }))
          .sort((left, right) => (left.day === right.day ? 0 : left.day < right.day ? -1 : 1)),
        forecast: forecast ?? null,
        free_messages: free.map(({ account_id: id, used }) => ({
          account_id: toId('account', id),
          used,
          of: freeInMonth,
          ends_on: isNow ? endOfFree(used, today) : null,
        })),
        caps: caps
          .filter(each => accountId === undefined || each.account_id === accountId)
          .map(each => ({ ...each, account_id: each.account_id && toId('account', each.account_id) })),
        card: card ? { ...card, id: toId('rate_card', card.id) } : null,
      };
    },
  );

  app.get(
    '/api/v1/cost/conversations',
    {
      config: { permission: 'cost.read' },
      schema: {
        tags,
        operationId: 'getCostOfConversations',
        summary: 'Show what conversations cost: the median, and what nine of ten cost at most',
        description: 'Of the messages that are still there. Percentiles are costs of conversations, not averages.',
        querystring: costConversationsQuery,
        response: { 200: costConversationsSchema, 400: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const { from: begin, until: end, account_id, conversation_id } = request.query;
      const until = end === undefined ? new Date(clock.now() + 1_000) : new Date(end);
      const from = begin === undefined ? new Date(until.getTime() - usualDays * dayMs) : new Date(begin);
      if (from >= until) throw invalid('from', 'Must not be in the future unless until is given.');
      if (until.getTime() - from.getTime() > mostDays * dayMs)
        throw invalid('from', `Must be at most ${mostDays} days before the end of the range.`);
      const lists = db.listsWithin(caller, caller.id);
      const [cost, { currency }] = await Promise.all([
        conversationCost(lists, caller.workspaceId, {
          from,
          until,
          accountId: account_id && toUuid(account_id),
          conversationId: conversation_id && toUuid(conversation_id),
        }),
        findCostSetting(lists, caller.workspaceId),
      ]);
      return { from: from.toISOString(), until: until.toISOString(), currency, ...cost };
    },
  );
}
