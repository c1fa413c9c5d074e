// Who a message is from: by any form of a number or by the id of the channel, one contact and one conversation.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { incoming, metaPosts } from '../setup/meta-posts.ts';
import type { Scenario } from '../setup/scenario.ts';
import { openWorkspace } from '../setup/shared-program.ts';

let scenario: Scenario;
beforeAll(async () => {
  // Nothing arrives by itself: each test posts what it wants to see.
  scenario = await openWorkspace();
  scenario.simulator.setFault(() => 'answer-and-receipts-lost');
});
afterAll(() => scenario.close());

const { envelope, inboundOf, post } = metaPosts(() => scenario);

describe('messages from people', () => {
  test.each([
    ['of Mexico', '5215512345678', '+525512345678', ['+5215512345678', '+52 1 55 1234 5678', '+525512345678']],
    ['of Brazil', '551176543210', '+5511976543210', ['+551176543210', '+55 11 7654-3210', '+55 11 97654-3210']],
    ['of Argentina', '5491112345678', '+5491112345678', ['+54 11 1234-5678', '+54 9 11 1234 5678', '+5491112345678']],
    ['of Benin, before 2024', '22997123456', '+22997123456', ['+22997123456', '+229 97 12 34 56']],
    ['of Ivory Coast, before 2021', '22507010203', '+22507010203', ['+22507010203']],
  ])('Juana with a number %s is shown, found and answered by it', async (_, digits, shown, forms) => {
    await post(
      envelope({
        contacts: [{ profile: { name: `Juana ${digits}` }, wa_id: digits }],
        messages: [incoming(digits, `wamid.${digits}`)],
      }),
    );
    const { body: found } = await scenario.api('GET', `/api/v1/contacts?search=${digits}`);
    expect(found.data).toMatchObject([{ name: `Juana ${digits}`, phone: shown }]);
    const contact = found.data[0].id;
    const [received] = (await scenario.api('GET', `/api/v1/messages?contact_id=${contact}`)).body.data;
    expect(received.from).toBe(shown);
    for (const form of forms) {
      const escaped = encodeURIComponent(form);
      for (const query of [`phone=${escaped}`, `search=${escaped}`])
        expect((await scenario.api('GET', `/api/v1/contacts?${query}`)).body.data).toMatchObject([{ id: contact }]);
      const body = { account_id: scenario.account.id, to: form, type: 'text', text: { body: 'Hola' } };
      const answered = await scenario.api('POST', '/api/v1/messages', body);
      expect(answered).toMatchObject({ status: 202, body: { to: shown, conversation_id: received.conversation_id } });
      const taken = await scenario.api('POST', '/api/v1/contacts', { phone: form });
      expect(taken).toMatchObject({ status: 409, body: { code: 'phone_taken' } });
    }
    const listed = await scenario.api('GET', `/api/v1/messages?contact_id=${contact}`);
    expect(listed.body.data).toHaveLength(1 + forms.length);
  });

  test('a number that no country has, and that nobody wrote from, is rejected', async () => {
    const body = { account_id: scenario.account.id, to: '+22997123457', type: 'text', text: { body: 'Hola' } };
    const refused = await scenario.api('POST', '/api/v1/messages', body);
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ field: 'to' }] } });
  });

  test('a person whose number Meta does not show is a contact without a phone', async () => {
    await post(
      envelope({
        contacts: [{ profile: { name: 'No Number' }, user_id: 'US.13491208655302741918' }],
        messages: [incoming('', 'wamid.bsuid', { from: undefined, from_user_id: 'US.13491208655302741918' })],
      }),
    );
    const contact = (await scenario.api('GET', '/api/v1/contacts?search=No%20Number')).body.data[0];
    expect(contact).toMatchObject({ phone: null, unread_count: 1 });
    const [message] = (await scenario.api('GET', `/api/v1/messages?contact_id=${contact.id}`)).body.data;
    expect(message).toMatchObject({ from: null, to: scenario.account.phone });
    expect(await scenario.message(message.id)).toMatchObject({ from: null });
  });

  describe('a person who is', () => {
    let last = 33_600_000_600;
    const person = () => ({ phone: String(++last), user: `US.${last}` });
    type Person = ReturnType<typeof person>;
    const both = ({ phone, user }: Person) => incoming(phone, `wamid.${randomUUID()}`, { from_user_id: user });
    const shown = ({ phone }: Person) => incoming(phone, `wamid.${randomUUID()}`);
    const hidden = ({ user }: Person) => incoming('', `wamid.${randomUUID()}`, { from: undefined, from_user_id: user });
    /** Their messages by contact: where they came from, the oldest first. */
    const heard = async ({ phone, user }: Person) => {
      const rows = await scenario.sql<{ contact_id: string; conversations: number; from: string[] }>(
        `select contact_id, count(distinct conversation_id)::int as conversations, array_agg(address order by seq) as from
         from message where address in ('+' || $1, $2) group by 1 order by min(seq)`,
        [phone, user],
      );
      return rows.map(({ conversations, from }) => ({ conversations, from }));
    };

    test.each<[string, ((each: Person) => object)[][]]>([
      ['known by both, and hides the number', [[both], [hidden], [both]]],
      ['known by the number, then by both, and hides it', [[shown], [both], [hidden]]],
      ['known without a number, and shows it', [[hidden], [both], [shown], [hidden]]],
      ['new by both, in one webhook', [[hidden, both, shown]]],
    ])('%s: one contact, one conversation', async (_, posts) => {
      const each = person();
      for (const messages of posts) await post(envelope({ messages: messages.map(made => made(each)) }));
      const from = posts.flat().map(made => (made === hidden ? each.user : `+${each.phone}`));
      expect(await heard(each)).toEqual([{ conversations: 1, from }]);
      const { contact } = await inboundOf(each.phone);
      expect(contact).toMatchObject({ phone: `+${each.phone}`, message_counts: { inbound: from.length } });
    });

    test('two contacts already becomes one', async () => {
      const each = person();
      for (const made of [shown, hidden, both]) await post(envelope({ messages: [made(each)] }));
      await scenario.recado.sweeper?.sweep();
      await post(envelope({ messages: [hidden(each)] }));
      const from = [`+${each.phone}`, each.user, `+${each.phone}`, each.user];
      expect(await heard(each)).toEqual([{ conversations: 1, from }]);
    });

    test('known by another number too is another contact', async () => {
      const each = person();
      const moved = { ...person(), user: each.user };
      for (const [who, made] of [
        [each, both],
        [moved, both],
        [moved, hidden],
      ] as const)
        await post(envelope({ messages: [made(who)] }));
      expect((await inboundOf(each.phone)).messages).toHaveLength(2);
      expect((await inboundOf(moved.phone)).messages).toHaveLength(1);
    });

    test('deleted is a new contact by either', async () => {
      const each = person();
      await post(envelope({ messages: [both(each)] }));
      const { contact } = await inboundOf(each.phone);
      expect((await scenario.api('DELETE', `/api/v1/contacts/${contact.id}`)).status).toBe(204);
      await post(envelope({ messages: [hidden(each)] }));
      await post(envelope({ messages: [both(each)] }));
      expect((await inboundOf(each.phone)).messages).toHaveLength(2);
    });
  });
});
