// Campaigns: a long list frozen, an account's full rate used, and a high-priority message beside one.
import { type Campaign, campaignSchema, idSchema, recipientStates } from '@recado/contract';
import { z } from 'zod';
import { toUuid } from '../../server/kit/ids.ts';
import { pause } from '../../tests/faults/processes.ts';
import { type Contacts, fillContacts } from '../contacts.ts';
import { cpuBetween } from '../cpu.ts';
import { type Environment, monotonic, openEnvironment, type RecadoContestant } from '../environment.ts';
import { openConnection } from '../load.ts';
import { residentOf } from '../resident.ts';
import { aim, median, quantile, written } from '../stats.ts';
import { oneByOne } from './backlog.ts';
import type { Order, Section } from './part.ts';

/** Of the campaign that is being sent: a fifth of those of the long list. */
const partSent = 5;
const lookEveryMs = 100;
/** The rates of the account, in messages a second. */
const rates = [20, 80];
/** How long the campaign sends at a rate before it counts, and then how long. */
const warmUpS = 5;
const countedS = 20;
const highAtEachRate = 40;
const listsOfEachState = 20;
const template = 'bench_offer';

export async function campaign(order: Order): Promise<Section> {
  const environment = await openEnvironment(0);
  try {
    const frozen = await freeze(environment, order);
    const sent = await send(environment, order);
    const { empty, beside } = sent;
    const times = median(beside) / median(empty);
    const overtaken = sent.rates.flatMap(each => each.overtaken);
    return {
      title: `campaign: ${written(order.people)} people listed, ${written(sent.people)} written to`,
      how: `A marketing template in three languages with two variables, to everybody but one label. The list: from the start until it is frozen, in one process (api and worker), with durable PostgreSQL beside it. Then a campaign sends at ${rates.join(' and ')} messages a second, and a person's receipts come back for each: counted for ${countedS} s after ${warmUpS} s, with ${highAtEachRate} high-priority messages of the account at chance times. An overtaking message of the campaign begins after the high one is accepted, and before it begins. At last, quiet hours hold the full queue of the campaign: one high-priority message every 20 to 60 ms, ${order.rounds} rounds of 50, by turns with a database that has the same contacts and no campaign.`,
      table: [
        ['', 'value'],
        ['people in the audience', written(frozen.listed)],
        ['of them to be written to', written(frozen.people)],
        ['list frozen in, s', written(frozen.seconds)],
        ['processor time of it, process and PostgreSQL, s', written(frozen.cpuS)],
        ['memory of the process before, MB', written(frozen.beforeMb)],
        ['memory of the process, at most, MB', written(frozen.mostMb)],
        ['recipients by each state: p50 ms', written(median(frozen.lists))],
        ['recipients by each state: p99 ms', written(quantile(frozen.lists, 0.99))],
        ...sent.rates.flatMap(({ rate, perSecond, waits, overtaken }) => [
          [`at ${rate} a second: left a second`, written(perSecond)],
          [`at ${rate} a second: a high message, p50 ms`, written(median(waits))],
          [`at ${rate} a second: a high message, p99 ms`, written(quantile(waits, 0.99))],
          [`at ${rate} a second: overtaken by, at most`, String(Math.max(...overtaken))],
        ]),
        ['quiet hours, without a campaign: a high message, p50 ms', written(median(empty))],
        ['quiet hours, without a campaign: p99 ms', written(quantile(empty, 0.99))],
        ['quiet hours, beside the campaign: p50 ms', written(median(beside))],
        ['quiet hours, beside the campaign: p99 ms', written(quantile(beside, 0.99))],
      ],
      notes: [
        aim('list frozen', frozen.seconds, 60, 'at most', ' s'),
        aim('memory of the process meanwhile', frozen.mostMb, 200, 'at most', ' MB'),
        aim('recipients by each state, p99', quantile(frozen.lists, 0.99), 50, 'at most', ' ms'),
        aim('a high message beside the campaign, times the time without', times, 1.2, 'at most'),
        aim('messages of the campaign that overtook a high one', Math.max(...overtaken), 0, 'at most'),
        ...sent.rates.map(({ rate, perSecond }) => aim(`of a rate of ${rate} a second, used`, perSecond / rate, 0.95)),
      ],
    };
  } finally {
    await environment.close();
  }
}

