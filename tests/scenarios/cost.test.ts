// What messages cost, in simulated months whose bills are known: rate cards, charges, free messages, tiers, and caps.
import { costSchema, rateCardList, rateChangesSchema } from '@recado/contract';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newUuid, toUuid } from '../../server/kit/ids.ts';
import { type AtMeta, connect, control, createAtMeta, startWithCallback } from '../setup/meta.ts';
import type { Scenario } from '../setup/scenario.ts';

const day = 86_400_000;
// biome-ignore lint/suspicious/noExplicitAny: what the API answers
type Json = any;

let scenario: Scenario;
let at: AtMeta;
let account: Json;
let people = 1_000;

/** A sample, not a card of WhatsApp: the rates of the example of July 2026. */
const sample = (marketing = '0.0625') => `Sample rates for tests
"Not a card of WhatsApp"

Market,Currency,Marketing,Utility,"Authentication
",Authentication-International,Service
Brazil,USD,${marketing},0.0068,0.0068,n/a,0.0068
India,USD,0.0118,0.0014,0.0014,n/a,0.0014
Mexico,USD,0.0305,n/a,0.0085,n/a,n/a
`;
const tiers = `Market,Currency,Category,From,Rate
Brazil,USD,Utility,1,0.0068
Brazil,USD,Utility,4,0.0065
`;
/** The same as WhatsApp bills it in the simulation. */
const prices = [
  { prefix: '55', country: 'BR', category: 'marketing', rates: [{ from: 1, amount: '0.0625' }] },
  {
    prefix: '55',
    country: 'BR',
    category: 'utility',
    rates: [
      { from: 1, amount: '0.0068' },
      { from: 4, amount: '0.0065' },
    ],
  },
  { prefix: '55', country: 'BR', category: 'authentication', rates: [{ from: 1, amount: '0.0068' }] },
  { prefix: '55', country: 'BR', category: 'service', rates: [{ from: 1, amount: '0.0068' }] },
  { prefix: '91', country: 'IN', category: 'marketing', rates: [{ from: 1, amount: '0.0118' }] },
  { prefix: '91', country: 'IN', category: 'utility', rates: [{ from: 1, amount: '0.0014' }] },
  { prefix: '91', country: 'IN', category: 'service', rates: [{ from: 1, amount: '0.0014' }] },
];

const call = (method: string, path: string, body?: object) => scenario.api(method, `/api/v1/${path}`, body);
const done = async (method: string, path: string, body?: object): Promise<Json> => {
  const answer = await call(method, path, body);
  expect([answer.status < 300, answer.text]).toEqual([true, expect.anything()]);
  return answer.body;
};
const inBrazil = () => `+55119876${String(++people).padStart(5, '0')}`.slice(0, 14);
const inIndia = () => `+9198765${String(++people).padStart(5, '0')}`;
const inMexico = () => `+5215512${String(++people).padStart(6, '0')}`.slice(0, 14);

const template = (to: string, name: string, from = account) =>
  call('POST', 'messages', {
    account_id: from.id,
    to,
    type: 'template',
    template: { name, language: { code: 'en_US' } },
  });
const code = (to: string) =>
  call('POST', 'messages', {
    account_id: account.id,
    to,
    type: 'template',
    template: {
      name: 'one_time_code',
      language: { code: 'en_US' },
      components: [
        { type: 'body', parameters: [{ type: 'text', text: '123456' }] },
        { type: 'button', sub_type: 'url', index: '0', parameters: [{ type: 'text', text: '123456' }] },
      ],
    },
  });
const text = (to: string) =>
  call('POST', 'messages', {
    account_id: account.id,
    to,
    type: 'text',
    text: { body: 'Yes.' },
    on_window_closed: 'send',
  });
