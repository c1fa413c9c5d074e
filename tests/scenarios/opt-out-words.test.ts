// Words that stop and start messages: on both channels, in every language, once, and with one answer.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { builtInWords } from '../../server/features/opt-outs/words.ts';
import { toUuid } from '../../server/kit/ids.ts';
import { incoming, metaPosts } from '../setup/meta-posts.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

const second = 1_000;
const hour = 3_600_000;
const usual = builtInWords.filter(word => word.usual);

let scenario: Scenario;
// biome-ignore lint/suspicious/noExplicitAny: what the API answers
type Json = any;
let web: Json;
let numbers = 0;
const number = () => `+33622${String(100_000 + ++numbers)}`;
const { envelope, post, path, sign } = metaPosts(() => scenario);

beforeAll(async () => {
  // Without a gateway: nothing but these tests delivers what came by WhatsApp Web.
  scenario = await startScenario({ clock: 'manual', oneClock: true, roles: 'api,worker' });
  web = (await call('POST', 'accounts', { channel: 'web', name: 'Linked' })).body;
  await scenario.sql(`update account set status = 'connected', phone = $2 where id = $1`, [toUuid(web.id), number()]);
});
afterAll(() => scenario.close());
beforeEach(async () => {
  // Two days later nobody has had an answer.
  await scenario.advance(48 * hour);
});

const call = (method: string, path: string, body?: object) => scenario.api(method, `/api/v1/${path}`, body);
const settings = (body: object) => call('PATCH', 'workspace/opt-outs', body);
const seconds = () => Math.floor(scenario.clock.now() / second);

const message = (from: string, more: object = {}, id = `wamid.${randomUUID()}`) =>
  incoming(from.slice(1), id, { timestamp: String(seconds()), ...more });
const text = (from: string, body: string, id?: string) => message(from, { text: { body } }, id);
const postAll = async (...messages: ReturnType<typeof message>[]) => {
  const contacts = messages.map(({ from }) => ({ wa_id: from, profile: { name: 'Ana' } }));
  expect((await post(envelope({ contacts, messages }))).status).toBe(200);
};
const writes = (from: string, body: string) => postAll(text(from, body));

const webItem = (from: string, body: string, more: object = {}) => ({
  kind: 'message',
  key: { id: `IN${randomUUID()}`, remoteJid: `${from.slice(1)}@s.whatsapp.net`, fromMe: false },
  person: { phone: from, name: 'Ana' },
  at: seconds(),
  source: 'live',
  message: { conversation: body },
  ...more,
});
async function deliver(...items: object[]): Promise<void> {
  const id = toUuid(web.id);
  const body = Buffer.from(JSON.stringify({ session: id, items }));
  await scenario.sql(
    `insert into inbound_payload (app, lane_key, body, received_at) values ('whatsapp-web', $1, $2, $3)`,
    [id, body, new Date(scenario.clock.now())],
  );
  await scenario.advance(2 * second);
}

const contactOf = async (phone: string) =>
  (await call('GET', `contacts?phone=${encodeURIComponent(phone)}`)).body.data[0];
const optedOut = async (phone: string) => (await contactOf(phone))?.opted_out;
const listOf = async (phone: string, path: string): Promise<Json[]> =>
  (await call('GET', `${path}?contact_id=${(await contactOf(phone)).id}`)).body.data;
const ledgerOf = (phone: string) => listOf(phone, 'opt-outs/ledger');
const suggestionsOf = (phone: string) => listOf(phone, 'opt-outs/suggestions');
const answersTo = async (phone: string): Promise<string[]> =>
  (await listOf(phone, 'messages'))
    .filter((each: Json) => each.direction === 'outbound')
    .map((each: Json) => each.text?.body);
const eventsOf = async (phone: string): Promise<string[]> => {
  const { id } = await contactOf(phone);
  const rows = await scenario.sql<{ type: string }>(
    `select e.type from logged_event e left join message m on m.id = e.message_id
      where m.contact_id = $1 or e.data ->> 'contact_id' = $1::text order by e.xid, e.id`,
    [toUuid(id)],
  );
  return rows.map(row => row.type);
};

