// A mention that its person has not read for 15 minutes goes out by e-mail, several in one letter.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { goodPassword, logIn, tokenOf } from '../setup/people.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { type MailServer, startMailServer } from '../setup/smtp.ts';

const minute = 60_000;
let scenario: Scenario;
let mail: MailServer;
let me: { id: string; email: string };

beforeAll(async () => {
  mail = await startMailServer();
  const env = { SMTP_URL: mail.url, SMTP_FROM: 'Recado <recado@example.com>', PUBLIC_URL: 'http://recado.example.com' };
  scenario = await startScenario({ clock: 'manual', env });
  await scenario.api('POST', '/api/v1/invitations', { email: 'leo@example.com', role: 'agent' });
  const token = tokenOf(/http\S+/.exec((await mail.next()).text)?.[0] ?? '');
  const joined = { token, name: 'Leo', password: goodPassword };
  await scenario.as(undefined)('POST', '/api/v1/invitations/accept', joined);
  mail.letters.length = 0;
  me = (await scenario.api('GET', '/api/v1/me')).body.person;
});
afterAll(async () => {
  await scenario?.close();
  await mail?.close();
});

async function conversation(phone: string): Promise<string> {
  await fetch(`${scenario.simulator.url}/phones/${phone}/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ to: scenario.account.phone_number_id, type: 'text', text: { body: 'Is it ready?' } }),
  });
  await scenario.settle();
  return (await scenario.api('GET', `/api/v1/conversations?search=${phone.slice(1)}`)).body.data[0].id;
}
const unread = async (id: string) =>
  (await scenario.api('GET', '/api/v1/me/notifications?unread=true')).body.data.find(
    (each: { conversation: { id: string } | null }) => each.conversation?.id === id,
  );
/** Leo mentions me in a note, and I am told in the app. */
async function mention(id: string) {
  const leo = scenario.as((await logIn(scenario, 'leo@example.com')).body.access_token);
  const note = await leo('POST', `/api/v1/conversations/${id}/notes`, { body: 'Who knows?', mentions: [me.id] });
  expect(note.status).toBe(201);
  await expect.poll(() => unread(id)).toMatchObject({ kind: 'mention' });
}
const pass = async (ms: number) => {
  await scenario.advance(ms);
  await scenario.settle();
};
const letters = () => mail.letters.map(({ text }) => text);

test('unread mentions go out in one letter after 15 minutes, once, and read ones in none', async () => {
  const [first, second, third] = [
    await conversation('+5511988770001'),
    await conversation('+5511988770002'),
    await conversation('+5511988770003'),
  ];
  for (const id of [first, second, third]) await mention(id);
  await scenario.api('POST', '/api/v1/me/notifications/read', { conversation_id: third });
  await pass(14 * minute);
  expect(letters()).toEqual([]);
  await pass(2 * minute);
  await expect.poll(letters).toHaveLength(1);
  const [letter] = mail.letters;
  expect(letter?.to).toContain(me.email);
  for (const part of [
    'Leo mentioned you in a note about Person 0001.',
    'Person 0002',
    'http://recado.example.com/notifications',
  ])
    expect(letter?.text).toContain(part);
  expect(letter?.text).not.toContain('Person 0003');
  // Only who mentions, and about whom: never what the note says.
  expect(letter?.text).not.toContain('Who knows?');
  await pass(5 * minute);
  expect(letters()).toHaveLength(1);
});

test('a mail server that is away is asked again; who wants no letters gets none', async () => {
  const id = await conversation('+5511988770004');
  await scenario.api('POST', '/api/v1/me/notifications/read', {});
  await mention(id);
  mail.refuse('for a while');
  const before = mail.letters.length;
  await pass(16 * minute);
  mail.refuse(false);
  await pass(6 * minute);
  await expect.poll(letters).toHaveLength(before + 1);
  const at = '/api/v1/me/notification-settings';
  expect((await scenario.api('GET', at)).body).toMatchObject({ sends_mail: true });
  expect((await scenario.api('PATCH', at, { kinds: { queue: ['email'] } })).body).toMatchObject({
    code: 'invalid_request',
  });
  await scenario.api('PATCH', at, { kinds: { mention: ['app'] } });
  await scenario.api('POST', '/api/v1/me/notifications/read', {});
  await mention(id);
  await pass(30 * minute);
  expect(letters()).toHaveLength(before + 1);
});
