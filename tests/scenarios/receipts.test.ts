// What receipts make of a message, once or often, in any order, early, or of another account.
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toUuid } from '../../server/kit/ids.ts';
import { metaPosts, status } from '../setup/meta-posts.ts';
import type { Scenario } from '../setup/scenario.ts';
import { openWorkspace } from '../setup/shared-program.ts';

let scenario: Scenario;
let numberId: string;
beforeAll(async () => {
  // Nothing arrives by itself: each test posts what it wants to see.
  scenario = await openWorkspace();
  scenario.simulator.setFault(() => 'answer-and-receipts-lost');
  numberId = scenario.account.phone_number_id;
});
afterAll(() => scenario.close());

const { envelope, path, post, sentIntoTheDark, sign } = metaPosts(() => scenario);

describe('receipts', () => {
  const row = (id: string) =>
    scenario.sql(
      `select m.status, m.sent_at, m.delivered_at, m.read_at, m.played_at, m.failed_at is null as never_failed, m.error_code, m.error_title, m.channel_message_id = $2 as ours
       from message m where m.created_at = (select created_at from message where id = (select message_id from attempt where token = $1))
         and m.id = (select message_id from attempt where token = $1)`,
      [id, ''],
    );

  test('in any order and any number they give the same message', async () => {
    const names = ['sent', 'delivered', 'read', 'played', 'failed'];
    const outcome = async (receipts: string[], batches: boolean) => {
      const message = await sentIntoTheDark();
      const items = receipts.map(name => status(message, name));
      if (batches) await post(envelope({ statuses: items }));
      else for (const item of items) await post(envelope({ statuses: [item] }));
      const [stored] = await row(message.token);
      const shown = await scenario.message(message.id);
      return {
        ...stored,
        ours: undefined,
        status: shown.status,
        attempt: shown.attempts[0].status,
        id: shown.channel_message_id === message.wamid,
      };
    };
    const strip = ({
      sent_at: sent,
      delivered_at: delivered,
      read_at: read,
      played_at: played,
      ...rest
    }: Record<string, unknown>) => ({
      ...rest,
      has: [sent, delivered, read, played].map(time => time !== null),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.constantFrom(...names), { minLength: 1 }).chain(set =>
          fc.record({
            set: fc.constant(set),
            shuffled: fc.shuffledSubarray(set, { minLength: set.length }),
            more: fc.array(fc.constantFrom(...set), { maxLength: 4 }),
            batches: fc.boolean(),
          }),
        ),
        async ({ set, shuffled, more, batches }) => {
          const sorted = names.filter(name => set.includes(name));
          const [inOrder, asDrawn] = await Promise.all([
            outcome(sorted, false),
            outcome([...more, ...shuffled, ...more], batches),
          ]);
          expect(strip(asDrawn)).toEqual(strip(inOrder));
        },
      ),
      { numRuns: 25 },
    );
  });

  test.each([
    [['sent', 'failed'], 'failed'],
    [['failed', 'sent'], 'failed'],
    [['failed', 'delivered'], 'delivered'],
    [['read', 'failed'], 'read'],
    [['read'], 'read'],
  ])('%j ends as %s', async (names, end) => {
    const message = await sentIntoTheDark();
    for (const name of names) await post(envelope({ statuses: [status(message, name)] }));
    const shown = await scenario.message(message.id);
    expect(shown.status).toBe(end);
    if (end === 'failed') expect(shown.error).toMatchObject({ code: '131026', title: 'Message undeliverable' });
    else expect(shown).toMatchObject({ error: null, delivered_at: expect.any(String), sent_at: expect.any(String) });
  });

  test('those that come before we know the channel’s id, without an echo, wait for it', async () => {
    scenario.simulator.setFault(() => 'slow-answer');
    const wamids: string[] = [];
    try {
      const { id } = await scenario.send('+33612999001');
      // The call is at work; its answer will bring this id.
      while (wamids.length === 0) {
        wamids.push(
          ...scenario.simulator.ledger
            .entries()
            .filter(entry => entry.to === '33612999001')
            .map(entry => entry.wamid),
        );
        await new Promise(resolve => setImmediate(resolve));
      }
      const raw = JSON.stringify(
        envelope({ statuses: [status({ token: 'somebody else’s', wamid: wamids[0] ?? '' }, 'delivered')] }),
      );
      expect((await scenario.as(undefined)('POST', path, raw, { 'x-hub-signature-256': sign(raw) })).status).toBe(200);
      await scenario.settle();
      expect(['delivered', 'read']).toContain((await scenario.message(id)).status);
      expect(
        (await scenario.sql('select * from orphan_receipt where channel_message_id = $1', [wamids[0]])).length,
      ).toBe(0);
    } finally {
      scenario.simulator.setFault(() => 'answer-and-receipts-lost');
    }
  });

  test('an echo finds the message of a deleted account whose number another workspace has now', async () => {
    const before = (await scenario.api('POST', '/api/v1/accounts', { name: 'Before', channel: 'sandbox' })).body;
    const text = { account_id: before.id, to: '+33612340001', type: 'text', text: { body: 'Hello' } };
    const { id } = (await scenario.api('POST', '/api/v1/messages', text)).body;
    await scenario.recado.engine.idle();
    const [attempt] = await scenario.sql<{ token: string }>('select token from attempt where message_id = $1', [
      toUuid(id),
    ]);
    expect((await scenario.api('DELETE', `/api/v1/accounts/${before.id}`)).status).toBe(204);
    const after = await scenario.stranger();
    // The Sandbox makes its numbers up, so that nobody can ask for this one.
    await scenario.sql('update account set phone_number_id = $1 where id = $2', [
      before.phone_number_id,
      toUuid(after.account.id),
    ]);
    const theirs = (await after.api('GET', '/api/v1/messages')).body;
    const metadata = { display_phone_number: '1', phone_number_id: before.phone_number_id };
    const message = { token: attempt?.token ?? '', wamid: `wamid.${randomUUID()}` };
    await post(envelope({ metadata, statuses: [status(message, 'delivered')] }));
    expect(await scenario.message(id)).toMatchObject({ status: 'delivered', channel_message_id: message.wamid });
    const parked = () => scenario.sql('select 1 from orphan_receipt where channel_message_id = $1', [message.wamid]);
    expect(await parked()).toEqual([]);
    expect((await after.api('GET', '/api/v1/messages')).body).toEqual(theirs);
    expect((await after.api('GET', `/api/v1/messages/${id}`)).status).toBe(404);
    // Without our token the receipt has only the channel's id, and applies to the number's current account.
    await post(envelope({ metadata, statuses: [status({ ...message, token: '' }, 'read')] }));
    expect((await scenario.message(id)).status).toBe('delivered');
    expect(await parked()).toHaveLength(1);
  });

  test('an echo of another account’s token has no effect', async () => {
    const message = await sentIntoTheDark();
    const other = (await scenario.api('POST', '/api/v1/accounts', { name: 'Other', channel: 'sandbox' })).body;
    const raw = JSON.stringify(envelope({ statuses: [status(message, 'read')] })).replaceAll(
      numberId,
      other.phone_number_id,
    );
    await post(raw);
    expect((await scenario.message(message.id)).status).toBe('unknown');
  });
});