const sent = async (answers: Promise<Json>[]) => {
  for (const answer of await Promise.all(answers))
    expect([answer.status, answer.text]).toEqual([202, expect.anything()]);
};
/** All receipts are here, and the counts are folded. */
const settled = async () => {
  await scenario.settle();
  await scenario.advance(20_000);
  await scenario.settle();
  await scenario.advance(1_000);
};
const cost = async (query = '') => costSchema.parse(await done('GET', `cost${query}`));
const importCard = (body: object) =>
  done('POST', 'cost/cards', { valid_from: '2026-10-01', file_name: 'sample.csv', ...body });

beforeAll(async () => {
  scenario = await startWithCallback({ clock: 'manual', oneClock: true });
  // The middle of a month, so that a test never ends in another one.
  const now = new Date(scenario.clock.now());
  const middle = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 10, 12);
  await scenario.advance(middle - scenario.clock.now());
  at = await createAtMeta(scenario);
  account = await connect(scenario, at);
  await control(scenario, 'PUT', '/billing/prices', { prices, free_in_month: 1 });
  const { data } = await done('GET', 'templates?limit=100');
  const news = data.find(
    (each: Json) => each.name === 'appointment_reminder' && each.business_account_id === at.businessId,
  );
  expect(news).toBeDefined();
});
afterAll(() => scenario.close());

test('without a rate card, nothing is kept of what messages cost', async () => {
  await sent([template(inBrazil(), 'hello_world'), text(inIndia())]);
  await settled();
  expect(
    await scenario.sql('select 1 from message where charge_day is not null union all select 1 from cost_delta'),
  ).toEqual([]);
  expect(await cost()).toMatchObject({ currency: null, amount: '0', card: null, forecast: null, by_day: [] });
  // The next month has none of these.
  await scenario.advance(31 * day);
});

test('a card is imported, compared, and used; a rate that jumps asks', async () => {
  const card = await importCard({ text: sample(), name: 'Sample, October' });
  expect(card).toMatchObject({ kind: 'rates', currency: 'USD', markets: 3, rates: 10, state: 'draft' });
  expect((await cost()).card).toBeNull();
  await done('POST', `cost/cards/${card.id}/use`, {});
  expect(await cost()).toMatchObject({ currency: 'USD', card: { id: card.id, name: 'Sample, October' } });
  const odd = await importCard({ text: sample('0.2'), valid_from: '2099-01-01' });
  const changes = rateChangesSchema.parse(await done('GET', `cost/cards/${odd.id}/changes`));
  expect(changes).toMatchObject({ rises: 1, falls: 0, new: 0, gone: 0, odd: 1, before: { id: card.id } });
  expect(changes.data[0]).toMatchObject({ market: 'Brazil', before: '0.0625', after: '0.2', percent: 220, odd: true });
  const refused = await call('POST', `cost/cards/${odd.id}/use`, {});
  expect([refused.status, refused.body.code]).toEqual([409, 'rate_jumped']);
  await done('DELETE', `cost/cards/${odd.id}`);
  expect((await call('DELETE', `cost/cards/${card.id}`)).body.code).toBe('rate_card_used');
  const other = await call('POST', 'cost/cards', {
    text: sample().replaceAll('USD', 'BRL'),
    valid_from: '2026-10-01',
    file_name: 'brl.csv',
  });
  expect([other.status, other.body.code]).toEqual([409, 'currency_differs']);
  const steps = await importCard({ text: tiers, name: 'Tiers' });
  await done('POST', `cost/cards/${steps.id}/use`, {});
  const list = rateCardList.parse(await done('GET', 'cost/cards'));
  expect(list.data.map(({ name, state }) => `${name} ${state}`).sort()).toEqual([
    'Sample, October current',
    'Tiers current',
  ]);
});

