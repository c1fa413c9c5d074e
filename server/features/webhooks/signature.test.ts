// Signatures, checked by the package of Standard Webhooks.
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { newSecret, signedHeaders } from './signature.ts';

const body = '{"text":"é 👋"}';
const now = () => Math.floor(Date.now() / 1000);

test('a receiver with any of the secrets accepts the body, and nobody else', () => {
  const [current, former, other] = [newSecret(), newSecret(), newSecret()];
  const headers = signedHeaders([current, former], 'evt_1', now(), body);
  for (const secret of [current, former]) expect(new Webhook(secret).verify(body, headers)).toEqual({ text: 'é 👋' });
  expect(() => new Webhook(other).verify(body, headers)).toThrow('No matching signature');
});

test('a changed body, id or time is rejected', () => {
  const secret = newSecret();
  const headers = signedHeaders([secret], 'evt_1', now(), body);
  const webhook = new Webhook(secret);
  expect(() => webhook.verify(`${body} `, headers)).toThrow();
  expect(() => webhook.verify(body, { ...headers, 'webhook-id': 'evt_2' })).toThrow();
  expect(() => webhook.verify(body, { ...headers, 'webhook-timestamp': String(now() + 1) })).toThrow();
  expect(() => webhook.verify(body, signedHeaders([secret], 'evt_1', now() - 3600, body))).toThrow('too old');
});

test('a secret has 24 to 64 random bytes', () => {
  const secret = newSecret();
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]+=*$/);
  const { length } = Buffer.from(secret.slice(6), 'base64');
  expect(length >= 24 && length <= 64).toBe(true);
  expect(newSecret()).not.toBe(secret);
});
