// Fills a Recado database by SQL with messages that resemble weeks of use.
import { toUuid } from '../server/kit/ids.ts';
import type { RecadoContestant } from './environment.ts';

const chunk = 50_000;
const largeChunk = 250_000;

/** The messages for each person, by default. */
const usualPerPerson = 20;

/** Indexes that only readers and inbound messages use: created after the load, which is far quicker. */
const later = [
  ...['message_list', 'message_by_kind', 'message_by_status', 'message_thread'],
  ...['message_unread', 'message_created', 'message_received'],
];

interface FillOptions {
  perPerson?: number;
  /** How many more messages the first person has, the newest of all. */
  thread?: number;
  /** The days before now at which the messages begin and end. */
  days?: { oldest: number; newest: number };
  /** SQL for the text of message `n`; by default all are alike. */
  text?: string;
}

/**
 * Stores messages, of the last 29 days by default: a quarter inbound, the rest mostly read or delivered, some of the first
 * 1,000 played. Each person writes to one account. Leaves out attempts and events, which no list reads. Derives the maintained counts from the messages
 * at the end.
 */
export async function fillHistory(
  recado: RecadoContestant,
  rows: number,
  tell: (line: string) => void,
  { perPerson = usualPerPerson, thread = 0, days = { oldest: 29, newest: 0 }, text = usualText }: FillOptions = {},
): Promise<void> {
  const people = Math.ceil(rows / perPerson);
  const between = [days.oldest, days.newest];
  await addPeople(recado, people, { perPerson });
  const indexes = await recado.sql<{ name: string; definition: string }>(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
     from pg_index i where i.indexrelid::regclass::text = any ($1)`,
    [later],
  );
  if (indexes.length !== later.length) throw new Error(`some of the indexes ${later.join(', ')} do not exist`);
  for (const { name } of indexes) await recado.sql(`drop index ${name}`);
  // No triggers, nor foreign key checks: the rows are consistent.
  await recado.sql('set session_replication_role = replica');
  for (let done = 0; done < rows; done += largeChunk) {
    await recado.sql(insertMessages(text), [
      done,
      Math.min(rows, done + largeChunk) - 1,
      people,
      rows + thread,
      ...between,
    ]);
    if (done > 0 && done % 1_000_000 === 0) tell(`${done} messages are in`);
  }
  if (thread > 0) await recado.sql(insertMessages(text), [rows, rows + thread - 1, 1, rows + thread, ...between]);
  await recado.sql('reset session_replication_role');
  await recado.sql(`set maintenance_work_mem = '1GB'`);
  for (const { name, definition } of indexes) {
    await recado.sql(definition);
    if (rows >= 1_000_000) tell(`${name} is made`);
  }
  await recado.sql('reset maintenance_work_mem');
  for (const statement of countAll) await recado.sql(statement);
  await recado.sql('vacuum analyze');
}

const usualText = `'Message ' || n || ': your table is ready, we are looking forward to seeing you.'`;

/** Messages from a number to a number, for so many people, of so many in all: the time follows from the number. */
const insertMessages = (text: string) => `
  insert into message (id, workspace_id, account_id, conversation_id, contact_id, direction, address, type, content,
      status, channel_message_id, event_count, created_at, sent_at, reported_at)
    select overlay(uuidv7()::text placing '0000' from 33)::uuid, p.workspace_id, p.account_id, p.conversation_id,
      p.contact_id, case when n % 4 = 0 then 'inbound' else 'outbound' end, p.phone,
      case when n % 10 = 3 then 'image' else 'text' end,
      case when n % 10 = 3 then jsonb_build_object('link', 'https://example.com/picture.png')
        else jsonb_build_object('body', ${text}) end,
      x.status, 'wamid.' || n, 1, x.at, case when x.status <> 'failed' then x.at end,
      case when x.status = 'sent' and x.at < now() - interval '1 day' then x.at + interval '1 day' end
    from generate_series($1::int, $2::int) n
    join person_of_bench p on p.number = n % $3
    cross join lateral (select now() - interval '1 day' * ($5::int - ($5 - $6::int) * n::float / $4),
      case when n % 4 = 0 then 'received' when n % 100 = 1 then 'failed' when n < 1000 then 'played' when n % 100 < 8 then 'sent'
        when n % 100 < 40 then 'delivered' else 'read' end) x(at, status)
    order by n`;

/** Computes what reports of long ranges read from the counts by quarters. */
export const groupedCounts = [
  'truncate grouped_count',
  `insert into grouped_count (workspace_id, counted_by, at, direction, status, messages, accepted)
    select workspace_id, 'all', quarter, direction, status, sum(messages), sum(accepted) from message_count
    group by 1, 3, 4, 5 order by 3`,
  `insert into grouped_count (workspace_id, counted_by, at, account_id, key, direction, status, messages, accepted)
    select workspace_id, 'account', date_trunc('day', quarter, 'UTC'), account_id, account_id, direction, status,
      sum(messages), sum(accepted) from message_count group by 1, 3, 4, 6, 7 order by 3`,
  `insert into grouped_count (workspace_id, counted_by, at, account_id, key, direction, status, messages, accepted)
    select o.workspace_id, x.counted_by, date_trunc('day', o.quarter, 'UTC'), o.account_id, x.key, 'outbound', o.status,
      sum(o.messages), sum(o.accepted)
    from outbound_count o cross join lateral (values ('template', template), ('campaign', campaign_id::text),
      ('sender', created_by::text), ('country', calling_code)) x(counted_by, key)
    group by 1, 2, 3, 4, 5, 7 order by 2, 3`,
  'vacuum analyze grouped_count',
];

/** Computes the maintained counts of messages; nothing here is queued. */
const countAll = [
  `insert into message_count (workspace_id, quarter, account_id, direction, type, status, code, messages, accepted)
    select workspace_id, counted_quarter(created_at), account_id, direction, type, status, counted_code(status, error_code),
      count(*), count(sent_at)
    from message group by 1, 2, 3, 4, 5, 6, 7 order by 1, 2`,
  `insert into outbound_count (workspace_id, quarter, account_id, status, template, category, calling_code, campaign_id,
      created_by, messages, accepted)
    select workspace_id, counted_quarter(created_at), account_id, status, counted_template(type, content), category,
      counted_calling_code(direction, address), campaign_id, created_by, count(*), count(sent_at)
    from message where direction = 'outbound' group by 1, 2, 3, 4, 5, 6, 7, 8, 9 order by 1, 2`,
  ...groupedCounts,
  `insert into message_gauge (workspace_id, account_id, direction, type, status, priority, messages)
    select workspace_id, account_id, direction, type, status, 1, count(*) from message group by 1, 2, 3, 4, 5`,
  `insert into message_span (workspace_id, account_id, type, status, span, messages)
    select workspace_id, account_id, type, status, seq >> 9, count(*) from message
    where listed_status is null group by 1, 2, 3, 4, 5`,
];

/**
 * Gives the messages what else retention deletes: a call of each of ours, and its five events in rows of 50 messages, as
 * a busy installation has them; an event of each that came in.
 */
export async function fillTimelines(recado: RecadoContestant): Promise<void> {
  await recado.sql('set session_replication_role = replica');
  for (const statement of timelines) await recado.sql(statement);
  await recado.sql('reset session_replication_role');
  await recado.sql('vacuum analyze');
}

const timelines = [
  `insert into attempt (token, message_id, account_id, number, runner, status, class, channel_message_id, started_at, ended_at, sent_at)
    select token_of(id, 1), id, account_id, 1, 'bench', status, 'accepted', channel_message_id, created_at, created_at, sent_at
    from message where direction = 'outbound' order by seq`,
  `insert into event (workspace_id, type, number, messages, accounts, at)
    select m.workspace_id, t.type, t.number, array_agg(m.id order by n), array_agg(m.account_id order by n), min(m.created_at)
    from (select *, row_number() over (order by seq) as n from message where direction = 'outbound') m
      cross join unnest('{accepted,sending,sent,delivered,read}'::text[]) with ordinality s(status, number)
      cross join lateral (select 'message.' || s.status as type, s.number::int as number) t
    group by m.workspace_id, t.type, t.number, n / 50 order by n / 50, t.number`,
  `update message m set event_count = 5, events = x.events
    from (select u.id, array_agg(e.id + u.n - 1 order by e.number) as events
      from event e cross join lateral unnest(e.messages) with ordinality u(id, n) where e.messages is not null group by 1) x
    where x.id = m.id`,
  `insert into event (workspace_id, type, account_id, message_id, number, at)
    select workspace_id, 'message.received', account_id, id, 1, created_at from message where direction = 'inbound' order by seq`,
];

/** Queues this many low-priority messages in the first account. */
export async function fillBacklog(recado: RecadoContestant, rows: number): Promise<void> {
  const people = 5_000;
  await addPeople(recado, people, { accounts: 1 });
  for (let done = 0; done < rows; done += chunk)
    await recado.sql(
      `with stored as (
          insert into message (id, workspace_id, account_id, conversation_id, contact_id, direction, address, type, content,
            status, priority, event_count, created_at)
          select overlay(uuidv7()::text placing '0000' from 33)::uuid, p.workspace_id, p.account_id, p.conversation_id,
            p.contact_id, 'outbound', p.phone, 'text', jsonb_build_object('body', 'backlog ' || n), 'queued', 2, 1, now()
          from generate_series($1::int, $2::int) n join person_of_bench p on p.number = n % $3 order by n
          returning id, seq, workspace_id, account_id, conversation_id)
        insert into open_message (id, seq, workspace_id, account_id, conversation_id, priority, state, head, ready_at)
        select s.id, s.seq, s.workspace_id, s.account_id, s.conversation_id, 2, 'queued',
          not exists (select 1 from open_message o where o.conversation_id = s.conversation_id and o.head)
            and row_number() over (partition by s.conversation_id order by s.seq) = 1, now()
        from stored s`,
      [done, Math.min(rows, done + chunk) - 1, people],
    );
  await recado.sql('update lane set queued = queued + $2 where account_id = $1', [
    toUuid(recado.accounts[0] ?? ''),
    rows,
  ]);
  await recado.sql('vacuum analyze');
}

const givenNames = words(`
  Maria José Ana João Fatima Mohamed Wei Priya Juan Antonio Sofia Ahmed Li Olga Carlos Francisca Amina Yusuf Elena Pedro
  Lucas Grace Ivan Paulo Chiara Marco Camila Hassan Mariana Luis Aisha Rafael Beatriz Ravi Julia Samuel Nadia Thomas Emma
  Diego Leila Miguel Hannah Andrei Larissa Kofi Ingrid Tariq Noemi Felix Amara Henrique Yuki Bruno Zainab Stefan Rosa
  Emeka Clara Dmitri Valentina Omar Astrid Joaquim`);
const familyNames = words(`
  Silva Santos Oliveira Khan Wang Garcia Rodriguez Singh Souza Ali Martinez Pereira Kumar Lopez Lima Ahmed Chen Costa
  Ferreira Gonzalez Ibrahim Almeida Sharma Hernandez Nguyen Ribeiro Carvalho Okafor Gomes Perez Müller Rossi Martins
  Sanchez Barbosa Schmidt Rocha Ramirez Dias Petrov Mendes Torres Abdullah Moreira Ivanov Cardoso Diaz Teixeira Mensah
  Correia Fischer Batista Campos Yamamoto Moretti Azevedo Vargas Novak Fonseca Larsen Kowalski Figueiredo Haddad Popescu`);

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

/** Creates contacts with their addresses and conversations, and a table that maps them. */
async function addPeople(
  recado: RecadoContestant,
  people: number,
  { accounts = recado.accounts.length, perPerson = usualPerPerson }: { accounts?: number; perPerson?: number },
): Promise<void> {
  await recado.sql(
    `create table person_of_bench as
      select n as number, w.id as workspace_id, ($1::uuid[])[1 + n % $2] as account_id, uuidv7() as contact_id,
        uuidv7() as conversation_id, '+1' || (2000000000 + n) as phone
      from workspace w, generate_series(0, $3::int - 1) n`,
    [recado.accounts.map(toUuid), accounts, people],
  );
  await recado.sql('create index on person_of_bench (number)');
  await recado.sql('analyze person_of_bench');
  // The first of a list are the most frequent: index 64 is one person in 8, the last one in 128.
  await recado.sql(
    `insert into contact (id, workspace_id, name)
      select contact_id, workspace_id,
        ($1::text[])[1 + floor(cardinality($1::text[]) * power(number::bigint * 7919 % 16777216 / 16777216.0, 2))]
          || ' ' || ($2::text[])[1 + floor(cardinality($2::text[]) * power(number::bigint * 104729 % 16777216 / 16777216.0, 2))]
      from person_of_bench`,
    [givenNames, familyNames],
  );
  await recado.sql(
    `insert into contact_address (workspace_id, kind, value, contact_id) select workspace_id, 'phone', phone, contact_id from person_of_bench`,
  );
  await recado.sql(
    `insert into conversation (id, workspace_id, account_id, contact_id, last_message_at, sent_count, unread_count)
      select conversation_id, workspace_id, account_id, contact_id, now() - number * interval '1 second', $1, (number % 3 = 0)::int from person_of_bench`,
    [perPerson],
  );
}
