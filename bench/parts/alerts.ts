// What a round of all alert rules costs over 2,000 accounts.
import { alertRound, roundMs, tellChanges } from '../../server/features/alerts/index.ts';
import { openDatabase } from '../../server/kit/db/database.ts';
import { sql } from '../../server/kit/db/sql.ts';
import { openLog } from '../../server/kit/log.ts';
import { realClock } from '../../server/kit/time.ts';
import { cpuBetween, cpuOf } from '../cpu.ts';
import { openEnvironment } from '../environment.ts';
import { aim, quantile, written } from '../stats.ts';
import type { Order, Section } from './part.ts';

const accounts = 2_000;

/** Accounts like the first one, with their lanes, and with what they sent and received in this hour and in four weeks. */
const fill = [
  `with made as (insert into account (id, workspace_id, name, channel, needs_session, own_ids, simulated, route, phone_number_id,
       status, rate_messages, rate_seconds, per_day, created_at)
     select gen_random_uuid(), a.workspace_id, 'Shop ' || n, a.channel, a.needs_session, a.own_ids, a.simulated, a.route,
       'bench-' || n, 'connected', a.rate_messages, a.rate_seconds, 1000, now() - interval '40 days'
     from (select * from account order by created_at limit 1) a, generate_series(2, $1::int) n returning id)
   insert into lane (account_id, day, sent) select id, current_date, 700 from made`,
  `insert into message_count (workspace_id, quarter, account_id, direction, type, status, code, messages, accepted)
   select a.workspace_id, counted_quarter(now()) - h.hours - q * interval '15 minutes', a.id, s.direction, 'text', s.status,
     s.code, case s.status when 'failed' then 1 else 30 end, 30
   from account a, (select interval '0' as hours union all select w * interval '7 days' from generate_series(1, 4) w) h,
     generate_series(0, 5) q, (values ('outbound', 'read', ''), ('outbound', 'delivered', ''), ('outbound', 'failed', '131026'),
       ('inbound', 'received', '')) s(direction, status, code) where $1::int > 0`,
];

export async function alerts(order: Order): Promise<Section> {
  const environment = await openEnvironment();
  try {
    const recado = await environment.startRecado({ name: 'recado_alerts', accounts: 1, roles: 'api' });
    for (const statement of fill) await recado.sql(statement, [accounts]);
    await recado.sql('analyze');
    const connection = { connectionString: recado.databaseUrl };
    const db = openDatabase({ connection, role: 'recado_engine', name: 'bench', max: 1 }, openLog('warn'));
    const [backend] = await db.query<{ pid: number }>(sql`select pg_backend_pid() as pid`);
    const pids = [process.pid, backend?.pid ?? 0];
    let now = Date.now();
    const needs = { db, clock: { ...realClock, now: () => now }, measure: async () => ({ disk: 1, clock: 0 }) };
    const costs: number[] = [];
    for (let round = 0; round <= order.rounds * 2; round++) {
      now += roundMs;
      const before = cpuOf(pids);
      await alertRound(needs, tellChanges);
      // The first one warms up.
      if (round > 0) costs.push(cpuBetween(before, cpuOf(pids)) / 1_000);
      order.tell(`alerts, round ${round}: ${written(costs.at(-1) ?? 0)} s`);
    }
    await db.close();
    return {
      title: `alerts: a round of all rules over ${written(accounts)} accounts`,
      how: `Each account has messages of this hour and of the same hour in four weeks. Processor time of the process and of its connection to PostgreSQL, of ${costs.length} rounds after one to warm up.`,
      table: [
        ['processor time of a round, s', 'median', 'most'],
        ['all rules', written(quantile(costs, 0.5)), written(quantile(costs, 1))],
      ],
      notes: [aim('processor time of a round', quantile(costs, 1), 1, 'at most', ' s')],
    };
  } finally {
    await environment.close();
  }
}
