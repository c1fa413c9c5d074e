// Who takes part in a schedule: accounts with their budgets, and the messages that clients wish to send.
import { createAccount, sandboxBusiness } from '../../server/features/accounts/index.ts';
import { insertTemplate } from '../../server/features/templates/store.ts';
import { sql } from '../../server/kit/db/sql.ts';
import { newUuid, toId } from '../../server/kit/ids.ts';
import type { Random } from '../faults/random.ts';
import type { Environment } from './environment.ts';
import type { Account, Profile, SendRequest, Template, Term } from './played.ts';
import type { World } from './world.ts';

/** The channel of all accounts. */
export const served = 'sandbox';
export const fileSize = 1_000;
/** The user id of the person of a number. */
export const userIdOf = (phone: string): string => `FR.${phone.slice(1)}`;
/** The person of an address. */
export const personOf = (address: string): string => people.find(person => userIdOf(person) === address) ?? address;
export const people = ['+33612000001', '+33612000002', '+33612000003'];

/** Zones without summer time, and by how many hours their clocks are ahead of UTC. */
export const zones: Record<string, number> = {
  UTC: 0,
  'Asia/Tokyo': 9,
  'America/Phoenix': -7,
  'Pacific/Kiritimati': 14,
};

/** They leave hours of the day, as what waits for their end is looked at hours apart. */
const quietHours = [
  { from: '08:30', until: '09:02' },
  { from: '09:01', until: '09:10' },
  { from: '09:03', until: '12:00' },
  { from: '18:00', until: '09:05' },
];

const mostFields = 2;

type Field = Exclude<keyof Term, 'before' | 'afterEvent'>;

/** How each setting is drawn; a schedule begins at nine by the clock of UTC. */
const draws: { [Name in Field]: (random: Random) => Term[Name] } = {
  rate: random => ({ messages: random.whole(1, 4), seconds: random.pick([1, 5, 20]) }),
  recipient: random => (random.chance(0.4) ? { burst: random.whole(1, 2), seconds: random.pick([2, 6]) } : null),
  perDay: random => (random.chance(0.2) ? random.whole(2, 4) : null),
  newPerDay: random => (random.chance(0.5) ? random.whole(1, 2) : null),
  onUnknown: random => random.weighted({ hold: 2, retry: 1, fail: 1 }),
  windowSeconds: random => random.pick([10, 60]),
  quiet: random => (random.chance(0.5) ? random.pick(quietHours) : null),
  zone: random => random.pick(Object.keys(zones)),
};

/** A change of a few settings, and those. */
export function drawTerm(random: Random, last: Term): { term: Term; fields: Field[] } {
  const names = Object.keys(draws) as Field[];
  const fields = [...new Set(Array.from({ length: random.whole(1, mostFields) }, () => random.pick(names)))];
  const drawn = Object.fromEntries(fields.map(field => [field, draws[field](random)]));
  return { term: { ...last, ...drawn }, fields };
}

/** These settings, as the API takes them. */
export function settingsOf(term: Term, fields: Field[]) {
  const given = (field: Field) => fields.includes(field);
  return {
    ...(given('zone') && { time_zone: term.zone }),
    limits: {
      ...(given('rate') && { rate: term.rate }),
      ...(given('recipient') && { recipient: term.recipient }),
      ...(given('perDay') && { per_day: term.perDay }),
      ...(given('newPerDay') && { new_conversations_per_day: term.newPerDay }),
      ...(given('quiet') && { quiet_hours: term.quiet }),
    },
    delivery: {
      ...(given('onUnknown') && { on_unknown: term.onUnknown }),
      ...(given('windowSeconds') && { unknown_window_seconds: term.windowSeconds }),
    },
  };
}

/** The settings that an account begins with. */
function firstTerm(random: Random, { calm, halting, doubting, meddled, merging }: Profile): Term {
  const rate = halting
    ? random.pick([
        { messages: 1, seconds: 20 },
        { messages: 4, seconds: 1 },
      ])
    : {
        ...draws.rate(random),
        ...(calm && random.chance(0.5) && { messages: 1 }),
        ...(doubting && { messages: 4 }),
      };
  return {
    before: new Set(),
    afterEvent: 0,
    rate,
    // Two conversations that become one have had a bucket each.
    recipient: calm || doubting || merging ? null : draws.recipient(random),
    perDay: doubting ? null : draws.perDay(random),
    newPerDay: meddled ? draws.newPerDay(random) : null,
    onUnknown: halting || doubting ? 'retry' : draws.onUnknown(random),
    windowSeconds: halting || doubting ? 10 : draws.windowSeconds(random),
    quiet: meddled ? draws.quiet(random) : null,
    zone: 'UTC',
  };
}

