// With many stored messages, lists must be as fast as with few.

import { toId } from '../../server/kit/ids.ts';
import { openEnvironment, type RecadoContestant } from '../environment.ts';
import { fillHistory } from '../fill.ts';
import { openConnection } from '../load.ts';
import { median, quantile, written } from '../stats.ts';
import type { Order, Section } from './part.ts';

const few = 10_000;
const perRound = 100;

interface Asked {
  words: string;
  path: (sample: Sample) => string;
}

/** A person and objects to query. */
interface Sample {
  account: string;
  contact: string;
  conversation: string;
  name: string;
  phone: string;
  digits: string;
}

interface Size {
  recado: RecadoContestant;
  /** By the text of the query. */
  waits: Map<string, number[]>;
}

const asked: Asked[] = [
  { words: 'messages, newest page', path: () => '/api/v1/messages' },
  { words: 'messages of an account', path: ({ account }) => `/api/v1/messages?account_id=${account}` },
  { words: 'messages that failed', path: () => '/api/v1/messages?status=failed' },
  { words: 'messages that were played, all of them old', path: () => '/api/v1/messages?status=played' },
  {
    words: 'messages of an account that are delivered',
    path: ({ account }) => `/api/v1/messages?account_id=${account}&status=delivered`,
  },
  {
    words: 'messages of an account that were played',
    path: ({ account }) => `/api/v1/messages?account_id=${account}&status=played`,
  },
  { words: 'messages of a contact', path: ({ contact }) => `/api/v1/messages?contact_id=${contact}` },
  {
    words: 'a conversation',
    path: ({ conversation }) => `/api/v1/conversations/${conversation}/messages`,
  },
  { words: 'conversations', path: () => '/api/v1/conversations' },
  { words: 'conversations of an account', path: ({ account }) => `/api/v1/conversations?account_id=${account}` },
  { words: 'conversations, unread', path: () => '/api/v1/conversations?unread=true' },
  { words: 'contacts, newest page', path: () => '/api/v1/contacts' },
  { words: 'contacts, by number', path: ({ phone }) => `/api/v1/contacts?phone=${encodeURIComponent(phone)}` },
  {
    words: 'contacts, search by name',
    path: ({ name }) => `/api/v1/contacts?search=${encodeURIComponent(name)}`,
  },
  { words: 'contacts, search by digits', path: ({ digits }) => `/api/v1/contacts?search=${digits}` },
  { words: 'contacts, by name', path: () => '/api/v1/contacts?sort=name' },
  { words: 'contacts, latest message first', path: () => '/api/v1/contacts?sort=last_message' },
  { words: 'statistics of 30 days', path: () => '/api/v1/messages/statistics' },
  { words: 'metrics of the queue', path: () => '/api/v1/queue' },
  { words: 'queue of an account', path: ({ account }) => `/api/v1/accounts/${account}/queue` },
];

export async function stored(order: Order): Promise<Section> {
  const environment = await openEnvironment();
  try {
    const sizes: Size[] = [];
    for (const rows of [few, order.rows]) {
      const recado = await environment.startRecado({ name: `recado_${rows}`, accounts: 20, roles: 'api,worker' });
      const began = performance.now();
      await fillHistory(recado, rows, order.tell);
      order.tell(`stored: ${rows} messages filled in, ${written((performance.now() - began) / 1_000)} s`);
      sizes.push({ recado, waits: new Map(asked.map(({ words }) => [words, [] as number[]])) });
    }
    for (let round = 0; round <= order.rounds; round++) {
      // One login a round: more would meet the limit of logins.
      const tokens = await Promise.all(sizes.map(({ recado }) => recado.token()));
      for (const { words, path } of asked)
        for (const [index, { recado, waits }] of sizes.entries()) {
          const times = await ask(recado, path, tokens[index] ?? '');
          if (round > 0) waits.get(words)?.push(...times);
        }
    }
    const of = (size: number, words: string) => sizes[size]?.waits.get(words) ?? [];
    return {
      title: `stored: ${written(order.rows)} messages`,
      how: `Recado with ${written(few)} messages and Recado with ${written(order.rows)}, of 29 days, 20 accounts and a contact for each 20 messages; asked over HTTP by one connection at a time, ${order.rounds} rounds of ${perRound} by turns. A conversation in 3 is unread. Messages have no events and no attempts; the indexes of the readers are made once all is in, and all is vacuumed. Searches count their total up to 10,000.`,
      table: [
        ['', `${written(few)}: p50 ms`, 'p99 ms', `${written(order.rows)}: p50 ms`, 'p99 ms', 'ratio of p50', 'aim'],
        ...asked.map(({ words }) => {
          const growth = median(of(1, words)) / median(of(0, words));
          const slowest = quantile(of(1, words), 0.99);
          const verdict = growth <= 2 && slowest <= 50 ? 'reached' : 'not reached';
          return [
            words,
            written(median(of(0, words))),
            written(quantile(of(0, words), 0.99)),
            written(median(of(1, words))),
            written(slowest),
            written(growth),
            verdict,
          ];
        }),
      ],
      notes: ['The aim: at most twice the time of 10,000 messages, and p99 at most 50 ms.'],
    };
  } finally {
    await environment.close();
  }
}

async function ask(recado: RecadoContestant, path: Asked['path'], token: string): Promise<number[]> {
  const headers = { authorization: `Bearer ${token}` };
  const samples = await samplesOf(recado);
  const connection = await openConnection(recado.url);
  const times: number[] = [];
  for (const sample of samples) {
    const began = performance.now();
    const { status, body } = await connection.ask({ method: 'GET', path: path(sample), headers });
    times.push(performance.now() - began);
    if (status !== 200) throw new Error(`${path(sample)} was answered with ${status}: ${body}`);
  }
  connection.close();
  return times;
}

async function samplesOf(recado: RecadoContestant): Promise<Sample[]> {
  const rows = await recado.sql<Record<'account_id' | 'contact_id' | 'conversation_id' | 'name' | 'phone', string>>(
    `select p.account_id, p.contact_id, p.conversation_id, c.name, p.phone
     from (select (random() * (select max(number) from person_of_bench))::int as number from generate_series(1, $1)) r
     join person_of_bench p on p.number = r.number join contact c on c.id = p.contact_id`,
    [perRound],
  );
  return rows.map(row => ({
    account: toId('account', row.account_id),
    contact: toId('contact', row.contact_id),
    conversation: toId('conversation', row.conversation_id),
    name: row.name,
    phone: row.phone,
    digits: row.phone.slice(-7),
  }));
}
