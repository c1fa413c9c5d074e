// With many open conversations, views and their counts must be quick.
import { openEnvironment } from '../environment.ts';
import { fillHistory } from '../fill.ts';
import { openConnection } from '../load.ts';
import { median, quantile, written } from '../stats.ts';
import type { Order, Section } from './part.ts';

const openOnes = 10_000;
const perRound = 50;
const aimMs = 50;

/** The newest conversations are open: half of them wait, each third is somebody's, and their windows close one by one. */
const openMany = `
  update conversation v set state = 'open', state_since = now(),
      waiting_since = case when b.number % 2 = 0 then now() - b.number * interval '5 seconds' end,
      last_received_at = now() - b.number * interval '12 seconds',
      assignee_kind = case when b.number % 3 = 0 then 'person' end,
      assignee_id = case when b.number % 3 = 0 then (select id from person limit 1) end
    from person_of_bench b where b.conversation_id = v.id and b.number < $1`;

const asked: [string, string][] = [
  ['counts of all views and of 10 saved ones', '/api/v1/conversations/counts'],
  ['all', '/api/v1/conversations'],
  ['mine', '/api/v1/conversations?state=open&assignee=me'],
  ['unassigned', '/api/v1/conversations?state=open&assignee=nobody'],
  ['unread', '/api/v1/conversations?unread=true'],
  ['waiting, longest first', '/api/v1/conversations?unanswered_minutes=0&sort=longest_waiting'],
  [
    'window closes within 2 hours',
    '/api/v1/conversations?unanswered_minutes=0&closes_within_minutes=120&sort=window_closing',
  ],
  ['open, window closes first', '/api/v1/conversations?state=open&sort=window_closing'],
  ['not sent', '/api/v1/conversations?not_sent=true'],
  ['a saved view: waits over 30 min, unassigned', '/api/v1/conversations?unanswered_minutes=30&assignee=nobody'],
];

export async function views(order: Order): Promise<Section> {
  const environment = await openEnvironment();
  try {
    const recado = await environment.startRecado({ name: 'recado_views', accounts: 20, roles: 'api,worker' });
    await fillHistory(recado, order.rows, order.tell);
    await recado.sql('set session_replication_role = replica');
    await recado.sql(openMany, [openOnes]);
    await recado.sql('reset session_replication_role');
    await recado.sql('vacuum analyze conversation');
    const headers = { authorization: `Bearer ${await recado.token()}` };
    const connection = await openConnection(recado.url);
    for (let n = 0; n < 10; n++) {
      const filter = { state: 'open', unanswered_minutes: n * 30, sort: 'longest_waiting' };
      const body = JSON.stringify({ name: `View ${n}`, filter });
      const { status } = await connection.ask({
        method: 'POST',
        path: '/api/v1/saved-views',
        headers: { ...headers, 'content-type': 'application/json' },
        body,
      });
      if (status !== 201) throw new Error(`A view was answered with ${status}.`);
    }
    const waits = new Map(asked.map(([words]) => [words, [] as number[]]));
    for (let round = 0; round <= order.rounds; round++)
      for (const [words, path] of asked)
        for (let n = 0; n < perRound; n++) {
          const began = performance.now();
          const { status, body } = await connection.ask({ method: 'GET', path, headers });
          if (status !== 200) throw new Error(`${path} was answered with ${status}: ${body}`);
          if (round > 0) waits.get(words)?.push(performance.now() - began);
        }
    connection.close();
    return {
      title: `views: ${written(openOnes)} open conversations, ${written(order.rows)} messages`,
      how: `Recado with ${written(order.rows)} messages of 29 days, 20 accounts and a conversation for each 20 messages, of which ${written(openOnes)} are open; asked over HTTP by one connection, ${order.rounds} rounds of ${perRound} requests for each, after one that is not counted. A list has 50 conversations and its total.`,
      table: [
        ['', 'p50 ms', 'p95 ms', 'aim'],
        ...asked.map(([words]) => {
          const times = waits.get(words) ?? [];
          const slow = quantile(times, 0.95);
          return [words, written(median(times)), written(slow), slow <= aimMs ? 'reached' : 'not reached'];
        }),
      ],
      notes: [`The aim: p95 at most ${aimMs} ms.`],
    };
  } finally {
    await environment.close();
  }
}
