// How many conversations each view has, in one statement.
import { closingMinutes, mostCounted } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { type Fragment, join, sql } from '../../kit/db/sql.ts';
import { type ConversationFilter, fitting, keptConversations } from '../contacts/index.ts';

/** Counts no further than a list shows. */
const counted = (workspaceId: string, filter: ConversationFilter): Fragment =>
  sql`(select count(*)::int from (select 1 from conversation v where ${fitting(workspaceId, filter)} limit ${mostCounted}::int) x)`;

interface Asked {
  /** All conversations that are counted. */
  base: ConversationFilter;
  callerId: string;
  /** The filters of the saved views. */
  saved: readonly ConversationFilter[];
}

export interface Counts {
  all: number;
  open: number;
  snoozed: number;
  mine: number;
  unassigned: number;
  unread: number;
  unanswered: number;
  closing: number;
  waiting: number;
  not_sent: number;
}

/** How many conversations each view of the inbox has. */
export async function countConversations(
  db: Queryable,
  workspaceId: string,
  { base, callerId, saved }: Asked,
): Promise<{ counts: Counts; saved: number[] }> {
  const filters: Omit<Record<keyof Counts, Partial<ConversationFilter>>, 'all' | 'unread'> = {
    open: { state: 'open' },
    snoozed: { state: 'snoozed' },
    mine: { state: 'open', assigneeId: callerId },
    unassigned: { state: 'open', assigneeId: null },
    unanswered: { unansweredMinutes: 0 },
    closing: { unansweredMinutes: 0, closesWithinMinutes: closingMinutes },
    waiting: { waiting: true },
    not_sent: { notSent: true },
  };
  const kept = (unread: boolean) => {
    const filter = { ...base, unread: unread || undefined };
    return base.isOfReader ? counted(workspaceId, filter) : sql`(${keptConversations(workspaceId, filter)})::int`;
  };
  const names = ['all', 'unread', ...Object.keys(filters)];
  const built = Object.values(filters).map(filter => counted(workspaceId, { ...base, ...filter }));
  const each = [kept(false), kept(true), ...built, ...saved.map(filter => counted(workspaceId, filter))];
  const [row] = await db.query<{ counts: number[] }>(sql`select array[${join(each)}] as counts`);
  const numbers = row?.counts ?? [];
  return {
    counts: Object.fromEntries(names.map((name, at) => [name, numbers[at] ?? 0])) as unknown as Counts,
    saved: numbers.slice(names.length),
  };
}