const made = z.looseObject({ id: z.string() });

/** Calls the API. @throws if it refuses */
async function ask({ client }: RecadoContestant, method: string, path: string, body?: object): Promise<unknown> {
  const answer = await client.call(method, `/api/v1/${path}`, body);
  if (answer.status >= 300) throw new Error(`${method} ${path} was answered with ${JSON.stringify(answer)}`);
  return answer.body;
}

const show = async (recado: RecadoContestant, id: string): Promise<Campaign> =>
  campaignSchema.parse(await ask(recado, 'GET', `campaigns/${id}`));

/** Stores the template as approved, in the business account that the stub's receipts name. It has no list of templates. */
async function addTemplate(recado: RecadoContestant): Promise<void> {
  await recado.sql(`update account set business_id = '1'`);
  const components = [{ type: 'BODY', text: 'Hello {{1}}, the book fair is in {{2}} this weekend.' }];
  for (const language of ['en', 'pt', 'es'])
    await recado.sql(
      `insert into template (id, workspace_id, business_id, name, language, category, status, components)
         select uuidv7(), workspace_id, business_id, $2, $3, 'MARKETING', 'APPROVED', $4 from account where id = $1`,
      [toUuid(recado.accounts[0] ?? ''), template, language, JSON.stringify(components)],
    );
}

/** Creates a campaign to everybody but the people of a label. Returns its id. */
async function draft(recado: RecadoContestant, { labels, account }: Contacts): Promise<string> {
  const segment = async (name: string, condition: object) =>
    made.parse(
      await ask(recado, 'POST', 'segments', { name, kind: 'filter', filter: { match: { all: [condition] } } }),
    );
  const all = await segment('Everybody', { field: 'created', op: 'after', value: '2000-01-01T00:00:00Z' });
  const not = await segment('Not them', { field: 'label', op: 'is', value: labels[3] });
  const parameters = ['{{who}}', '{{where}}'].map(text => ({ type: 'text', text }));
  const message = {
    type: 'template',
    template: { name: template, language: { code: 'en' }, components: [{ type: 'body', parameters }] },
    by_language: true,
    variables: {
      who: { from: 'built_in', value: 'first_name', fallback: 'friend' },
      where: { from: 'field', value: 'shop', fallback: 'our shop' },
    },
  };
  const { id } = made.parse(
    await ask(recado, 'POST', 'campaigns', {
      name: 'Book fair weekend',
      account_ids: [account],
      variants: [{ share: 100, message }],
      include: [{ segment_id: all.id }],
      exclude: [{ segment_id: not.id }],
      stop_rules: { quality: 'red' },
    }),
  );
  return idSchema('campaign').parse(id);
}

