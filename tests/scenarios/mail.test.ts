// Mail by SMTP: what arrives, and the error for each letter that does not.
import { testMailSchema } from '@recado/contract';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { smtpMailer } from '../../server/adapters/mail/index.ts';
import { audited } from '../setup/people.ts';
import { startScenario } from '../setup/scenario.ts';
import { type MailServer, startMailServer } from '../setup/smtp.ts';

let server: MailServer;
let lines: string[] = [];
beforeAll(async () => {
  server = await startMailServer();
});
afterAll(() => server.close());
beforeEach(() => {
  lines = [];
});

const log = { warn: (...said: unknown[]) => void lines.push(JSON.stringify(said)) };
const letter = { to: 'leo@example.com', subject: 'Hello', text: 'Line one.\n\n.\nA tilde: ã\n' };
const send = (url: string, more: object = {}) =>
  smtpMailer({ url, from: 'Recado <recado@example.com>' }, log).send({ ...letter, ...more });

test('a mail arrives as it was written', async () => {
  expect(await send(server.url)).toBe('sent');
  const arrived = await server.next();
  expect(arrived).toMatchObject({ to: 'leo@example.com', subject: 'Hello' });
  expect(Buffer.from(arrived.text, 'latin1').toString('utf8').replaceAll('\r\n', '\n').trim()).toBe(letter.text.trim());
  expect(lines).toEqual([]);
});

test('a subject cannot bring a header', async () => {
  await send(server.url, { subject: 'Hello\r\nBcc: eve@example.com' });
  expect((await server.next()).subject).toBe('Hello Bcc: eve@example.com');
  expect(server.said.filter(line => /^RCPT/i.test(line)).join()).not.toContain('eve');
});

test('of one that is rejected the log has the code, and not the address', async () => {
  server.refuse(true);
  expect(await send(server.url)).toBe('rejected');
  server.refuse(false);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('550');
  expect(lines[0]).not.toContain('leo');
});

test('one that is rejected for a while may be sent again', async () => {
  server.refuse('for a while');
  expect(await send(server.url)).toBe('not_now');
  server.refuse(false);
  expect(lines).toEqual([expect.stringContaining('451')]);
});

test('a server that is not there is no exception', async () => {
  const gone = await startMailServer();
  await gone.close();
  expect(await send(gone.url)).toBe('not_now');
  expect(lines[0]).toContain('a mail could not be sent');
});

test('a mail that does not come to an end is given up, though the server is never silent', async () => {
  server.dawdle(true);
  const mailer = smtpMailer({ url: server.url, from: 'recado@example.com', deadlineMs: 200 }, log);
  expect(await mailer.send(letter)).toBe('not_now');
  server.dawdle(false);
  expect(lines).toEqual([expect.stringContaining('deadline')]);
});

test('a test mail to oneself says what the mail server answered, and what to do', async () => {
  const own = await startScenario({
    env: { SMTP_URL: server.url, SMTP_FROM: 'recado@example.com', PUBLIC_URL: 'http://recado.example.com' },
  });
  try {
    const test = async () => {
      const { status, body } = await own.api('POST', '/api/v1/me/test-mail');
      expect(status).toBe(200);
      return testMailSchema.parse(body);
    };
    const { email } = (await own.api('GET', '/api/v1/me')).body.person;
    expect(await test()).toMatchObject({ sent: true, to: email, from: 'recado@example.com', error: null });
    expect((await server.next()).to).toBe(email);
    server.refuse(true);
    expect(await test()).toMatchObject({
      sent: false,
      server: new URL(server.url).host,
      error: { code: 'recipient', response: expect.stringContaining('550'), remedy: expect.stringMatching(/address/) },
    });
    server.refuse(false);
    expect((await audited(own, 'mail.tested')).map(({ detail }) => detail)).toEqual([
      { sent: true },
      { sent: false, code: 'recipient' },
    ]);
    const { body } = await own.api('POST', '/api/v1/keys', { name: 'Shop', scopes: ['messages.read'] });
    expect((await own.as(body.key)('POST', '/api/v1/me/test-mail')).status).toBe(403);
  } finally {
    await own.close();
    server.refuse(false);
  }
});

test.each([
  ['smtp://127.0.0.1:1', 'connection'],
  ['smtp://no-such-host.invalid', 'dns'],
])('%s fails as %s', async (url, code) => {
  expect(await smtpMailer({ url, from: 'recado@example.com' }, log).attempt(letter)).toMatchObject({ code });
});

test('credentials do not go to another machine without TLS', async () => {
  // A way to write 127.0.0.1 that does not look like this machine.
  const { port } = new URL(server.url);
  expect(await send(`smtp://recado:kept@127.1:${port}`)).toBe('rejected');
  expect(lines[0]).toContain('ETLS');
  expect(lines[0]).not.toContain('kept');
  expect(server.said.filter(line => /^AUTH/i.test(line))).toEqual([]);
  expect(server.said.at(-1)).toMatch(/^STARTTLS/i);
});