test('the amount that WhatsApp itself names goes before the card, in the currency of the card', async () => {
  const amountOf = async (type: string, told: string | null, currency: string | null) => {
    const [row] = await scenario.sql<{ amount: string }>(
      `select ((price_messages(array[row(m.id, m.workspace_id, m.account_id, m.contact_id, '+5511987654321', 'utility',
           $2::text, m.created_at, m.created_at, $3::numeric, $4::text)::charge_fact]))[1]).charge_amount::text as amount
       from message m where m.account_id = $1 and m.direction = 'outbound' order by m.seq limit 1`,
      [toUuid(account.id), type, told, currency],
    );
    return Number(row?.amount);
  };
  expect(await amountOf('regular', null, null)).toBe(0.0068);
  expect(await amountOf('regular', '0.0051', 'USD')).toBe(0.0051);
  expect(await amountOf('regular', '0.0051', 'BRL')).toBe(0.0068);
  expect(await amountOf('free_customer_service', '0.0051', 'USD')).toBe(0);
});

test('a month is charged to the cent: free messages, categories, tiers, two countries', async () => {
  const [marketing] = scenario.simulator.templates
    .of(at.businessId)
    .filter(({ name }) => name === 'appointment_reminder');
  scenario.simulator.templates.act(marketing?.id ?? '', 'reclass', { category: 'MARKETING' });
  await settled();
  const news = (to: string) =>
    call('POST', 'messages', {
      account_id: account.id,
      to,
      type: 'template',
      template: {
        name: 'appointment_reminder',
        language: { code: 'en_US' },
        components: marketing ? parametersOf(marketing) : [],
      },
    });
  // Five utility and two marketing messages to Brazil, one of each to India, a code, three services, one without a rate.
  await sent(Array.from({ length: 5 }, () => template(inBrazil(), 'hello_world')));
  await sent([
    news(inBrazil()),
    news(inBrazil()),
    news(inIndia()),
    template(inIndia(), 'hello_world'),
    code(inBrazil()),
  ]);
  await sent([text(inBrazil())]);
  await settled();
  await sent([text(inBrazil())]);
  await settled();
  await sent([text(inIndia())]);
  await settled();
  await sent([template(inMexico(), 'hello_world')]);
  await settled();
  const month = await cost();
  // 3 × 0.0068 + 2 × 0.0065 + 0.0014 utility; 2 × 0.0625 + 0.0118 marketing; 0.0068 a code; one of the services
  // is free.
  const utility = '0.0348';
  const marketingCost = '0.1368';
  const byCategory = Object.fromEntries(month.by_category.map(each => [each.category, [each.messages, each.amount]]));
  expect(byCategory).toEqual({
    marketing: [3, marketingCost],
    utility: [7, utility],
    authentication: [1, '0.0068'],
    // 0.0068 to Brazil and 0.0014 to India, after the free one.
    service: [3, '0.0082'],
  });
  expect(month.messages).toEqual({ charged: 12, free: 1, estimated: 0, unrated: 1 });
  // The one without a rate is not free: each group says so.
  expect(month.by_country.find(each => each.country === 'MX')).toEqual({
    ...{ country: 'MX', messages: 1, amount: '0', unrated: 1 },
  });
  for (const group of [month.by_category, month.by_account, month.by_country, month.by_template, month.by_day])
    expect(group.reduce((sum, { unrated }) => sum + unrated, 0)).toBe(1);
  expect(month.estimated).toBe('0');
  expect(await scenario.sql('select * from cost_delta')).toEqual([]);
  const [recount] = await scenario.sql<{
    same: boolean;
  }>(`select sum(charge_amount) = (select sum(amount) from cost) and count(*) = (select sum(messages) from cost) as same
    from message where charge_day is not null`);
  expect(recount?.same).toBe(true);
});