/** Makes the accounts of a schedule in the database. */
export async function makeAccounts(
  random: Random,
  world: World,
  environment: Environment,
  profile: Profile,
): Promise<Account[]> {
  const { calm, halting, doubting, windowed, templated } = profile;
  const accounts: Account[] = [];
  for (let place = calm || halting || doubting ? 1 : random.whole(1, 2); place > 0; place--) {
    const term = firstTerm(random, profile);
    const onWindowClosed = windowed ? random.weighted({ hold: 3, reject: 1 }) : 'reject';
    const { limits, delivery } = settingsOf(term, Object.keys(draws) as Field[]);
    // Ids begin with the millisecond, and the second account is to come after the first in every order.
    for (const before = Date.now(); accounts.length > 0 && Date.now() === before; ) await world.settled();
    const { id: uuid } = await createAccount(
      world.database,
      environment.workspaceId,
      {
        name: `Account of ${place}`,
        channel: served,
        limits: {
          ...limits,
          jitter_ms: random.chance(0.2) ? 500 : 0,
          concurrency: calm || doubting ? 4 : random.whole(1, 4),
          on_limit: random.pick(['hold', 'reject'] as const),
        },
        delivery: {
          ...delivery,
          retry: { attempts: 3, delay_ms: 2_000 },
          on_window_closed: onWindowClosed,
          ...(templated && { on_template_paused: random.weighted({ hold: 4, fail: 1 }) }),
        },
      },
      { absenceOf: () => undefined, runHook: async () => {} },
    );
    const [row] = await world.database.query<{ phone_number_id: string }>(
      sql`select phone_number_id from account where id = ${uuid}`,
    );
    accounts.push({
      id: toId('account', uuid),
      numberId: row?.phone_number_id ?? '',
      onWindowClosed,
      terms: [term],
      paused: undefined,
      deleted: undefined,
      endangered: false,
      isPurged: false,
    });
  }
  return accounts;
}

/** Stores the templates that messages may use, of each category one. */
export async function makeTemplates(world: World, { workspaceId }: Environment): Promise<Template[]> {
  const templates: Template[] = [];
  for (const [name, category] of [
    ['notice', 'UTILITY'],
    ['offer', 'MARKETING'],
  ] as const) {
    // They are looked through in the order of their ids, which begin with the millisecond.
    for (const before = Date.now(); templates.length > 0 && Date.now() === before; ) await world.settled();
    const template = {
      channelId: undefined,
      name,
      language: 'en',
      category,
      status: 'APPROVED',
      reason: undefined,
      quality: undefined,
      parameterFormat: 'positional' as const,
      components: [{ type: 'BODY', text: 'hello' }],
    };
    const business = sandboxBusiness(workspaceId);
    const id = await insertTemplate(world.database, workspaceId, business, template, new Date(world.now()));
    if (id !== undefined) templates.push({ id, workspaceId, name });
  }
  return templates;
}

/** Stores the files that messages may carry, and gives their ids. */
export async function makeFiles(world: World, { workspaceId }: Environment): Promise<string[]> {
  const ids: string[] = [];
  for (const sha256 of ['one', 'other']) {
    const id = newUuid();
    const now = new Date(world.now());
    await world.database.query(sql`
      insert into media_content (workspace_id, sha256, store, size, mime_type, stored_at)
        values (${workspaceId}, ${`${sha256} ${id}`}, 'disk', ${fileSize}, 'image/png', ${now})`);
    await world.database.query(sql`
      insert into media (id, workspace_id, direction, status, kind, sha256, size, mime_type, created_at, stored_at)
        values (${id}, ${workspaceId}, 'uploaded', 'stored', 'image', ${`${sha256} ${id}`}, ${fileSize}, 'image/png', ${now}, ${now})`);
    ids.push(toId('media', id));
  }
  return ids;
}

let keys = 0;

/** Draws a message that a client will ask to send. */
export function drawRequest(
  random: Random,
  {
    accounts,
    files,
    people: some,
    calm,
    windowed = false,
    templates = [],
    merging = false,
    now,
  }: {
    accounts: Account[];
    files: string[];
    people: string[];
    calm: boolean;
    windowed?: boolean;
    templates?: Template[];
    merging?: boolean;
    now: number;
  },
): SendRequest {
  const account = random.pick(accounts);
  const onUnknown = random.chance(0.2) ? random.pick(['hold', 'retry', 'fail'] as const) : undefined;
  return {
    key: `key ${++keys} ${newUuid()}`,
    account,
    body: {
      account_id: account.id,
      ...(merging && random.chance(0.5) ? { user_id: userIdOf(random.pick(some)) } : { to: random.pick(some) }),
      ...(templates.length > 0 && random.chance(0.6)
        ? { type: 'template', template: { name: random.pick(templates).name, language: { code: 'en' } } }
        : files.length > 0 && random.chance(0.5)
          ? { type: 'image', image: { id: random.pick(files) } }
          : { type: 'text', text: { body: 'hello' } }),
      priority: random.weighted({ high: 1, normal: 3, low: 1 }),
      ...(onUnknown && { on_unknown: onUnknown }),
      ...(windowed && random.chance(0.2) && { on_window_closed: random.pick(['hold', 'send'] as const) }),
      ...(!calm &&
        random.chance(windowed ? 0.3 : 0.1) && { send_at: new Date(now + random.whole(1, 120) * 1_000).toISOString() }),
      // Some so short that it ends between a claim and its call.
      ...(!calm &&
        random.chance(0.15) && { valid_for_seconds: random.chance(0.5) ? random.whole(1, 9) : random.whole(10, 120) }),
    },
    id: undefined,
    refused: undefined,
    at: undefined,
    cancelled: false,
    isCancelAsked: false,
    isRetriedByName: false,
  };
}