describe('a word', () => {
  test.each(['cloud', 'web'])('each of each language acts on %s, with one answer in its language', async channel => {
    const people = usual.map(word => ({ ...word, phone: number() }));
    // Who starts again has to have stopped.
    const before = people.filter(({ action }) => action === 'start');
    const write = (all: { phone: string; body: string }[]) =>
      channel === 'cloud'
        ? postAll(...all.map(({ phone, body }) => text(phone, body)))
        : deliver(...all.map(({ phone, body }) => webItem(phone, body)));
    await write(before.map(({ phone }) => ({ phone, body: 'stop' })));
    await write(people.map(({ phone, word }) => ({ phone, body: `“${word.toLowerCase()}”!` })));
    const found = await Promise.all(people.map(({ phone }) => contactOf(phone)));
    expect(found.map(({ opted_out: category }) => category)).toEqual(
      people.map(({ action }) => (action === 'stop' ? 'marketing' : null)),
    );
    const answers = await Promise.all(people.map(({ phone }) => answersTo(phone)));
    for (const [place, { action, language }] of people.entries()) {
      const back = usual.find(word => word.language === language && word.action !== action);
      expect(answers[place]?.[0]).toContain(back?.word);
      expect(answers[place]).toHaveLength(action === 'stop' ? 1 : 2);
    }
    const [stopped] = people;
    expect(await ledgerOf(stopped?.phone ?? '')).toMatchObject([
      {
        ...{ kind: 'out', category: 'marketing', source: 'word', actor: null, reason: null },
        account_id: channel === 'cloud' ? scenario.account.id : web.id,
        proof: { message_id: expect.stringMatching(/^msg_/), word: '“stop”!' },
      },
    ]);
  });

  test('acts before its message is in the log, and its answer stands behind it', async () => {
    const ana = number();
    await writes(ana, 'Sair');
    const events = (await eventsOf(ana)).filter(type => /opt_out|received|queued/.test(type));
    expect(events).toEqual(['opt_out.created', 'message.received', 'message.queued']);
    await scenario.settle();
    const [answer] = (await listOf(ana, 'messages')).filter((each: Json) => each.direction === 'outbound');
    expect(answer).toMatchObject({ status: 'read', text: { body: expect.stringContaining('VOLTAR') } });
    expect((await scenario.message(answer.id)).created_by).toBeNull();
  });

  test('a button of a template acts by its payload or its text', async () => {
    const [ana, bo] = [number(), number()];
    await postAll(
      message(ana, { type: 'button', text: undefined, button: { payload: 'STOP', text: 'No more offers' } }),
      message(bo, { type: 'button', text: undefined, button: { payload: 'yes', text: 'Yes' } }),
    );
    expect([await optedOut(ana), await optedOut(bo)]).toEqual(['marketing', null]);
    expect(await ledgerOf(ana)).toMatchObject([{ source: 'button', proof: { word: 'STOP' } }]);
  });

  test('delivered again after the person came back, it does nothing', async () => {
    const ana = number();
    const stop = text(ana, 'STOP');
    await postAll(stop);
    await writes(ana, 'START');
    await postAll(stop);
    expect(await optedOut(ana)).toBeNull();
    expect((await ledgerOf(ana)).map(({ kind }: Json) => kind)).toEqual(['in', 'out']);
  });

  test('of one webhook, in the order of the messages', async () => {
    const [ana, bo] = [number(), number()];
    await postAll(text(ana, 'STOP'), text(bo, 'STOP'), text(ana, 'START'), text(bo, 'Hello'));
    expect([await optedOut(ana), await optedOut(bo)]).toEqual([null, 'marketing']);
  });

  test('in a group, of imported history, as an edit or within a sentence it does nothing', async () => {
    const [group, past, edit, sentence] = [number(), number(), number(), number()];
    const item = webItem(edit, 'Hello');
    const protocolMessage = { key: { id: item.key.id }, type: 14, editedMessage: { conversation: 'STOP' } };
    await deliver(
      webItem(group, 'hello'),
      webItem(group, 'STOP', {
        group: '1@g.us',
        key: { id: 'G1', remoteJid: '1@g.us', fromMe: false, participant: `${group.slice(1)}@s.whatsapp.net` },
      }),
      webItem(past, 'STOP', { source: 'history', at: seconds() - 86_400 }),
      item,
      webItem(edit, '', { message: { protocolMessage } }),
      webItem(sentence, 'Where is the bus stop'),
    );
    for (const phone of [group, past, edit, sentence]) expect(await optedOut(phone)).toBeNull();
    expect(await suggestionsOf(past)).toMatchObject([{ state: 'open', phrase: 'STOP' }]);
    for (const phone of [group, edit, sentence]) expect(await suggestionsOf(phone)).toEqual([]);
  });

  test('cancels the marketing that waits; other messages go on', async () => {
    await scenario.sql("update template set category = 'MARKETING' where name = 'hello_world'");
    const ana = number();
    const later = { account_id: scenario.account.id, to: ana, send_at: new Date(scenario.clock.now() + hour) };
    const template = { name: 'hello_world', language: { code: 'en_US' } };
    const offer = (await call('POST', 'messages', { ...later, type: 'template', template })).body.id;
    const code = (await call('POST', 'messages', { ...later, type: 'text', text: { body: 'Your code' } })).body.id;
    await writes(ana, 'BAJA');
    expect((await scenario.message(offer)).status).toBe('cancelled');
    await scenario.advance(hour);
    expect((await scenario.message(code)).status).toBe('read');
  });
});

