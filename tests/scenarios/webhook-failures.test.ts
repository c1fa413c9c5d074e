// Endpoints that are down, slow or wrong, on a clock of the test: when they are tried again, and that nothing is lost.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toUuid } from '../../server/kit/ids.ts';
import { logIsOpen } from '../setup/event-log.ts';
import { holdTransaction } from '../setup/open-transaction.ts';
import { accept, type Receiver, type Respond, startReceiver, status } from '../setup/receiver.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

const [second, minute, hour] = [1_000, 60_000, 3_600_000];
const day = 24 * hour;
/** The documented pauses, with the jitter of a scenario: half of a tenth. */
const pauses = [5 * second, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, day].map(
  pause => pause * 1.05,
);

let receiver: Receiver;
let scenario: Scenario;
beforeAll(async () => {
  receiver = await startReceiver();
  scenario = await startScenario({ clock: 'manual', env: { WEBHOOK_ALLOWED_HOSTS: receiver.host } });
});
afterAll(async () => {
  await scenario.close();
  await receiver.close();
});

let paths = 0;
async function endpoint(more: object = {}) {
  paths += 1;
  const path = `/${paths}`;
  const { status, body, text } = await scenario.api('POST', '/api/v1/endpoints', { url: receiver.url(path), ...more });
  expect({ status, text }).toMatchObject({ status: 201 });
  const at = `/api/v1/endpoints/${body.id}`;
  return {
    id: body.id as string,
    path,
    at,
    count: () => receiver.got(path).length,
    ids: () => receiver.got(path).map(({ event }) => event.id as string),
    show: async () => (await scenario.api('GET', at)).body,
    deliveries: async (query = '') => (await scenario.api('GET', `${at}/deliveries?limit=100${query}`)).body.data,
    remove: () => scenario.api('DELETE', at),
  };
}
const eventually = (look: () => unknown) => expect.poll(async () => look());
const recorded = (one: Awaited<ReturnType<typeof endpoint>>, attempts: number) =>
  eventually(async () => {
    const deliveries = await one.deliveries();
    return deliveries.reduce((sum: number, { attempt_count: n }: { attempt_count: number }) => sum + n, 0);
  }).toBe(attempts);

let contacts = 0;
const contact = async () => {
  contacts += 1;
  return (await scenario.api('POST', '/api/v1/contacts', { name: `Contact ${contacts}` })).body.id as string;
};
const eventsOf = async (type: string, id: string) => {
  await logIsOpen(scenario);
  return (await scenario.api('GET', `/api/v1/events?types=${type}&limit=1000`)).body.data.filter(
    ({ data }: { data: Record<string, unknown> }) => data.endpoint_id === id,
  );
};

/** An answer that begins and never ends. */
const hangs: Respond = (_request, response) => {
  response.writeHead(200, { 'content-length': '10' });
  response.write('x');
};

test('a delivery is tried at the documented times, and is failed after the last one', async () => {
  const one = await endpoint({ event_types: ['contact.created'] });
  receiver.answer(one.path, status(500));
  await contact();
  await recorded(one, 1);
  for (const [index, pause] of pauses.entries()) {
    await scenario.advance(pause - 1);
    expect([index, one.count()]).toEqual([index, index + 1]);
    await scenario.advance(1);
    await recorded(one, index + 2);
    expect(one.count()).toBe(index + 2);
  }
  const [delivery] = await one.deliveries();
  expect(delivery).toMatchObject({ status: 'failed', attempt_count: 10, next_attempt_at: null });
  await scenario.advance(day);
  expect(one.count()).toBe(10);
  expect((await one.show()).deliveries).toEqual({ waiting: 0, retrying: 0, failed: 1 });
  const told = (await eventsOf('delivery.failed,endpoint.failing', one.id)).map(
    ({ type, data }: { type: string; data: object }) => ({ type, ...data }),
  );
  expect(told).toEqual([
    { type: 'endpoint.failing', endpoint_id: one.id, reason: 'http_status' },
    {
      type: 'delivery.failed',
      endpoint_id: one.id,
      delivery_id: delivery.id,
      event_id: delivery.event_id,
      event_type: 'contact.created',
      error: 'http_status',
      http_status: 500,
    },
  ]);
  const { body } = await scenario.api('GET', `${one.at}/deliveries/${delivery.id}`);
  const waits = body.attempts
    .slice(0, 9)
    .map(
      ({ started_at: at, next_attempt_at: next }: Record<string, string>) =>
        Date.parse(next ?? '') - Date.parse(at ?? ''),
    );
  expect(waits).toEqual(pauses);

  // All attempts begin anew.
  receiver.answer(one.path, accept);
  const since = new Date(scenario.clock.now() - 2 * day).toISOString();
  const { body: recovery } = await scenario.api('POST', `${one.at}/recover`, { since });
  await eventually(one.count).toBe(11);
  await eventually(async () => (await scenario.api('GET', `${one.at}/replays/${recovery.id}`)).body).toMatchObject({
    kind: 'recover',
    status: 'done',
    queued: 1,
  });
  await recorded(one, 11);
  expect((await one.deliveries())[0].status).toBe('succeeded');
  await one.remove();
});

