// Teams: what they give out and to whom, who is available, and what goes back to the team.
import type { Availability, Conversation, ConversationChange, Team } from '@recado/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { audited, join, logIn, type Somebody } from '../setup/people.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

const minute = 60_000;
let scenario: Scenario;
let ana: Somebody;
let leo: Somebody;
let phones = 0;
beforeAll(async () => {
  scenario = await startScenario({ clock: 'manual' });
  [ana, leo] = [await join(scenario, 'agent'), await join(scenario, 'agent')];
});
afterAll(() => scenario?.close());

async function post(phone: string, body: string): Promise<void> {
  await fetch(`${scenario.simulator.url}/phones/${phone}/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'text', text: { body } }),
  });
  await scenario.settle();
}
const found = async (phone: string): Promise<Conversation> =>
  (await scenario.api('GET', `/api/v1/conversations?search=${phone.slice(1)}`)).body.data[0];

/** Somebody who writes for the first time. Each is a second later than the one before. */
async function written(): Promise<string> {
  const phone = `+55119866600${String(++phones).padStart(2, '0')}`;
  await post(phone, 'Is it ready?');
  await scenario.advance(1_000);
  return phone;
}
async function create(body: object): Promise<Team> {
  const made = await scenario.api('POST', '/api/v1/teams', body);
  expect(made.status).toBe(201);
  return made.body;
}
const change = (id: string, body: object) => scenario.api('PATCH', `/api/v1/teams/${id}`, body);
/** Their session of now: tokens end while the clock moves. */
const as = async ({ email }: Somebody) => scenario.as((await logIn(scenario, email)).body.access_token);
const be = async (who: Somebody, status: string, until?: string) => {
  const call = await as(who);
  expect((await call('PUT', '/api/v1/me/availability', { status, ...(until && { until }) })).status).toBe(200);
};
const act = (id: string, action: string, body: object = {}, call = scenario.api) =>
  call('POST', `/api/v1/conversations/${id}/${action}`, body);
const lines = async (id: string): Promise<ConversationChange[]> =>
  (await scenario.api('GET', `/api/v1/conversations/${id}/changes`)).body.data;
/** Whose the conversations of these phones are, after a sweep. */
async function owners(...of: string[]): Promise<(string | null)[]> {
  await scenario.advance(1_000);
  return Promise.all(of.map(async phone => (await found(phone)).assignee?.id ?? null));
}
const oneMember = (who: Somebody, capacity: number) => [{ person_id: who.id, capacity }];

test('a team has settings, members and accounts; its name is its own, and its changes are told', async () => {
  const { account } = scenario;
  const lisbon = await create({ name: 'Lisbon', members: oneMember(ana, 3), account_ids: [account.id] });
  expect(lisbon).toMatchObject({
    ...{ mode: 'manual', sticky: true, capacity: null, reassign_after_minutes: null },
    ...{ offline_policy: 'grace', offline_grace_minutes: 5, account_ids: [account.id], open: 0, unassigned: 0 },
    members: [{ person_id: ana.id, capacity: 3, open: 0, status: 'away', until: null, last_assigned_at: null }],
  });
  expect(await scenario.api('POST', '/api/v1/teams', { name: 'LISBÓN' })).toMatchObject({
    status: 409,
    body: { code: 'team_taken' },
  });
  const viewer = await join(scenario, 'viewer');
  expect(await change(lisbon.id, { members: oneMember(viewer, 1) })).toMatchObject({
    status: 400,
    body: { errors: [{ field: 'members' }] },
  });
  expect((await ana.api('PATCH', `/api/v1/teams/${lisbon.id}`, { name: 'Mine' })).status).toBe(403);
  expect((await ana.api('GET', '/api/v1/teams')).body.data).toHaveLength(1);
  // An account has one team.
  const porto = await create({ name: 'Porto', account_ids: [account.id] });
  expect((await scenario.api('GET', `/api/v1/teams/${lisbon.id}`)).body.account_ids).toEqual([]);
  // A change of one thing leaves the rest.
  expect((await change(lisbon.id, { capacity: 40 })).body).toMatchObject({ capacity: 40, members: [{ capacity: 3 }] });
  for (const { id } of [lisbon, porto]) expect((await scenario.api('DELETE', `/api/v1/teams/${id}`)).status).toBe(204);
  expect((await scenario.api('GET', `/api/v1/teams/${lisbon.id}`)).body.code).toBe('team_not_found');
  const { data } = (await scenario.api('GET', '/api/v1/events?types=team.created,team.updated,team.deleted')).body;
  expect(data.map((event: { type: string; data: object }) => [event.type, event.data])).toEqual([
    ['team.created', { team_id: lisbon.id, name: 'Lisbon' }],
    ['team.created', { team_id: porto.id, name: 'Porto' }],
    ['team.updated', { team_id: lisbon.id, name: 'Lisbon' }],
    ['team.deleted', { team_id: lisbon.id, name: 'Lisbon' }],
    ['team.deleted', { team_id: porto.id, name: 'Porto' }],
  ]);
  expect((await audited(scenario, 'team.updated')).map(({ detail }) => detail)).toEqual([{ fields: ['capacity'] }]);
});

test('what waits goes to who is online and has the fewest, the longest wait first, and no further than there is room', async () => {
  const members = [...oneMember(ana, 2), ...oneMember(leo, 1)];
  const team = await create({ name: 'Shop', mode: 'balanced', members, account_ids: [scenario.account.id] });
  const all = [await written(), await written(), await written(), await written()];
  expect(await owners(...all)).toEqual([null, null, null, null]);
  expect((await found(all[0] as string)).team).toEqual({ id: team.id, name: 'Shop' });
  const inTeam = (await scenario.api('GET', `/api/v1/conversations?team_id=${team.id}&assignee=nobody`)).body;
  expect(inTeam.page.total).toBe(4);
  const isEmpty = async () => (await scenario.api('GET', `/api/v1/teams/${team.id}`)).body.nobody_online;
  expect(await isEmpty()).toBe(true);
  await be(ana, 'online');
  expect(await isEmpty()).toBe(false);
  expect(await owners(...all)).toEqual([ana.id, ana.id, null, null]);
  await be(leo, 'online');
  expect(await owners(...all)).toEqual([ana.id, ana.id, leo.id, null]);
  expect((await scenario.api('GET', `/api/v1/teams/${team.id}`)).body).toMatchObject({
    ...{ open: 4, unassigned: 1, waiting_since: (await found(all[3] as string)).waiting_since },
    members: [{ open: 2 }, { open: 1 }],
  });
  // Whatever makes room gives out the next: a close, more capacity, a snooze, somebody of another place.
  const { id } = await found(all[0] as string);
  await act(id, 'close');
  expect(await owners(...all)).toEqual([ana.id, ana.id, leo.id, ana.id]);
  const [fifth] = [await written()];
  expect(await owners(fifth as string)).toEqual([null]);
  await change(team.id, { members: [...oneMember(ana, 2), ...oneMember(leo, 2)] });
  expect(await owners(fifth as string)).toEqual([leo.id]);
  expect(await lines((await found(fifth as string)).id)).toMatchObject([
    { change: 'assigned', reason: 'given', assignee: { id: leo.id }, former_assignee: null, team: null, by: null },
    { change: 'assigned', reason: 'queued', assignee: null, team: { name: 'Shop' } },
  ]);
  // The team as a whole is full.
  await change(team.id, { capacity: 4, members: [...oneMember(ana, 9), ...oneMember(leo, 9)] });
  const sixth = await written();
  expect(await owners(sixth)).toEqual([null]);
  await act((await found(fifth as string)).id, 'snooze');
  expect(await owners(sixth)).toEqual([leo.id]);
  await act((await found(sixth)).id, 'close');
  // Who had the person last gets it again, though the other has fewer.
  await scenario.advance(15 * minute);
  await change(team.id, { capacity: null });
  for (const phone of [all[1], all[3]]) await act((await found(phone as string)).id, 'close');
  await act((await found(sixth)).id, 'assign', { person_id: null });
  await post(sixth, 'And the invoice?');
  expect(await owners(sixth)).toEqual([leo.id]);
  expect((await lines((await found(sixth)).id))[0]).toMatchObject({ reason: 'had_last' });
  await scenario.api('DELETE', `/api/v1/teams/${team.id}`);
  expect(await found(all[1] as string)).toMatchObject({ team: null, assignee: { id: ana.id } });
});

test('who does not answer in time loses a conversation once, and does not get it again', async () => {
  const team = await create({
    ...{ name: 'Fast', mode: 'round_robin', reassign_after_minutes: 10, account_ids: [scenario.account.id] },
    members: [...oneMember(ana, 9), ...oneMember(leo, 9)],
  });
  await be(ana, 'online');
  await be(leo, 'away');
  const [first, second] = [await written(), await written()];
  expect(await owners(first, second)).toEqual([ana.id, ana.id]);
  const { id, reassign_due_at: due } = await found(first);
  expect(due).not.toBeNull();
  const answer = { account_id: scenario.account.id, to: second, type: 'text', text: { body: 'Yes.' } };
  expect((await (await as(ana))('POST', '/api/v1/messages', answer)).status).toBe(202);
  await scenario.advance(11 * minute);
  expect(await owners(first, second)).toEqual([null, ana.id]);
  expect((await lines(id))[0]).toMatchObject({
    ...{ change: 'assigned', reason: 'no_answer', minutes: 10, assignee: null, former_assignee: { id: ana.id } },
  });
  await scenario.advance(60 * minute);
  expect(await owners(first)).toEqual([null]);
  await be(leo, 'online');
  expect(await owners(first)).toEqual([leo.id]);
  // By hand everything goes, with the same time to answer.
  await act(id, 'assign', { person_id: ana.id, reason: 'Yours.' });
  expect((await found(first)).assignee?.id).toBe(ana.id);
  expect((await found(first)).reassign_due_at).not.toBeNull();
  await act(id, 'close');
  expect(await owners(first)).toEqual([ana.id]);
  const lapses = (await lines(id)).filter(({ reason }) => reason === 'no_answer');
  expect(lapses).toHaveLength(1);
  await scenario.api('DELETE', `/api/v1/teams/${team.id}`);
});

test('the time to answer runs in the hours of the team only, and the hours are checked and told', async () => {
  const { account } = scenario;
  const today = new Date(scenario.clock.now()).toISOString().slice(0, 10);
  const nextMidnight = Date.parse(`${today}T00:00:00Z`) + 24 * 60 * minute;
  const intervals = [7, 6, 5, 4, 3, 2, 1].map(weekday => ({ weekday, opens: '00:00', closes: '24:00' }));
  const hours = { time_zone: 'UTC', intervals, holidays: [{ date: today, name: 'A feast' }] };
  const team = await create({
    ...{ name: 'Closed', mode: 'round_robin', reassign_after_minutes: 10, account_ids: [account.id], hours },
    members: oneMember(leo, 9),
  });
  expect(team.hours).toEqual({ ...hours, intervals: intervals.toReversed() });
  const overlapping = [
    { weekday: 1, opens: '09:00', closes: '13:00' },
    { weekday: 1, opens: '12:59', closes: '18:00' },
  ];
  for (const [wrong, field] of [
    [{ ...hours, time_zone: 'Europe/Atlantis' }, 'hours.time_zone'],
    [{ ...hours, intervals: overlapping }, 'hours.intervals'],
    [{ ...hours, intervals: [{ weekday: 1, opens: '18:00', closes: '09:00' }] }, 'hours.intervals[0].closes'],
    [{ ...hours, holidays: [...hours.holidays, ...hours.holidays] }, 'hours.holidays'],
  ] as const)
    expect(await change(team.id, { hours: wrong })).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  await be(leo, 'online');
  const phone = await written();
  expect(await owners(phone)).toEqual([leo.id]);
  expect((await found(phone)).reassign_due_at).toBe(new Date(nextMidnight + 10 * minute).toISOString());
  await scenario.advance(nextMidnight + 11 * minute - scenario.clock.now());
  expect(await owners(phone)).toEqual([null]);
  expect((await lines((await found(phone)).id))[0]).toMatchObject({ reason: 'no_answer', minutes: 10 });
  // Both clocks measure the wait of a customer.
  const answer = { account_id: account.id, to: phone, type: 'text', text: { body: 'Yes.' } };
  expect((await scenario.api('POST', '/api/v1/messages', answer)).status).toBe(202);
  const { id, state_since: since } = await found(phone);
  const [episode] = (await scenario.api('GET', `/api/v1/conversations/${id}/episodes`)).body.data;
  const { seconds, business_seconds: inHours } = episode.first_response;
  expect(inHours).toBeGreaterThanOrEqual(660);
  expect(inHours).toBeLessThan(720);
  expect(Math.abs(seconds - inHours - (nextMidnight - Date.parse(since ?? '')) / 1_000)).toBeLessThanOrEqual(1);
  const report = `/api/v1/statistics/responses?from=${today}T00:00:00Z&time_zone=UTC&compare=true`;
  const { answered, answered_in_hours: measured, previous_in_hours: before } = (await scenario.api('GET', report)).body;
  expect([measured.n, before.n]).toEqual([1, 0]);
  expect(measured.p50_seconds / inHours).toBeCloseTo(1, 0);
  expect(answered.n).toBeGreaterThan(1);
  // Until when it is open: over midnight, and where one interval follows another.
  const dayIn = (days: number) => new Date(scenario.clock.now() + days * 24 * 60 * minute).toISOString().slice(0, 10);
  const until = async (more: object) => (await change(team.id, { hours: { ...hours, ...more } })).body.open_until;
  const feast = (days: number) => ({ holidays: [{ date: dayIn(days), name: 'A feast' }] });
  expect(await until({ holidays: [] })).toBeNull();
  expect(await until(feast(2))).toBe(`${dayIn(2)}T00:00:00.000Z`);
  expect(await until(feast(0))).toBeNull();
  const [early, late] = [
    { opens: '00:00', closes: '10:00' },
    { opens: '10:00', closes: '18:00' },
  ];
  const twice = intervals.flatMap(({ weekday }) => [early, late].map(each => ({ weekday, ...each })));
  expect(await until({ intervals: twice, holidays: [] })).toBe(`${dayIn(0)}T18:00:00.000Z`);
  expect((await change(team.id, { hours: null })).body).toMatchObject({ hours: null, open_until: null });
  expect((await audited(scenario, 'team.updated')).at(-1)?.detail).toEqual({ fields: ['hours'] });
  await act((await found(phone)).id, 'close');
  await scenario.api('DELETE', `/api/v1/teams/${team.id}`);
});

test('what somebody has who goes offline is kept, or goes back at once or after the grace, as the team says', async () => {
  const members = [...oneMember(ana, 9), ...oneMember(leo, 9)];
  const team = await create({ name: 'Late', mode: 'balanced', members, account_ids: [scenario.account.id] });
  await be(leo, 'away');
  await be(ana, 'online');
  const [open, snoozed] = [await written(), await written()];
  expect(await owners(open, snoozed)).toEqual([ana.id, ana.id]);
  await act((await found(snoozed)).id, 'snooze');
  await be(ana, 'offline');
  await scenario.advance(4 * minute);
  // Who is back in time keeps it.
  await be(ana, 'online');
  await scenario.advance(4 * minute);
  expect(await owners(open)).toEqual([ana.id]);
  await be(ana, 'offline');
  await scenario.advance(6 * minute);
  expect(await owners(open, snoozed)).toEqual([null, ana.id]);
  expect((await lines((await found(open)).id))[0]).toMatchObject({
    ...{ reason: 'offline', former_assignee: { id: ana.id } },
  });
  // One that opens again meanwhile does not wait for who is away.
  await post(snoozed, 'Hello?');
  expect(await owners(snoozed)).toEqual([null]);
  await be(leo, 'online');
  expect(await owners(open, snoozed)).toEqual([leo.id, leo.id]);
  await change(team.id, { offline_policy: 'keep' });
  // A choice ends by itself: who was online is offline, and who was not is online.
  const inAnHour = new Date(scenario.clock.now() + 60 * minute).toISOString();
  await be(leo, 'online', inAnHour);
  await be(ana, 'away', inAnHour);
  await scenario.advance(61 * minute);
  const { data } = (await scenario.api('GET', '/api/v1/availability')).body;
  const statusOf = (who: Somebody) => data.find((row: { person_id: string }) => row.person_id === who.id);
  expect([statusOf(ana), statusOf(leo)]).toMatchObject([
    { status: 'online', until: null },
    { status: 'offline', until: null },
  ]);
  expect(await owners(open)).toEqual([leo.id]);
  await change(team.id, { offline_policy: 'to_team' });
  expect(await owners(open, snoozed)).toEqual([ana.id, ana.id]);
  // Who leaves the workspace leaves the team.
  expect((await scenario.api('DELETE', `/api/v1/people/${leo.id}`)).status).toBe(204);
  expect((await scenario.api('GET', `/api/v1/teams/${team.id}`)).body.members).toHaveLength(1);
});

test('the hours of a team make its people online and offline who follow them, and a choice holds until then', async () => {
  const who = await join(scenario, 'agent');
  const intervals = [1, 2, 3, 4, 5, 6, 7].map(weekday => ({ weekday, opens: '09:00', closes: '17:00' }));
  const hours = { time_zone: 'UTC', intervals };
  const team = await create({ name: 'By hours', members: oneMember(who, 9), hours });
  const put = async (body: object) => (await as(who))('PUT', '/api/v1/me/availability', body);
  const state = async () => {
    const { data } = (await scenario.api('GET', '/api/v1/availability')).body;
    const { status, until, follows_hours } = data.find((row: Availability) => row.person_id === who.id);
    return [status, until, follows_hours];
  };
  const midnight = Math.ceil(scenario.clock.now() / (24 * 60 * minute)) * 24 * 60 * minute;
  /** The state this number of hours after the first midnight, once swept. */
  const at = async (hour: number) => {
    await scenario.advance(midnight + hour * 60 * minute + 2_000 - scenario.clock.now());
    await scenario.advance(1_000);
    return state();
  };
  await at(8);
  expect((await put({})).body.errors).toMatchObject([{ field: 'status' }]);
  expect((await put({ follows_hours: false })).body.errors).toMatchObject([{ field: 'status' }]);
  const until = (hour: number) => new Date(midnight + hour * 60 * minute).toISOString();
  expect((await put({ follows_hours: true, until: until(10) })).body.errors).toMatchObject([{ field: 'until' }]);
  expect(await state()).toEqual(['away', null, false]);
  expect((await put({ follows_hours: true })).body).toMatchObject({ status: 'offline', follows_hours: true });
  expect(await at(9)).toEqual(['online', null, true]);
  // A pause ends as the hours say, and a choice without an end at the end of the hours.
  await put({ status: 'away', until: until(13) });
  expect(await at(12)).toEqual(['away', until(13), true]);
  expect(await at(13)).toEqual(['online', null, true]);
  await put({ status: 'away', until: until(20) });
  expect(await at(17)).toEqual(['offline', null, true]);
  await put({ status: 'online', until: until(18) });
  expect(await at(18)).toEqual(['offline', null, true]);
  await put({ status: 'online' });
  expect(await at(24)).toEqual(['online', null, true]);
  expect(await at(24 + 17)).toEqual(['offline', null, true]);
  // Other hours, another team and no hours are seen at once; of two teams, one that is open is enough.
  const night = {
    time_zone: 'UTC',
    intervals: [1, 2, 3, 4, 5, 6, 7].map(weekday => ({ weekday, opens: '17:00', closes: '24:00' })),
  };
  const late = await create({ name: 'Night', members: oneMember(who, 9), hours: night });
  expect(await at(24 + 18)).toEqual(['online', null, true]);
  expect((await change(late.id, { members: [] })).status).toBe(200);
  expect(await at(24 + 19)).toEqual(['offline', null, true]);
  expect((await change(team.id, { hours: night })).status).toBe(200);
  expect(await at(24 + 20)).toEqual(['online', null, true]);
  expect((await change(team.id, { hours: null })).status).toBe(200);
  expect(await at(48 + 12)).toEqual(['online', null, true]);
  expect((await change(team.id, { hours })).status).toBe(200);
  expect((await put({ status: 'online', follows_hours: false })).body).toMatchObject({ follows_hours: false });
  expect(await at(48 + 18)).toEqual(['online', null, false]);
  const { data } = (await scenario.api('GET', '/api/v1/events?types=availability.changed&limit=100')).body;
  const told = data.filter((event: { data: Availability }) => event.data.person_id === who.id);
  expect(told.slice(-3).map((event: { data: object }) => event.data)).toMatchObject([
    { status: 'offline', follows_hours: true },
    { status: 'online', follows_hours: true },
    { status: 'online', follows_hours: false },
  ]);
  expect((await audited(scenario, 'availability.updated')).map(({ detail }) => detail)).toEqual([
    { follows_hours: true },
    { follows_hours: false },
  ]);
  for (const { id } of [team, late]) await scenario.api('DELETE', `/api/v1/teams/${id}`);
});

test('a program hands over to a team with a reason, which then gives it to a person', async () => {
  const team = await create({ name: 'Humans', mode: 'balanced', members: oneMember(ana, 99) });
  await be(ana, 'online');
  const phone = await written();
  const { id } = await found(phone);
  const scopes = ['messages.create', 'messages.update', 'contacts.read'];
  const { body: key } = await scenario.api('POST', '/api/v1/keys', { name: 'assistant', scopes });
  await act(id, 'assign', { api_key_id: key.id, team_id: null });
  expect(await owners(phone)).toEqual([key.id]);
  const handed = await act(id, 'assign', { team_id: team.id, reason: 'Wants an invoice.' }, scenario.as(key.key));
  expect(handed).toMatchObject({ status: 200, body: { team: { id: team.id } } });
  expect(await owners(phone)).toEqual([ana.id]);
  expect((await lines(id)).slice(0, 2)).toMatchObject([
    { reason: 'given', assignee: { id: ana.id } },
    { reason: 'Wants an invoice.', by: { id: key.id }, team: { name: 'Humans' }, former_assignee: { id: key.id } },
  ]);
  const { data } = (await scenario.api('GET', '/api/v1/events?types=conversation.assigned&limit=100')).body;
  expect(data.at(-2).data).toMatchObject({ to_team_id: team.id, from_api_key_id: key.id, to_person_id: null });
  expect(await act(id, 'assign', { team_id: 'tea_01k9m3q5w8e7taz4x2c6v0b1n5' })).toMatchObject({
    ...{ status: 400, body: { errors: [{ field: 'team_id' }] } },
  });
});