test('the next nights compare the days with what WhatsApp bills, to the cent', async () => {
  const before = await cost();
  const other = await createAtMeta(scenario);
  const partner = await connect(scenario, other);
  await control(scenario, 'PATCH', `/business/accounts/${other.businessId}`, { partner_pays: true });
  await done('PATCH', 'cost/settings', {
    accounts: [{ account_id: partner.id, surcharge_percent: '8', surcharge_fixed: '0.001' }],
  });
  await sent([template(inIndia(), 'hello_world', partner)]);
  await settled();
  // 0.0014, and 8 % of it, and 0.001.
  const after = await cost(`?account_id=${partner.id}`);
  expect(after).toMatchObject({ amount: '0.002512', messages: { charged: 1 } });
  const [{ id }] = (await done('GET', `messages?account_id=${partner.id}`)).data;
  const charge = {
    ...{ kind: 'charged', amount: '0.002512', surcharge: '0.001112', currency: 'USD', category: 'utility' },
    ...{ country: 'IN', market: 'India', day: expect.any(String), rate_card_id: after.card?.id },
  };
  expect((await done('GET', `messages/${id}`)).charge).toEqual(charge);
  const { key } = await done('POST', 'keys', { name: 'shop', scopes: ['messages.read'] });
  expect((await scenario.as(key)('GET', `/api/v1/messages/${id}`)).body.charge).toBeNull();
  const days = async () =>
    (await done('GET', 'cost/reconciliations')).data.map((each: Json) => [
      each.account_id,
      each.counted,
      each.told,
      each.told_amount,
    ]);
  expect(await days()).toEqual([]);
  await scenario.advance(3 * day);
  await expect.poll(async () => (await days()).length).toBe(2);
  const { data } = await done('GET', 'cost/reconciliations');
  const [mine, theirs] = [account.id, partner.id].map(id => data.find((each: Json) => each.account_id === id));
  expect(mine).toMatchObject({ counted: 14, told: 14, amount: before.amount, told_amount: before.amount });
  expect(theirs).toMatchObject({ counted: 1, told: 1, amount: '0.0014', told_amount: null });
  const file = await call('GET', 'cost/reconciliations/export');
  expect(file.text.split('\r\n')).toEqual([
    '"account_id","day","counted","told","amount","told_amount"',
    ...data.map((row: Json) => expect.stringContaining(`"${row.account_id}"`)),
    '',
  ]);
});

test('a cap warns at 80 %, and at 100 % refuses marketing only, until it is raised', async () => {
  const { amount } = await cost(`?account_id=${account.id}`);
  expect(Number(amount)).toBeGreaterThan(0);
  const capTypes = async () => (await done('GET', 'events?types=spend_cap.*')).data.map((each: Json) => each.type);
  await done('PATCH', 'cost/settings', { accounts: [{ account_id: account.id, cap: '0.22' }] });
  const news = { name: 'appointment_reminder', language: { code: 'en_US' } };
  await scenario.advance(1_000);
  expect((await cost()).caps).toEqual([
    { account_id: account.id, amount: '0.22', spent: amount, warned: true, reached: false },
  ]);
  await done('PATCH', 'cost/settings', { accounts: [{ account_id: account.id, cap: '0.18' }] });
  const [marketing] = scenario.simulator.templates.of(at.businessId).filter(({ name }) => name === news.name);
  const more = marketing ? { components: parametersOf(marketing) } : {};
  const send = () =>
    call('POST', 'messages', {
      account_id: account.id,
      to: inBrazil(),
      type: 'template',
      template: { ...news, ...more },
    });
  const refused = await send();
  expect([refused.status, refused.body.code]).toEqual([409, 'spend_cap_reached']);
  await sent([code(inBrazil()), template(inBrazil(), 'hello_world'), text(inBrazil())]);
  await done('PATCH', 'cost/settings', { accounts: [{ account_id: account.id, cap: null }] });
  await sent([send()]);
  await settled();
  expect(await capTypes()).toEqual(expect.arrayContaining(['spend_cap.approached', 'spend_cap.reached']));
});