test('an outage of three days loses nothing and mixes nothing up, and holds nobody else up', async () => {
  const [down, up] = [await endpoint({ event_types: ['message.*'] }), await endpoint({ event_types: ['message.*'] })];
  receiver.answer(down.path, status(503));
  const people = ['+33612008001', '+33612008002', '+33612008003'];
  for (let n = 0; n < 9; n++) {
    await scenario.send(people[n % 3], `number ${n}`);
    await scenario.advance(8 * hour);
  }
  await logIsOpen(scenario);
  const log = (await scenario.api('GET', '/api/v1/events?types=message.*&limit=1000')).body.data;
  const ids = log.map(({ id }: { id: string }) => id);
  expect(ids.length).toBeGreaterThanOrEqual(36);
  await eventually(() => up.ids().sort()).toEqual([...ids].sort());
  // The breaker and the schedule: not an attempt for each event.
  expect(down.count()).toBeLessThan(40);
  expect((await down.show()).status).toBe('active');

  receiver.answer(down.path, accept);
  const before = down.count();
  await scenario.advance(day);
  await eventually(async () => (await down.deliveries('&status=waiting')).length).toBe(0);
  const arrived = receiver
    .got(down.path)
    .slice(before)
    .map(({ event }) => event);
  expect(arrived.map(({ id }) => id).sort()).toEqual([...ids].sort());
  for (const person of people) {
    const numbers = (events: typeof log) =>
      events
        .filter(({ data }: { data: { message: { to: string } } }) => data.message.to === person)
        .map(({ id }: { id: string }) => id);
    expect(numbers(arrived)).toEqual(numbers(log));
    expect(numbers(receiver.got(up.path).map(({ event }) => event))).toEqual(numbers(log));
  }
  expect((await eventsOf('endpoint.recovered', down.id)).length).toBe(1);
  expect((await down.show()).failing_since).toBeNull();
  for (const each of [down, up]) await each.remove();
});

test('an endpoint that fails now and then loses nothing, and news of a recovery follows three failures', async () => {
  const one = await endpoint({ event_types: ['contact.created'] });
  let turn = 0;
  receiver.answer(one.path, (request, response) => (turn++ % 5 === 4 ? accept : status(500))(request, response));
  for (let n = 0; n < 3; n++) await contact();
  await recorded(one, 1);
  for (let n = 0; n < 12; n++) await scenario.advance(6 * hour);
  await eventually(async () => (await one.deliveries('&status=succeeded')).length).toBe(3);
  expect((await eventsOf('endpoint.recovered', one.id)).length).toBe(3);
  await one.remove();
});

test('one success wakes what waits, once for each', async () => {
  const one = await endpoint({ event_types: ['contact.created', 'message.*'] });
  receiver.answer(one.path, status(500));
  await contact();
  await recorded(one, 1);
  await scenario.advance(6 * second);
  await recorded(one, 2);
  // The next attempt would be in five minutes.
  receiver.answer(one.path, accept);
  await scenario.send('+33612008101');
  await eventually(async () => (await one.deliveries('&status=waiting')).length).toBe(0);
  expect((await eventsOf('endpoint.recovered', one.id)).length).toBe(0);

  // A delivery that fails while others succeed goes by its own schedule.
  receiver.answer(one.path, (request, response) =>
    (request.event.type === 'contact.created' ? status(500) : accept)(request, response),
  );
  await contact();
  const poison = async () => (await one.deliveries('&event_type=contact.created'))[0];
  await eventually(async () => (await poison()).attempt_count).toBe(1);
  for (let n = 0; n < 4; n++) {
    await scenario.send('+33612008101');
    await eventually(async () => (await one.deliveries('&status=waiting')).length).toBe(1);
  }
  expect((await poison()).attempt_count).toBe(2);
  await one.remove();
});

