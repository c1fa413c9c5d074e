// The counts by quarters of an hour are those of a recount, in any time zone, whatever becomes of messages and whenever.
import type { MessageSeries, StatisticsReport } from '@recado/contract';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newUuid, toId, toUuid } from '../../server/kit/ids.ts';
import type { Scenario } from '../setup/scenario.ts';
import { openWorkspace } from '../setup/shared-program.ts';

let scenario: Scenario;
type Conversation = Record<'id' | 'workspace_id' | 'contact_id', string>;
let conversation: Conversation;
/** The one that another turns out to be the same as. */
let other: Conversation;
beforeAll(async () => {
  scenario = await openWorkspace();
  const made = [await scenario.send(), await scenario.send()].map(({ conversation_id }) => toUuid(conversation_id));
  await scenario.settle();
  [conversation, other] = (await scenario.sql<Conversation>('select * from conversation where id = any ($1)', [
    made,
  ])) as [Conversation, Conversation];
  await scenario.sql(
    `insert into campaign (id, workspace_id, name, state, state_at, settings, account_ids, created_by, created_at, updated_at)
     select id, $1, 'Spring', 'done', now(), '{}', '{}', '{}', now(), now() from unnest($2::uuid[]) id`,
    [conversation.workspace_id, campaigns],
  );
});
afterAll(() => scenario?.close());

const quarter = 900_000;
const hour = 4 * quarter;
/** Days on which clocks change, in both directions, and one of a zone that never does. */
const days = [
  ['Asia/Kathmandu', '2026-03-10'],
  ['Pacific/Chatham', '2026-04-05'],
  ['Pacific/Chatham', '2026-09-27'],
  ['Australia/Lord_Howe', '2026-04-05'],
  ['Australia/Lord_Howe', '2026-10-04'],
  ['America/Sao_Paulo', '2018-11-04'],
  ['America/Sao_Paulo', '2019-02-17'],
] as const;

const campaigns = [newUuid(), newUuid()];
const senders = [newUuid(), newUuid()];
/** Numbers by their calling code. */
const phones: Record<string, string> = { 1: '+12025550199', 55: '+5511987650001', 977: '+9779841234567' };

interface Message {
  id: string;
  template: string | null;
  campaign: string | null;
  sender: string | null;
  country: string;
  at: number;
  direction: 'outbound' | 'inbound';
  imported: boolean;
  status: string;
  sent: boolean;
  code: string | null;
}

/** What may become of an outbound message, however late. */
const fates = {
  sent: { status: 'sent', sent: true, code: null },
  delivered: { status: 'delivered', sent: true, code: null },
  read: { status: 'read', sent: true, code: null },
  failed: { status: 'failed', sent: false, code: '131026' },
  'sent, then failed': { status: 'failed', sent: true, code: '131049' },
  'queued again': { status: 'queued', sent: false, code: null },
} as const;
type Fate = keyof typeof fates;

const change = fc.oneof(
  { weight: 4, arbitrary: fc.record({ receipt: fc.nat(), fate: fc.constantFrom(...(Object.keys(fates) as Fate[])) }) },
  { weight: 1, arbitrary: fc.record({ deleted: fc.nat() }) },
  { weight: 1, arbitrary: fc.constantFrom('fold' as const, 'merge' as const) },
);