describe('the choices of a workspace', () => {
  test('its own words act, and a built-in one that is off does not', async () => {
    const changed = await settings({
      words: { stop: ['Chega!'], start: ['Quero'], turn_on: ['CANCEL'], turn_off: ['remove'] },
    });
    expect(changed).toMatchObject({ status: 200, body: { words: { stop: ['chega'], start: ['quero'] } } });
    const [ana, bo, cleo] = [number(), number(), number()];
    await postAll(text(ana, 'chega'), text(bo, 'REMOVE'), text(cleo, 'Cancel'));
    expect([await optedOut(ana), await optedOut(bo), await optedOut(cleo)]).toEqual(['marketing', null, 'marketing']);
    await writes(ana, 'QUERO');
    expect(await optedOut(ana)).toBeNull();
    await settings({ words: { stop: [], start: [], turn_off: ['CANCEL'], turn_on: ['REMOVE'] } });
    const { words } = (await call('GET', 'workspace/opt-outs')).body;
    expect(words.built_in.filter(({ on }: Json) => !on).map(({ word }: Json) => word)).toEqual(['CANCEL', 'END']);
  });

  test('bad ones are refused with the field and the remedy', async () => {
    const fieldOf = async (words: object) => (await settings({ words })).body.errors[0].field;
    expect(await fieldOf({ stop: ['!!!'] })).toBe('words.stop.0');
    expect(await fieldOf({ turn_off: ['chega'] })).toBe('words.turn_off.0');
    expect(await fieldOf({ stop: ['a'], start: ['Á'] })).toBe('words.start');
    expect((await settings({})).status).toBe(400);
  });

  test('a word stops all messages where they say so: only the answer leaves', async () => {
    await settings({ effect: 'all' });
    const ana = number();
    const { id } = (
      await call('POST', 'messages', {
        ...{ account_id: scenario.account.id, to: ana, type: 'text', text: { body: 'later' } },
        send_at: new Date(scenario.clock.now() + hour),
      })
    ).body;
    await writes(ana, 'STOP');
    // Neither a second word nor an opt-out by hand takes the answer back.
    await writes(ana, 'STOP');
    await settings({ effect: 'marketing' });
    await scenario.settle();
    expect(await optedOut(ana)).toBe('all');
    expect((await scenario.message(id)).status).toBe('cancelled');
    const sent = (await listOf(ana, 'messages')).filter((each: Json) => each.direction === 'outbound');
    expect(sent.map(({ status }: Json) => status).sort()).toEqual(['cancelled', 'read']);
    const refused = await scenario.send(ana).catch((error: Error) => error);
    expect(String(refused instanceof Error ? refused.message : refused.code)).toContain('opted_out');
  });

  test('the answer can be theirs, or none', async () => {
    const [ana, bo] = [number(), number()];
    await settings({ answers: { stop: 'Done. Goodbye!' } });
    await writes(ana, 'STOP');
    await settings({ answers: { enabled: false, stop: null } });
    await writes(bo, 'STOP');
    await settings({ answers: { enabled: true } });
    expect([await answersTo(ana), await answersTo(bo)]).toEqual([['Done. Goodbye!'], []]);
  });
});