test('a recovery makes what waits due, too', async () => {
  const one = await endpoint({ event_types: ['contact.created'] });
  receiver.answer(one.path, status(500));
  const since = new Date(scenario.clock.now() - minute).toISOString();
  await contact();
  await recorded(one, 1);
  await scenario.advance(6 * second);
  await recorded(one, 2);
  receiver.answer(one.path, accept);
  const done = async (body: object) => {
    const { body: started } = await scenario.api('POST', `${one.at}/recover`, body);
    const show = async () => (await scenario.api('GET', `${one.at}/replays/${started.id}`)).body;
    await eventually(async () => (await show()).status).toBe('done');
    return show();
  };
  await scenario.advance(second);
  expect(await done({ since: new Date(scenario.clock.now() - 1).toISOString() })).toMatchObject({
    examined: 0,
    queued: 0,
  });
  expect(await done({ since })).toMatchObject({ examined: 1, queued: 1 });
  await eventually(async () => (await one.deliveries())[0].status).toBe('succeeded');
  await one.remove();
});

test('Retry-After holds the endpoint, and a wish for an earlier attempt does not count', async () => {
  const one = await endpoint({ event_types: ['contact.created', 'message.queued'] });
  receiver.answer(one.path, status(429, { 'retry-after': '3600' }));
  await contact();
  await recorded(one, 1);
  // Of another conversation, with a contact of its own.
  await scenario.send();
  await scenario.settle();
  receiver.answer(one.path, accept);
  await scenario.advance(hour - 1);
  expect(one.count()).toBe(1);
  await scenario.advance(1);
  await eventually(one.count).toBe(4);
  await recorded(one, 4);
  receiver.answer(one.path, status(500, { 'retry-after': '1' }));
  await contact();
  await recorded(one, 5);
  await scenario.advance(5_249);
  expect(one.count()).toBe(5);
  await scenario.advance(1);
  await recorded(one, 6);
  await one.remove();
});

test('410 disables an endpoint at once; it gets nothing of that time until it is replayed', async () => {
  const one = await endpoint({ event_types: ['message.queued'] });
  receiver.answer(one.path, status(410));
  await scenario.send();
  await eventually(async () => (await one.show()).status).toBe('disabled');
  expect(await one.show()).toMatchObject({ disabled_reason: 'gone' });
  expect(await one.deliveries()).toMatchObject([{ status: 'failed', error: 'gone', attempt_count: 1 }]);
  expect(await eventsOf('endpoint.disabled', one.id)).toMatchObject([{ data: { reason: 'gone' } }]);
  await scenario.advance(1);
  const from = new Date(scenario.clock.now()).toISOString();
  await scenario.send();
  await scenario.settle();
  for (const [path, body] of [
    ['test', undefined],
    ['recover', { since: from }],
    ['replays', { from, until: '2100-01-01T00:00:00Z' }],
  ] as const)
    expect((await scenario.api('POST', `${one.at}/${path}`, body)).body.code).toBe('endpoint_not_active');
  receiver.answer(one.path, accept);
  expect((await scenario.api('PATCH', one.at, { status: 'active' })).body).toMatchObject({
    status: 'active',
    disabled_reason: null,
  });
  await scenario.send();
  await eventually(one.count).toBe(2);
  await scenario.advance(1);
  await scenario.api('POST', `${one.at}/replays`, { from, until: '2100-01-01T00:00:00Z' });
  // The one that it missed, and the one that it has.
  await eventually(one.count).toBe(4);
  expect(new Set(one.ids()).size).toBe(3);
  await one.remove();
});

test('five days without a success disable an endpoint', async () => {
  const one = await endpoint({ event_types: ['contact.created'] });
  receiver.answer(one.path, status(500));
  await contact();
  await recorded(one, 1);
  for (let n = 0; n < 4; n++) await scenario.advance(day);
  expect((await one.show()).status).toBe('active');
  await contact();
  for (let n = 0; n < 3; n++) await scenario.advance(day);
  await eventually(async () => (await one.show()).status).toBe('disabled');
  expect(await one.show()).toMatchObject({ disabled_reason: 'failing' });
  expect(await eventsOf('endpoint.disabled', one.id)).toMatchObject([{ data: { reason: 'failing' } }]);
  await one.remove();
});

test('an endpoint that hangs, before or after the head, is left after 20 seconds and holds nobody else up', async () => {
  const silent = await endpoint({ event_types: ['contact.created'] });
  const stuck = await endpoint({ event_types: ['contact.created'] });
  const well = await endpoint({ event_types: ['contact.created'] });
  receiver.answer(silent.path, () => {});
  receiver.answer(stuck.path, hangs);
  for (let n = 0; n < 3; n++) await contact();
  await eventually(well.count).toBe(3);
  await eventually(() => [silent.count(), stuck.count()]).toEqual([1, 1]);
  scenario.clock.advance(19_999);
  expect((await silent.deliveries()).every(({ attempt_count: n }: { attempt_count: number }) => n === 0)).toBe(true);
  scenario.clock.advance(1);
  for (const one of [silent, stuck]) {
    await recorded(one, 1);
    expect((await one.deliveries()).at(-1)).toMatchObject({ status: 'waiting', error: 'timeout', http_status: null });
  }
  for (const each of [silent, stuck, well]) await each.remove();
});