/** Starts a campaign, and waits until its list is frozen. */
async function freeze(environment: Environment, { people, tell }: Order) {
  const recado = await environment.startRecado({ name: 'recado_list', accounts: 1 });
  const world = await fillContacts(recado, people, line => tell(`campaign: ${line}`));
  await addTemplate(recado);
  const id = await draft(recado, world);
  // The list is what counts: nobody sends it.
  await ask(recado, 'PATCH', `accounts/${world.account}`, {
    limits: { quiet_hours: { from: '00:00', until: '23:59' } },
  });
  const { pid } = recado.actor;
  const beforeMb = residentOf(pid);
  const cpuBegan = await recado.cpu();
  const began = performance.now();
  await ask(recado, 'POST', `campaigns/${id}/start`, {});
  let mostMb = beforeMb;
  let looks = 0;
  for (;;) {
    await pause(lookEveryMs);
    mostMb = Math.max(mostMb, residentOf(pid));
    // The memory is looked at more often than the API.
    if (++looks % 5 > 0) continue;
    const { state, reason, progress } = await show(recado, id);
    if (state === 'running') break;
    if (state !== 'preparing') throw new Error(`the campaign is ${state}: ${JSON.stringify(reason)}`);
    if (looks % 50 === 0) tell(`campaign: looked at ${progress?.looked_at} of ${progress?.of} contacts`);
  }
  const cpuS = cpuBetween(cpuBegan, await recado.cpu()) / 1_000;
  const [row] = await recado.sql<{ listed: number; people: number; frozen_at: Date; began_at: Date }>(
    'select listed, people, frozen_at, start_at as began_at from campaign where id = $1',
    [toUuid(id)],
  );
  if (!row) throw new Error('the campaign is gone');
  const seconds = (row.frozen_at.getTime() - row.began_at.getTime()) / 1_000;
  tell(
    `campaign: frozen in ${written(seconds)} s (${written((performance.now() - began) / 1_000)} s by the clock), ${written(cpuS)} s of processors, ${written(beforeMb)} MB before, ${written(mostMb)} MB at most`,
  );
  const lists = await recipientLists(recado, id);
  await recado.actor.signal('SIGTERM');
  await recado.actor.gone;
  return { seconds, cpuS, beforeMb, mostMb, listed: row.listed, people: row.people, lists };
}

/** Reads the first page of recipients of each state, also of states that nobody has. Returns the times in ms. */
async function recipientLists(recado: RecadoContestant, id: string): Promise<number[]> {
  const connection = await openConnection(recado.url);
  const headers = { authorization: `Bearer ${await recado.token()}` };
  const times: number[] = [];
  for (let n = 0; n < listsOfEachState; n++)
    for (const state of recipientStates) {
      const began = performance.now();
      const path = `/api/v1/campaigns/${id}/recipients?state=${state}`;
      const { status, body } = await connection.ask({ method: 'GET', path, headers });
      if (status !== 200) throw new Error(`${path} was answered with ${status}: ${body}`);
      times.push(performance.now() - began);
    }
  connection.close();
  return times;
}

interface AtRate {
  rate: number;
  perSecond: number;
  /** Of each high message: milliseconds from the request to the call, and the messages of the campaign that overtook it. */
  waits: number[];
  overtaken: number[];
}

/** Sends a campaign at each rate, then holds it by quiet hours and measures messages beside it. */
async function send(environment: Environment, order: Order) {
  const { stub } = environment;
  const people = Math.ceil(order.people / partSent);
  const contestants: RecadoContestant[] = [];
  const worlds: Contacts[] = [];
  for (const name of ['recado_empty', 'recado_campaign']) {
    const recado = await environment.startRecado({ name, accounts: 1, concurrency: 20 });
    worlds.push(await fillContacts(recado, people, line => order.tell(`campaign: ${line} (${name})`)));
    await addTemplate(recado);
    contestants.push(recado);
  }
  const [empty, sending] = contestants as [RecadoContestant, RecadoContestant];
  const world = worlds[1] as Contacts;
  const limit = (recado: RecadoContestant, limits: object) =>
    ask(recado, 'PATCH', `accounts/${recado.accounts[0]}`, { limits });
  const id = await draft(sending, world);
  await stub.postReceipts(`${sending.url}/webhooks/whatsapp/sandbox`);
  const measured: AtRate[] = [];
  for (const rate of rates) {
    await limit(sending, { rate: { messages: rate, seconds: 1 } });
    if (measured.length === 0) await startAndWait(sending, id);
    measured.push(await atRate(environment, sending, rate));
    await demandRunning(sending, id);
    order.tell(`campaign: ${JSON.stringify(measured.at(-1))}`);
  }
  await stub.postReceipts(null);
  for (const recado of contestants)
    await limit(recado, {
      quiet_hours: { from: '00:00', until: '23:59' },
      rate: { messages: 100_000, seconds: 1 },
      concurrency: 200,
    });
  await queueFull(sending, id);
  for (const { sql } of contestants) await sql('vacuum analyze');
  const waits: [number[], number[]] = [[], []];
  for (let round = 0; round <= order.rounds; round++)
    for (const [place, recado] of contestants.entries()) {
      const times = await oneByOne(recado, 0, stub, `high ${round}`);
      order.tell(`campaign, round ${round}: ${place ? 'beside' : 'without'}: p50 ${written(median(times))} ms`);
      if (round > 0) waits[place]?.push(...times);
    }
  await demandRunning(sending, id);
  await empty.actor.signal('SIGTERM');
  return { people, rates: measured, empty: waits[0], beside: waits[1] };
}

