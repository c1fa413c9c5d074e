// Statistics of four weeks, by hour and by any grouping, beside all the messages of these weeks.
import { statisticsGroupings } from '@recado/contract';
import { openEnvironment, type RecadoContestant } from '../environment.ts';
import { fillHistory, groupedCounts } from '../fill.ts';
import { openConnection } from '../load.ts';
import { median, quantile, written } from '../stats.ts';
import type { Order, Section } from './part.ts';

const perRound = 20;
const days = 28;
/** The aims, in milliseconds: by hour, and by anything else. */
const aims = { hour: 100, other: 300 };

/**
 * Counts as of a busy shop: 7 templates, 5 campaigns, 6 senders and 4 countries, mixed at random, which is harder than
 * any real mix. And three stages of times, in 20 buckets an hour and account.
 */
const mixed = [
  'truncate outbound_count',
  `insert into outbound_count (workspace_id, quarter, account_id, status, template, category, calling_code, campaign_id,
      created_by, messages, accepted)
    select workspace_id, counted_quarter(created_at), account_id, status, case when h % 3 = 0 then 'template_' || h % 7 end,
      case when h % 3 = 0 then 'utility' end, (array['55', '55', '55', '351', '1', '977'])[1 + h % 6],
      case when h % 9 = 0 then md5('campaign ' || h % 5)::uuid end, md5('sender ' || h % 6)::uuid, count(*), count(sent_at)
    from (select *, abs(hashtext(id::text)) as h from message where direction = 'outbound') m
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9 order by 1, 2`,
  ...groupedCounts,
  `insert into latency_count (workspace_id, stage, span, at, account_id, bucket, n)
    select workspace_id, s.stage, 'hour', counted_hour(created_at), account_id, 30 + abs(hashtext(id::text)) % 20, count(*)
    from message, (values ('queue'), ('call'), ('network'), ('response')) s(stage) where direction = 'outbound'
    group by 1, 2, 4, 5, 6 order by 4`,
  `insert into latency_count (workspace_id, stage, span, at, account_id, bucket, n)
    select workspace_id, stage, 'day', date_trunc('day', at, 'UTC'), account_id, bucket, sum(n) from latency_count
    group by 1, 2, 4, 5, 6 order by 4`,
  `update conversation set state = 'open', waiting_since = last_message_at where unread_count > 0`,
  'vacuum analyze outbound_count',
  'vacuum analyze latency_count',
  'vacuum analyze conversation',
];

export async function statistics(order: Order): Promise<Section> {
  const environment = await openEnvironment();
  try {
    const recado = await environment.startRecado({ name: 'recado_statistics', accounts: 20, roles: 'api,worker' });
    await fillHistory(recado, order.rows, order.tell);
    for (const statement of mixed) await recado.sql(statement);
    const now = Date.now();
    const range = `from=${new Date(now - days * 86_400_000).toISOString()}&time_zone=Asia/Kathmandu`;
    const asked = [
      ...statisticsGroupings.map(grouping => [`by ${grouping}`, `/api/v1/statistics?${range}&group_by=${grouping}`]),
      ['by hour, with the weeks before', `/api/v1/statistics?${range}&group_by=hour&compare=true`],
      ['percentiles of messages', `/api/v1/statistics/latency?${range}`],
      ['answers and who waits', `/api/v1/statistics/responses?${range}`],
    ] as [string, string][];
    const waits = new Map(asked.map(([words]) => [words, [] as number[]]));
    for (let round = 0; round <= order.rounds; round++)
      for (const [words, path] of asked) {
        const times = await ask(recado, path);
        if (round > 0) waits.get(words)?.push(...times);
      }
    const [kept] = await recado.sql<Record<'counts' | 'outbound' | 'times', number>>(
      `select (select count(*) from message_count)::int as counts, (select count(*) from outbound_count)::int as outbound,
        (select count(*) from latency_count)::int as times`,
    );
    return {
      title: `statistics: ${days} days of ${written(order.rows)} messages`,
      how: `20 accounts of one workspace, 29 days, of which ${days} are asked for in the zone of Kathmandu, over HTTP by one connection, ${order.rounds} rounds of ${perRound}. ${written(kept?.counts ?? 0)} rows of counts, ${written(kept?.outbound ?? 0)} of outbound messages by random mixes of templates, campaigns, senders and countries, ${written(kept?.times ?? 0)} of times.`,
      table: [
        ['', 'p50 ms', 'p95 ms', 'aim', ''],
        ...asked.map(([words]) => {
          const times = waits.get(words) ?? [];
          const aim = words === 'by hour' ? aims.hour : aims.other;
          const slow = quantile(times, 0.95);
          return [words, written(median(times)), written(slow), written(aim), slow <= aim ? 'reached' : 'not reached'];
        }),
      ],
      notes: ['The aim is of p95, at 10,000,000 messages.'],
    };
  } finally {
    await environment.close();
  }
}

async function ask(recado: RecadoContestant, path: string): Promise<number[]> {
  const headers = { authorization: `Bearer ${await recado.token()}` };
  const connection = await openConnection(recado.url);
  const times: number[] = [];
  for (let n = 0; n < perRound; n++) {
    const began = performance.now();
    const { status, body } = await connection.ask({ method: 'GET', path, headers });
    times.push(performance.now() - began);
    if (status !== 200) throw new Error(`${path} was answered with ${status}: ${body}`);
  }
  connection.close();
  return times;
}