test('the forecast is the month so far and the median of the same weekdays', async () => {
  // A known past: each day of the last eight weeks cost 1, and Sundays 3.
  await scenario.sql(
    `insert into cost_count (workspace_id, account_id, day, category, country, kind, messages, amount, surcharge)
      select a.workspace_id, a.id, d::date, 'utility', 'MX', 'charged', 1, case when extract(dow from d) = 0 then 3 else 1 end, 0
      from account a, generate_series($2::date - 56, $2::date - 1, interval '1 day') d where a.phone_number_id = $1`,
    [at.numberId, new Date(scenario.clock.now()).toISOString().slice(0, 10)],
  );
  const { forecast, amount, month, by_day } = await cost();
  const today = new Date(scenario.clock.now());
  const next = Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + 1, 1);
  expect(month).toBe(today.toISOString().slice(0, 7));
  const ofToday = by_day
    .filter(each => each.day === today.toISOString().slice(0, 10))
    .reduce((sum, each) => sum + Number(each.amount), 0);
  let left = -ofToday;
  for (let at = Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate()); at < next; at += day)
    left += new Date(at).getUTCDay() === 0 ? 3 : 1;
  expect(Number(forecast?.expected)).toBeCloseTo(Number(amount) + left, 9);
  const conversations = await done('GET', 'cost/conversations');
  expect(conversations).toMatchObject({
    currency: 'USD',
    conversations: expect.any(Number),
    median: expect.any(String),
  });
});

test('a campaign says what it will cost, holds at its cap, and goes on once the cap is raised', async () => {
  const people = await Promise.all(
    [...Array.from({ length: 6 }, inBrazil), inMexico()].map(
      async phone => (await done('POST', 'contacts', { phone })).id,
    ),
  );
  const made = await done('POST', 'campaigns', {
    name: 'Spring',
    account_ids: [account.id],
    include: [{ contact_ids: people }],
    variants: [
      { share: 100, message: { type: 'template', template: { name: 'hello_world', language: { code: 'en_US' } } } },
    ],
    stop_rules: { spent: '0.02' },
    rate_per_minute: 120,
  });
  const { cost: outlook } = await done('POST', `campaigns/${made.id}/check`);
  expect(outlook).toEqual({
    currency: 'USD',
    low: '0.0408',
    high: '0.0408',
    people: 6,
    without_rate: [{ value: 'MX', people: 1 }],
  });
  const campaign = () => done('GET', `campaigns/${made.id}`);
  const until = (state: string) =>
    expect
      .poll(
        async () => {
          await scenario.advance(1_000);
          await scenario.settle();
          return (await campaign()).state;
        },
        { timeout: 20_000 },
      )
      .toBe(state);
  await done('POST', `campaigns/${made.id}/start`, { now: true });
  await until('held');
  expect((await campaign()).reason.code).toBe('spend_cap');
  const spent = async () => (await done('GET', `campaigns/${made.id}/result`)).cost;
  const held = await spent();
  expect(held).toMatchObject({ currency: 'USD', cap: '0.02' });
  // 0.0068 each beyond the third of the month at 0.0065: the next one would pass the cap.
  expect(held.share).toBeLessThanOrEqual(1);
  const rules = (await campaign()).stop_rules;
  await done('PATCH', `campaigns/${made.id}`, { stop_rules: { ...rules, spent: '1' } });
  expect((await call('PATCH', `campaigns/${made.id}`, { stop_rules: { ...rules, failed: 9 } })).status).toBe(409);
  await until('done');
  await settled();
  expect(await spent()).toMatchObject({ cap: '1', estimated: '0' });
  // By the tier of the month: all are beyond the third.
  expect((await spent()).amount).toBe('0.039');
});