async function startAndWait(recado: RecadoContestant, id: string): Promise<void> {
  await ask(recado, 'POST', `campaigns/${id}/start`, {});
  while ((await show(recado, id)).state === 'preparing') await pause(lookEveryMs);
}

/** @throws unless the campaign still sends */
async function demandRunning(recado: RecadoContestant, id: string): Promise<void> {
  const { state, reason, counts } = await show(recado, id);
  if (state !== 'running' || !counts?.waiting)
    throw new Error(`the campaign is ${state}: ${JSON.stringify({ reason, counts })}`);
}

/** Waits until the queue has as much of the campaign as it takes. */
async function queueFull(recado: RecadoContestant, id: string): Promise<void> {
  let before = -1;
  for (;;) {
    const [row] = await recado.sql<{ n: number }>(
      'select count(*)::int as n from open_message where campaign_id = $1',
      [toUuid(id)],
    );
    const { n } = row ?? { n: 0 };
    if (n === before && n > 0) return;
    before = n;
    await pause(3_000);
  }
}

async function atRate({ stub }: Environment, recado: RecadoContestant, rate: number): Promise<AtRate> {
  await pause(warmUpS * 1_000);
  await stub.reset();
  const began = monotonic();
  const headers = { authorization: `Bearer ${await recado.token()}`, 'content-type': 'application/json' };
  const connection = await openConnection(recado.url);
  const asked = new Map<string, number>();
  const ids: string[] = [];
  try {
    for (let n = 0; n < highAtEachRate; n++) {
      await pause(Math.random() * ((countedS * 1_000) / highAtEachRate));
      const text = `high at ${rate}: ${n}`;
      const body = JSON.stringify({
        account_id: recado.accounts[0],
        to: `+4930${String(20_000_000 + n)}`,
        type: 'text',
        priority: 'high',
        text: { body: text },
      });
      asked.set(text, monotonic());
      const answer = await connection.ask({ method: 'POST', path: '/api/v1/messages', headers, body });
      if (answer.status !== 202) throw new Error(`a message was answered with ${answer.status}: ${answer.body}`);
      ids.push(made.parse(JSON.parse(answer.body)).id);
    }
  } finally {
    connection.close();
  }
  await pause(Math.max(2_000, began + countedS * 1_000 - monotonic()));
  const calls = await stub.calls();
  const times = Object.values(calls);
  const counted = times.filter(at => at < began + countedS * 1_000).length;
  if ((await stub.count()).duplicated > 0) throw new Error('somebody got a message twice');
  return {
    rate,
    perSecond: counted / countedS,
    waits: [...asked].map(([text, at]) => (calls[text] ?? Number.NaN) - at),
    overtaken: await overtakenOf(recado, ids),
  };
}

/** How many messages of the campaign began after each of these was accepted, and before it began. */
async function overtakenOf(recado: RecadoContestant, ids: string[]): Promise<number[]> {
  const rows = await recado.sql<{ n: number }>(
    `select (select count(*)::int from logged_event e join message c on c.id = e.message_id
        where e.type = 'message.sending' and c.campaign_id is not null and e.at > m.created_at and e.at < s.at) as n
      from message m join logged_event s on s.message_id = m.id and s.type = 'message.sending'
      where m.id = any ($1)`,
    [ids.map(toUuid)],
  );
  if (rows.length !== ids.length) throw new Error(`${rows.length} of ${ids.length} high messages began`);
  return rows.map(({ n }) => n);
}