/** How the clock of the zone shows a moment: the label of its hour or day. The offset tells apart hours that come twice. */
function labelOf(zone: string, interval: 'hour' | 'day', at: number): string {
  const format = new Intl.DateTimeFormat('en-CA', {
    ...{ timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit', hourCycle: 'h23' },
    ...(interval === 'hour' && { hour: '2-digit', timeZoneName: 'longOffset' }),
  });
  return format.format(at);
}

const empty = { outbound: 0, inbound: 0, sent: 0, delivered: 0, read: 0, failed: 0 };

/** The buckets of a range as the clock of the zone shows them, and what a person would count in each. */
function recount(messages: Message[], [zone, interval]: [string, 'hour' | 'day'], from: number, until: number) {
  const label = (at: number) => labelOf(zone, interval, at);
  let at = Math.floor(from / quarter) * quarter;
  while (label(at - quarter) === label(at)) at -= quarter;
  const buckets: MessageSeries['buckets'] = [];
  const starts: number[] = [];
  for (; at < until; at += quarter)
    if (starts.length === 0 || label(at) !== label(at - quarter)) {
      starts.push(at);
      buckets.push({ at: new Date(at).toISOString(), ...empty });
    }
  for (const message of messages) {
    if (message.imported || message.at < from || message.at >= until) continue;
    const bucket = buckets[starts.findLastIndex(start => start <= message.at)];
    if (!bucket) throw new Error('no bucket');
    if (message.direction === 'inbound') {
      bucket.inbound++;
      continue;
    }
    bucket.outbound++;
    if (message.sent) bucket.sent++;
    if (['delivered', 'read'].includes(message.status)) bucket.delivered++;
    if (message.status === 'read') bucket.read++;
    if (message.status === 'failed') bucket.failed++;
  }
  return buckets;
}

test('hours and days of a zone are a recount, over clock changes, late receipts, deletions and imports', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...days),
      fc.array(
        fc.record({
          at: fc.integer({ min: -14 * hour, max: 40 * hour }),
          direction: fc.constantFrom('outbound', 'outbound', 'inbound'),
          template: fc.constantFrom(null, 'order_ready', 'login_code'),
          campaign: fc.constantFrom(null, ...campaigns),
          sender: fc.constantFrom(null, ...senders),
          country: fc.constantFrom(...Object.keys(phones)),
        }),
        { minLength: 1, maxLength: 40 },
      ),
      fc.nat(5),
      fc.array(change, { maxLength: 12 }),
      fc.tuple(fc.integer({ min: 0, max: 119 }), fc.integer({ min: 1, max: 119 })),
      async ([zone, day], drafts, imports, changes, cut) => {
        const account = newUuid();
        const midnight = Date.parse(`${day}T00:00:00Z`);
        const messages = drafts.map(
          ({ at, ...draft }, n): Message => ({
            ...{ id: newUuid(), at: midnight + at, ...draft, imported: n < imports },
            ...(draft.direction === 'inbound' ? { status: 'received' } : { status: 'queued' }),
            ...{ sent: false, code: null },
          }),
        );
        await scenario.sql(
          `insert into message (id, workspace_id, account_id, conversation_id, contact_id, direction, address, type,
             content, status, imported, created_at, campaign_id, created_by, category)
           select u.id, $1, $2, $3, $4, u.direction, u.address, case when u.template is null then 'text' else 'template' end,
             jsonb_strip_nulls(jsonb_build_object('name', u.template)), u.status, u.imported, u.at, u.campaign, u.sender,
             case when u.template is not null then 'utility' end
           from unnest($5::uuid[], $6::text[], $7::text[], $8::boolean[], $9::timestamptz[], $10::text[], $11::uuid[],
             $12::uuid[], $13::text[]) u(id, direction, status, imported, at, template, campaign, sender, address)`,
          [
            ...[conversation.workspace_id, account, conversation.id, conversation.contact_id],
            messages.map(({ id }) => id),
            messages.map(({ direction }) => direction),
            messages.map(({ status }) => status),
            messages.map(({ imported }) => imported),
            messages.map(({ at }) => new Date(at)),
            messages.map(({ template }) => template),
            messages.map(({ campaign }) => campaign),
            messages.map(({ sender }) => sender),
            messages.map(({ country }) => phones[country]),
          ],
        );
        const present = [...messages];
        for (const next of changes)
          if (next === 'fold') await scenario.sql('select roll_up_counts()');
          else if (next === 'merge')
            await scenario.sql('update message set conversation_id = $2, contact_id = $3 where account_id = $1', [
              ...[account, other.id, other.contact_id],
            ]);
          else if ('deleted' in next) {
            const [gone] = present.splice(next.deleted % (present.length || 1), 1);
            await scenario.sql('delete from message where id = $1', [gone?.id]);
          } else {
            const out = present.filter(({ direction }) => direction === 'outbound');
            const message = out[next.receipt % (out.length || 1)];
            if (!message) continue;
            Object.assign(message, fates[next.fate]);
            await scenario.sql(
              `update message set status = $2, sent_at = case when $3 then created_at end, error_code = $4 where id = $1`,
              [message.id, message.status, message.sent, message.code],
            );
          }
        const [from, until] = [midnight - 14 * hour, midnight + 40 * hour];
        const ofAccount = `account_id=${toId('account', account)}`;
        const series = async (interval: string, from: number, until: number) => {
          const range = `from=${new Date(from).toISOString()}&until=${new Date(until).toISOString()}`;
          const path = `/api/v1/messages/statistics/series?${ofAccount}&interval=${interval}&time_zone=${zone}&${range}`;
          return (await scenario.api('GET', path)).body as MessageSeries;
        };
        const expectExact = async () => {
          for (const interval of ['hour', 'day'] as const)
            expect((await series(interval, from, until)).buckets).toEqual(
              recount(messages, [zone, interval], from, until),
            );
        };
        await expectExact();
        // Reports have the same figures, hour by hour and in all.
        const inRange = `time_zone=${zone}&from=${new Date(from).toISOString()}&until=${new Date(until).toISOString()}`;
        const report = async (grouping: string, only = `account_ids=${toId('account', account)}`) =>
          (await scenario.api('GET', `/api/v1/statistics?${inRange}&${grouping}&${only}`)).body as StatisticsReport;
        const hours = await report('group_by=hour&compare=true');
        const counted = recount(messages, [zone, 'hour'], from, until);
        expect(hours.groups).toMatchObject(counted.map(({ at, ...figures }) => ({ key: at, ...figures })));
        for (const name of ['outbound', 'inbound', 'sent', 'delivered', 'read', 'failed'] as const)
          expect([name, hours.total[name]]).toEqual([name, counted.reduce((sum, bucket) => sum + bucket[name], 0)]);
        expect(hours.previous).toMatchObject({ ...empty, delivery: { rate: null, of: 0, open: 0 } });
        expect((await report('group_by=error')).groups.map(({ key, failed }) => [key, failed]).sort()).toEqual(
          ['131026', '131049'].flatMap(code => {
            const failed = messages.filter(message => message.code === code && !message.imported).length;
            return failed > 0 ? [[code, failed]] : [];
          }),
        );
        const out = messages.filter(({ direction, imported }) => direction === 'outbound' && !imported);
        const unfolded = new Map<string, StatisticsReport['groups']>();
        for (const by of ['template', 'campaign', 'sender', 'country'] as const) {
          const keyOf = (message: Message) => {
            const key = message[by];
            return key === null || by === 'template' || by === 'country'
              ? key
              : toId(by === 'sender' ? 'person' : by, key);
          };
          const expected = [...new Set(out.map(keyOf))].map(key => {
            const mine = out.filter(message => keyOf(message) === key);
            const read = mine.filter(({ status }) => status === 'read').length;
            return [key, mine.length, mine.filter(({ sent }) => sent).length, read];
          });
          const { groups } = await report(`group_by=${by}`);
          unfolded.set(by, groups);
          const shown = groups.map(({ key, outbound, sent, read }) => [key, outbound, sent, read]);
          expect([by, new Set(shown.map(String))]).toEqual([by, new Set(expected.map(String))]);
        }
        const failed = messages.filter(({ status, imported }) => status === 'failed' && !imported);
        expect((await series('day', from, until)).by_error.reduce((sum, { failed }) => sum + failed, 0)).toBe(
          failed.length,
        );
        /** The counts of all accounts together are the sum of each. */
        const expectWhole = async () => {
          const [{ total }, { groups }] = [await report('group_by=hour', ''), await report('group_by=account', '')];
          for (const name of ['outbound', 'inbound', 'sent', 'read', 'failed'] as const)
            expect([name, total[name]]).toEqual([name, groups.reduce((sum, group) => sum + (group[name] ?? 0), 0)]);
          const mine = groups.find(({ key }) => key === toId('account', account));
          expect([mine?.outbound ?? 0, mine?.inbound ?? 0]).toEqual([hours.total.outbound, hours.total.inbound]);
        };
        await expectWhole();
        await scenario.sql('select roll_up_counts()');
        await expectExact();
        await expectWhole();
        for (const by of ['template', 'campaign', 'sender', 'country'] as const)
          expect((await report(`group_by=${by}`)).groups).toEqual(unfolded.get(by));
        // A range that cuts quarters: these are counted, without what is gone.
        const [begin, end] = [from + cut[0] * 1_000 + 7 * hour, until - cut[1] * 1_000 - 5 * hour];
        const isCut = (at: number) =>
          Math.ceil(begin / quarter) * quarter > at || Math.floor(end / quarter) * quarter <= at;
        expect((await series('hour', begin, end)).buckets).toEqual(
          recount(
            messages.filter(message => present.includes(message) || !isCut(message.at)),
            [zone, 'hour'],
            begin,
            end,
          ),
        );
      },
    ),
    { numRuns: 12 },
  );
});