/** A campaign of marketing to people in Brazil: 0.0625 each. */
async function spring(count: number, more: object = {}): Promise<{ id: string; contacts: string[] }> {
  const contacts: string[] = [];
  for (let n = 0; n < count; n++) contacts.push((await done('POST', 'contacts', { phone: inBrazil() })).id);
  const [marketing] = scenario.simulator.templates
    .of(at.businessId)
    .filter(each => each.name === 'appointment_reminder');
  const components = marketing ? parametersOf(marketing) : [];
  const named = { name: 'appointment_reminder', language: { code: 'en_US' }, components };
  const { id } = await done('POST', 'campaigns', {
    name: 'Spring',
    account_ids: [account.id],
    include: [{ contact_ids: contacts }],
    variants: [{ share: 100, message: { type: 'template', template: named } }],
    ...more,
  });
  await done('POST', `campaigns/${id}/start`, { now: true });
  return { id, contacts };
}
const campaignOf = (id: string): Promise<Json> => done('GET', `campaigns/${id}`);
const costOf = async (id: string): Promise<Json> => (await done('GET', `campaigns/${id}/result`)).cost;
const callsOf = (id: string) =>
  scenario.sql('select 1 from attempt a join message m on m.id = a.message_id where m.campaign_id = $1', [toUuid(id)]);
async function raise(id: string, spent: string): Promise<void> {
  const { stop_rules: rules } = await campaignOf(id);
  await done('PATCH', `campaigns/${id}`, { stop_rules: { ...rules, spent } });
}
async function untilState(id: string, ...states: string[]): Promise<Json> {
  for (let n = 0; n < 40; n++) {
    await scenario.advance(2_000);
    await scenario.settle();
    const campaign = await campaignOf(id);
    if (states.includes(campaign.state)) return campaign;
  }
  throw new Error(`the campaign is ${JSON.stringify(await campaignOf(id))}`);
}

test('a campaign reserves what it may spend: nobody beyond its cap is queued, and it goes on in steps', async () => {
  const { id } = await spring(12, { stop_rules: { spent: '0.2' } });
  const held = await untilState(id, 'held', 'done');
  expect(held).toMatchObject({ state: 'held', counts: { waiting: 9, sent: 3 }, reason: { code: 'spend_cap' } });
  expect(held.reason.detail).toContain(
    'It costs USD 0.1875, its cap is USD 0.2, and the next message costs USD 0.0625.',
  );
  expect(Object.keys(held.reason).sort()).toEqual(['code', 'detail', 'until']);
  expect(await costOf(id)).toMatchObject({ amount: '0.1875' });
  // Too little for one more: it stays held, and says so with the cap of now.
  await raise(id, '0.21');
  await scenario.advance(12_000);
  expect((await campaignOf(id)).reason.detail).toContain('its cap is USD 0.21,');
  expect(await callsOf(id)).toHaveLength(3);
  await raise(id, '0.5');
  expect(await untilState(id, 'held')).toMatchObject({ counts: { waiting: 4, sent: 8 } });
  await raise(id, '9');
  expect(await untilState(id, 'done')).toMatchObject({ counts: { waiting: 0, sent: 12 }, reason: null });
  expect(await callsOf(id)).toHaveLength(12);
});

test('a cap that somebody lowers takes back what is queued beyond it, and its estimates', async () => {
  await done('POST', `accounts/${account.id}/pause`, {});
  const before = Number((await cost()).amount);
  const { id } = await spring(10, { stop_rules: { spent: '5' } });
  await expect
    .poll(async () => {
      await scenario.advance(1_000);
      return (await costOf(id)).amount;
    })
    .toBe('0.625');
  await raise(id, '0.3');
  await scenario.advance(3_000);
  expect(await costOf(id)).toMatchObject({ amount: '0.25', estimated: '0.25' });
  expect(Number((await cost()).amount)).toBeCloseTo(before + 0.25, 9);
  await done('POST', `accounts/${account.id}/resume`, {});
  const held = await untilState(id, 'held');
  expect(held).toMatchObject({ counts: { people: 10, waiting: 6, sent: 4, cancelled: 0 } });
  expect(await callsOf(id)).toHaveLength(4);
  await raise(id, '0.45');
  expect(await untilState(id, 'held')).toMatchObject({ counts: { waiting: 3, sent: 7 } });
  await raise(id, '5');
  expect(await untilState(id, 'done')).toMatchObject({ counts: { waiting: 0, sent: 10 } });
  expect(await callsOf(id)).toHaveLength(10);
  expect(await costOf(id)).toMatchObject({ amount: '0.625', estimated: '0' });
});