test('of a dead endpoint, few conversations are tried at once', async () => {
  const one = await endpoint({ event_types: ['message.queued'] });
  receiver.answer(one.path, status(500));
  for (let n = 0; n < 30; n++) await scenario.send();
  await scenario.settle();
  await eventually(one.count).toBeGreaterThanOrEqual(10);
  let [atOnce, most] = [0, 0];
  const answers: (() => void)[] = [];
  receiver.answer(one.path, (_request, response) => {
    atOnce += 1;
    most = Math.max(most, atOnce);
    answers.push(() => {
      atOnce -= 1;
      response.writeHead(500).end();
    });
  });
  scenario.clock.advance(10 * minute);
  for (let n = 0; n < 10; n++) {
    await eventually(() => answers.length).toBeGreaterThan(0);
    answers.shift()?.();
  }
  expect(most).toBeLessThanOrEqual(2);
  receiver.answer(one.path, accept);
  for (const answer of answers.splice(0)) answer();
  await eventually(() => atOnce).toBe(0);
  await one.remove();
});

test('the rate limit and the concurrency of an endpoint hold', async () => {
  const slow = await endpoint({ event_types: ['message.queued'], rate_limit: { messages: 4, seconds: 60 } });
  const narrow = await endpoint({ event_types: ['message.queued'], concurrency: 3 });
  let [atOnce, most] = [0, 0];
  receiver.answer(narrow.path, (_request, response) => {
    atOnce += 1;
    most = Math.max(most, atOnce);
    setImmediate(() => {
      atOnce -= 1;
      response.writeHead(204).end();
    });
  });
  for (let n = 0; n < 20; n++) await scenario.send();
  await scenario.settle();
  await eventually(narrow.count).toBe(20);
  expect(most).toBeLessThanOrEqual(3);
  const times: number[] = [scenario.clock.now()];
  await eventually(slow.count).toBe(1);
  for (let seconds = 0; seconds < 130; seconds += 5) {
    await scenario.advance(5_000);
    while (times.length < slow.count()) times.push(scenario.clock.now());
  }
  expect(times.length).toBeGreaterThanOrEqual(8);
  for (const [index, time] of times.entries())
    expect((times[index + 4] ?? Number.POSITIVE_INFINITY) - time).toBeGreaterThanOrEqual(60_000);
  for (const each of [slow, narrow]) await each.remove();
});

test('deliveries are kept for 30 days, and those of a deleted endpoint until it is cleared', async () => {
  const quiet = { event_types: ['opt_out.created'] };
  const [kept, gone] = [await endpoint(quiet), await endpoint(quiet)];
  for (const each of [kept, gone]) {
    await scenario.api('POST', `${each.at}/test`);
    await recorded(each, 1);
  }
  const rowsOf = async ({ id }: { id: string }) =>
    (
      await scenario.sql<{ n: number }>(
        `select ((select count(*) from delivery where endpoint_id = $1) + (select count(*) from delivery_attempt where endpoint_id = $1)
           + (select count(*) from delivery_lane where endpoint_id = $1))::int as n`,
        [toUuid(id)],
      )
    )[0]?.n;
  await gone.remove();
  expect(await rowsOf(gone)).toBe(2);
  await scenario.advance(2 * hour);
  await scenario.advance(2 * hour);
  expect([await rowsOf(kept), await rowsOf(gone)]).toEqual([2, 0]);
  await scenario.advance(30 * day);
  expect(await kept.deliveries()).toEqual([]);
  expect(await rowsOf(kept)).toBe(1);
  await kept.remove();
});

test('an endpoint that somebody takes over while the right of its creator is looked at stays active', async () => {
  const { body: key } = await scenario.api('POST', '/api/v1/keys', { name: 'x', scopes: ['contacts.read'] });
  const one = await endpoint();
  const creator = `update endpoint set creator_kind = $1, created_by = $2 where id = $3 returning 1`;
  const [owner] = await scenario.sql<{ id: string }>('select person_id as id from membership limit 1');
  await scenario.sql(creator, ['api_key', toUuid(key.id), toUuid(one.id)]);
  const taken = await holdTransaction(scenario, creator, ['person', owner?.id, toUuid(one.id)]);
  await scenario.api('DELETE', `/api/v1/keys/${key.id}`);
  const swept = scenario.advance(minute);
  await eventually(() => taken.waiting()).toBeGreaterThan(0);
  await taken.commit();
  await swept;
  expect(await one.show()).toMatchObject({ status: 'active', disabled_reason: null });
  await one.remove();
});