describe('the answer', () => {
  test('comes once in 24 hours, for stop and for start', async () => {
    const ana = number();
    for (const body of ['STOP', 'STOP', 'START', 'STOP', 'START']) await writes(ana, body);
    expect(await answersTo(ana)).toHaveLength(2);
    await scenario.advance(23 * hour);
    await writes(ana, 'STOP');
    expect(await answersTo(ana)).toHaveLength(2);
    await scenario.advance(2 * hour);
    await writes(ana, 'STOP');
    expect(await answersTo(ana)).toHaveLength(3);
  });

  test('comes to nobody who never stopped, and not where the account takes no message', async () => {
    const [ana, bo] = [number(), number()];
    await writes(ana, 'START');
    expect([await answersTo(ana), await ledgerOf(ana)]).toEqual([[], []]);
    const id = toUuid(scenario.account.id);
    await scenario.sql(`update account set status = 'disconnected' where id = $1`, [id]);
    await writes(bo, 'STOP');
    await scenario.sql(`update account set status = 'connected' where id = $1`, [id]);
    expect([await optedOut(bo), await answersTo(bo)]).toEqual(['marketing', []]);
    await writes(bo, 'STOP');
    expect(await answersTo(bo)).toHaveLength(1);
  });

  test('is there exactly when the word is: failed transactions leave neither, and the next try makes one', async () => {
    const ana = number();
    await scenario.sql('create sequence tries');
    // No COMMIT undoes a sequence, so it counts the tries; the third succeeds.
    await scenario.sql(`create function fail() returns trigger language plpgsql security definer as $$
      begin if nextval('tries') < 3 then raise exception 'no COMMIT'; end if; return null; end $$`);
    await scenario.sql(`create constraint trigger fail after insert on opt_out_answer deferrable initially deferred
      for each row execute function fail()`);
    const raw = JSON.stringify(envelope({ contacts: [], messages: [text(ana, 'STOP')] }));
    const answer = await scenario.as(undefined)('POST', path, raw, { 'x-hub-signature-256': sign(raw) });
    expect(answer.status).toBe(200);
    const tries = async () => Number((await scenario.sql<{ n: string }>('select last_value as n from tries'))[0]?.n);
    // A failed try pauses by the clock, so nothing settles before the third.
    await expect
      .poll(async () => {
        scenario.clock.advance(100);
        return tries();
      })
      .toBe(3);
    await scenario.settle();
    expect([await optedOut(ana), await answersTo(ana)]).toMatchObject(['marketing', [expect.any(String)]]);
    expect(await ledgerOf(ana)).toHaveLength(1);
    await scenario.sql('drop trigger fail on opt_out_answer');
  });
});

describe('a near miss', () => {
  test('is suggested to its readers: taken, or dismissed', async () => {
    const [ana, bo] = [number(), number()];
    await postAll(text(ana, 'Please stop sending me this!'), text(bo, 'não quero mais receber'));
    expect(await optedOut(ana)).toBeNull();
    expect((await eventsOf(ana)).slice(-2)).toEqual(['message.received', 'opt_out.suggested']);
    const [one] = await suggestionsOf(ana);
    expect(one).toMatchObject({ state: 'open', phrase: 'stop sending', account_id: scenario.account.id });
    const made = await call('POST', 'opt-outs', { suggestion_id: one.id, category: 'marketing', reason: 'Asked so.' });
    expect(made).toMatchObject({ status: 201, body: { contact_id: one.contact_id, source: 'person' } });
    expect(await ledgerOf(ana)).toMatchObject([
      {
        proof: { message_id: one.message_id, opt_out_suggestion_id: one.id },
        actor: { kind: 'person' },
        reason: 'Asked so.',
      },
    ]);
    expect((await suggestionsOf(ana))[0]).toMatchObject({ state: 'taken', decided_by: { kind: 'person' } });
    expect((await call('POST', `opt-outs/suggestions/${one.id}/dismiss`)).body.code).toBe('suggestion_taken');
    const [two] = await suggestionsOf(bo);
    for (let times = 0; times < 2; times++)
      expect((await call('POST', `opt-outs/suggestions/${two.id}/dismiss`)).body.state).toBe('dismissed');
    const open = await call('GET', `opt-outs/suggestions?conversation_id=${two.conversation_id}&state=open`);
    expect(open.body.data).toEqual([]);
    expect((await call('POST', 'opt-outs', { suggestion_id: two.id, reason: 'x' })).body.code).toBe('suggestion_taken');
  });

  test('is not suggested of somebody who opted out, and goes with the message', async () => {
    const ana = number();
    await writes(ana, 'please stop sending');
    await writes(ana, 'STOP');
    await writes(ana, 'please stop sending');
    expect(await suggestionsOf(ana)).toHaveLength(1);
    const { id } = await contactOf(ana);
    expect((await call('POST', `contacts/${id}/erase`)).status).toBe(200);
    expect(
      await scenario.sql(
        'select 1 from opt_out_suggestion s where not exists (select 1 from message m where m.id = s.message_id)',
      ),
    ).toEqual([]);
  });
});