test('two campaigns share the cap of the month, and what ends without a call frees its part', async () => {
  await done('POST', `accounts/${account.id}/pause`, {});
  const { amount } = await cost();
  // Five of them, and less than six: caps have cents.
  const cap = String(Math.ceil((Number(amount) + 0.3125) * 100) / 100);
  await done('PATCH', 'cost/settings', { cap });
  const [one, other] = await Promise.all([spring(4), spring(4)]);
  const spentOf = async () => Number((await cost()).amount);
  await expect
    .poll(async () => {
      await scenario.advance(1_000);
      await scenario.settle();
      return Math.round(((await spentOf()) - Number(amount)) * 10_000);
    })
    .toBe(3_125);
  for (let n = 0; n < 3; n++) await scenario.advance(1_000);
  expect(await spentOf()).toBeLessThanOrEqual(Number(cap));
  const queued = async (id: string) =>
    (await scenario.sql(`select 1 from message where campaign_id = $1 and status = 'queued'`, [toUuid(id)])).length;
  expect((await queued(one.id)) + (await queued(other.id))).toBe(5);
  // Two are cancelled by hand: their part pays for two of the others.
  const { data } = await done('GET', 'messages?status=queued&limit=2');
  await done('POST', 'messages/cancel', { ids: data.map((each: Json) => each.id) });
  await expect
    .poll(async () => {
      await scenario.advance(1_000);
      await scenario.settle();
      return (await queued(one.id)) + (await queued(other.id));
    })
    .toBe(5);
  await done('POST', `accounts/${account.id}/resume`, {});
  const states = async () => [(await campaignOf(one.id)).state, (await campaignOf(other.id)).state];
  await expect
    .poll(async () => {
      await scenario.advance(2_000);
      await scenario.settle();
      return (await states()).includes('running');
    })
    .toBe(false);
  expect(await spentOf()).toBeLessThanOrEqual(Number(cap));
  await done('PATCH', 'cost/settings', { cap: null });
  for (const { id } of [one, other]) await untilState(id, 'done');
  expect((await callsOf(one.id)).length + (await callsOf(other.id)).length).toBe(6);
});

test('a campaign that its cap holds is done once nobody is left', async () => {
  const { id } = await spring(3, { stop_rules: { spent: '0.1' } });
  expect(await untilState(id, 'held')).toMatchObject({ counts: { sent: 1, waiting: 2 } });
  const { data } = await done('GET', `campaigns/${id}/recipients?state=waiting`);
  for (const each of data) await done('DELETE', `contacts/${each.contact_id}`);
  expect(await untilState(id, 'done')).toMatchObject({ counts: { sent: 1, waiting: 0, left_out: 2 } });
  // All got theirs as the cap is reached to the cent: nothing is left to hold.
  const exact = await spring(2, { stop_rules: { spent: '0.125' } });
  expect(await untilState(exact.id, 'held', 'done')).toMatchObject({ state: 'done', counts: { sent: 2 } });
});

test('whatever the caps and however they are raised, a campaign sends to as many as they pay for', async () => {
  const sums = fc.array(fc.integer({ min: 0, max: 600 }), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(sums, fc.integer({ min: 1, max: 8 }), async (thousandths, count) => {
      const caps = thousandths.map(each => Math.max(each, 1) / 1_000);
      const { id } = await spring(count, { stop_rules: { spent: String(caps[0]) } });
      let sent = 0;
      for (const cap of caps) {
        if ((await campaignOf(id)).state === 'done') break;
        await raise(id, String(cap));
        sent = Math.max(sent, Math.min(count, Math.floor(cap / 0.0625)));
        await untilState(id, sent === count ? 'done' : 'held');
        // A raised cap is seen within ten seconds.
        for (let n = 0; n < 4; n++) await scenario.advance(4_000);
        await untilState(id, sent === count ? 'done' : 'held');
        expect([await callsOf(id), (await costOf(id)).amount]).toEqual([
          expect.objectContaining({ length: sent }),
          String(sent * 0.0625),
        ]);
      }
      if (sent < count) await done('POST', `campaigns/${id}/cancel`, {});
    }),
    { numRuns: 5 },
  );
});

