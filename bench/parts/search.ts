// Words in the texts of many messages must be found quickly, whether every other text has them or a few.
import { toUuid } from '../../server/kit/ids.ts';
import { openEnvironment } from '../environment.ts';
import { fillHistory } from '../fill.ts';
import { openConnection } from '../load.ts';
import { median, quantile, written } from '../stats.ts';
import type { Order, Section } from './part.ts';

const perRound = 10;
const aimMs = 200;
const words = 20_000;
const wordsOfText = 12;
/** One note for so many messages. */
const perNote = 50;

/** Words are numbers in letters: b is in every other text, and one of five letters in one of some 15,000. */
const letters = (number: string) => `translate(${number}::text, '0123456789', 'abcdefghij')`;
/** A text as people write: the word of rank r is as frequent as 1/r. */
const textOf = (seed: string) => `(select string_agg(${letters(`floor(exp(random() * ln(${words})))`)}, ' ')
  from generate_series(1, ${wordsOfText} + 0 * ${seed}))`;

const team = `
  update conversation v set state = case when b.number < 10000 then 'open' else 'closed' end, state_since = now(),
      team_id = case when b.number % 5 = 0 then $1::uuid end
    from person_of_bench b where b.conversation_id = v.id`;
const label = `
  insert into conversation_label (label_id, conversation_id, workspace_id, account_id)
    select $1, conversation_id, workspace_id, account_id from person_of_bench where number % 100 = 0`;
const notes = `
  insert into note (id, workspace_id, account_id, conversation_id, author, body, created_at)
    select uuidv7(), p.workspace_id, p.account_id, p.conversation_id, (select id from person limit 1), ${textOf('n')}, now()
    from generate_series(0, $1::int - 1) n join person_of_bench p on p.number = n % $2::int`;

/** A day so many days ago. */
const dayAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

const asked = (conversation: string): [string, string][] => [
  ['a word of every other text', 'b'],
  ['a word of 1 in 20', 'da'],
  ['a word of 1 in 1,000', 'bcaa'],
  ['a word of 1 in 15,000', 'bfaaa'],
  ['a word of none', 'zzz'],
  ['two words', 'b da'],
  ['a frequent word and a rare one', 'bfaaa b'],
  ['words in quotes', '"da b"'],
  ['a word of a person: from:maria', 'da from:maria'],
  ['a word of mine: from:me', 'da from:me'],
  ['a word in conversations of a team', 'da team:lisbon'],
  ['a word in conversations with a label', 'da label:return'],
  ['a rare word with a label', 'bcaa label:return'],
  ['a word in open conversations', 'da is:open'],
  ['a word of a day without texts', 'da after:2020-01-01 before:2020-01-02'],
  ['a word of a day with many', `da after:${dayAgo(12)} before:${dayAgo(11)}`],
  ['a word before a day', `da before:${dayAgo(11)}`],
  ['conversations with a label, without words', 'label:return'],
  ['messages of a person, without words', 'from:maria'],
  ['messages of mine, without words', 'from:me'],
  ['documents, without words', 'has:document'],
  ['a word in notes', 'da in:notes'],
  ['a rare word in notes', 'bcaa in:notes'],
  ['a frequent word in one conversation', `b&conversation_id=${conversation}`],
];

export async function search(order: Order): Promise<Section> {
  const environment = await openEnvironment();
  try {
    const recado = await environment.startRecado({ name: 'recado_search', accounts: 20, roles: 'api,worker' });
    await fillHistory(recado, order.rows, order.tell, { text: textOf('n') });
    // An access token lasts 15 minutes, which the filling of many rows may take.
    let headers = { authorization: `Bearer ${await recado.token()}` };
    const connection = await openConnection(recado.url);
    const ask = async (method: string, path: string, body?: object) => {
      const answer = await connection.ask({
        method,
        path,
        headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
        ...(body && { body: JSON.stringify(body) }),
      });
      if (answer.status >= 300) throw new Error(`${path} was answered with ${answer.status}: ${answer.body}`);
      return JSON.parse(answer.body);
    };
    const lisbon = toUuid((await ask('POST', '/api/v1/teams', { name: 'Lisbon' })).id);
    const returns = { name: 'Return', color: 'teal', on: 'conversation' };
    const returned = toUuid((await ask('POST', '/api/v1/labels', returns)).id);
    const people = Math.ceil(order.rows / 20);
    await recado.sql('set session_replication_role = replica');
    await recado.sql(team, [lisbon]);
    await recado.sql(label, [returned]);
    await recado.sql(
      `update message set created_by = (select id from person limit 1) where direction = 'outbound' and seq % 20 = 1`,
    );
    await recado.sql(notes, [Math.floor(order.rows / perNote), people]);
    await recado.sql('reset session_replication_role');
    // What was indexed while the history was made would not be timed.
    await ask('PUT', '/api/v1/workspace/search', { enabled: false });
    await recado.sql('truncate message_text, note_text');
    const began = performance.now();
    await ask('PUT', '/api/v1/workspace/search', { enabled: true });
    while (!(await ask('GET', '/api/v1/workspace/search')).ready)
      await new Promise(resolve => setTimeout(resolve, 1_000));
    const indexed = (performance.now() - began) / 1_000;
    order.tell(`indexed in ${Math.round(indexed)} s`);
    await recado.sql('vacuum analyze');
    const [size] = await recado.sql<{ bytes: string; index: string }>(`
      select pg_total_relation_size('message_text') as bytes, pg_relation_size('message_text_words') as index`);
    headers = { authorization: `Bearer ${await recado.token()}` };
    const [conversation] = (await ask('GET', '/api/v1/conversations?limit=1')).data;
    const searches = asked(conversation.id);
    const waits = new Map(searches.map(([name]) => [name, [] as number[]]));
    const found = new Map<string, number>();
    for (let round = 0; round <= order.rounds; round++)
      for (const [name, q] of searches)
        for (let n = 0; n < perRound; n++) {
          const started = performance.now();
          const path = `/api/v1/messages/search?limit=20&q=${q.replaceAll(' ', '+').replaceAll('"', '%22')}`;
          const { page } = await ask('GET', path);
          if (round > 0) waits.get(name)?.push(performance.now() - started);
          found.set(name, page.total);
        }
    connection.close();
    return {
      title: `search: words in ${written(order.rows)} messages`,
      how: `Recado with ${written(order.rows)} messages of 29 days in ${written(people)} conversations, and a note for each ${perNote} of them; texts of ${wordsOfText} words out of ${written(words)}, each as frequent as 1 / its rank. The last word of a search may go on. Asked over HTTP by one connection, ${order.rounds} rounds of ${perRound} requests for each, after one that is not counted. A search finds the newest 101, and shows 20 of them.`,
      table: [
        ['', 'found', 'p50 ms', 'p95 ms', 'aim'],
        ...searches.map(([name]) => {
          const times = waits.get(name) ?? [];
          const slow = quantile(times, 0.95);
          const hits = found.get(name) ?? 0;
          const counted = hits > 100 ? '100+' : String(hits);
          return [name, counted, written(median(times)), written(slow), slow <= aimMs ? 'reached' : 'not reached'];
        }),
      ],
      notes: [
        `The aim: p95 at most ${aimMs} ms.`,
        `The texts were indexed in ${Math.round(indexed)} s. They take ${Math.round(Number(size?.bytes) / order.rows)} bytes a message, of which the index of words takes ${Math.round(Number(size?.index) / order.rows)}.`,
      ],
    };
  } finally {
    await environment.close();
  }
}