test('a tier begins at its message, however receipts come, together or apart, folded or not', async () => {
  // A month of its own for each try.
  let month = Date.UTC(2031, 0, 1);
  const receipts = fc.array(fc.array(fc.integer({ min: 0, max: 27 }), { minLength: 1, maxLength: 4 }), {
    ...{ minLength: 1, maxLength: 5 },
  });
  await fc.assert(
    fc.asyncProperty(receipts, fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }), async (batches, folds) => {
      const begin = month;
      month = Date.UTC(2031, new Date(month).getUTCMonth() + 12 * (new Date(month).getUTCFullYear() - 2031) + 1, 1);
      for (const [place, days] of batches.entries()) {
        const ids = days.map(() => newUuid());
        const times = days.map(each => new Date(begin + each * day + day / 2));
        await scenario.sql(
          `insert into message (id, workspace_id, account_id, conversation_id, contact_id, direction, address, type, content,
             status, category, created_at)
           select u.id, m.workspace_id, m.account_id, m.conversation_id, m.contact_id, 'outbound', '+5511987654321',
             'template', '{"name": "tiers"}', 'sent', 'utility', u.at
           from unnest($1::uuid[], $2::timestamptz[]) u(id, at),
             (select * from message where account_id = $3 and direction = 'outbound' limit 1) m`,
          [ids, times, toUuid(account.id)],
        );
        await scenario.sql(
          `with told as materialized (select price_messages(array_agg(row(m.id, m.workspace_id, m.account_id, m.contact_id,
               m.address, 'utility', 'regular', m.created_at, m.created_at, null, null)::charge_fact order by u.n)) as charges
             from unnest($1::uuid[]) with ordinality u(id, n) join message m using (id))
           update message m set status = 'delivered', delivered_at = m.created_at,
             (charge_day, charge_card, charge_amount, charge_surcharge, charge_category, charge_country, charge_type)
               = (select (told.charges[u.n]).*)
           from unnest($1::uuid[]) with ordinality u(id, n), told where m.id = u.id`,
          [ids],
        );
        if (folds[place]) await scenario.sql('select roll_up_costs()');
      }
      const count = batches.flat().length;
      const charged = await scenario.sql(
        `select charge_amount::text as amount, count(*)::int as n from message
         where content ->> 'name' = 'tiers' and charge_day >= $1 and charge_day < $2 group by 1 order by 1 desc`,
        [new Date(begin), new Date(month)].map(at => at.toISOString().slice(0, 10)),
      );
      expect(charged).toEqual([
        { amount: '0.006800', n: Math.min(3, count) },
        ...(count > 3 ? [{ amount: '0.006500', n: count - 3 }] : []),
      ]);
      const shown = await cost(`?month=${new Date(begin).toISOString().slice(0, 7)}`);
      const bill = Math.min(3, count) * 68 + Math.max(0, count - 3) * 65;
      expect([shown.messages.charged, Math.round(Number(shown.amount) * 10_000)]).toEqual([count, bill]);
    }),
    { numRuns: 15 },
  );
});

/** The values that a template of the simulator asks for. */
const parametersOf = ({ components }: Json) => {
  const body = components.find((each: Json) => each.type === 'BODY')?.text ?? '';
  const names = [...body.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name);
  return names.length === 0
    ? []
    : [
        {
          type: 'body',
          parameters: names.map((name: string) => ({
            type: 'text',
            text: 'x',
            ...(/^\d+$/.test(name) ? {} : { parameter_name: name }),
          })),
        },
      ];
};
