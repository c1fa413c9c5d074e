// Webhooks that the client verifies, against the package of the standard.
import type { IncomingHttpHeaders } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { verifyWebhook, type WebhookHeaders, WebhookVerificationError } from '../../sdk/index.ts';

const secret = `whsec_${Buffer.from('a secret of more than 24 bytes').toString('base64')}`;
const other = `whsec_${Buffer.from('another secret with enough bytes').toString('base64')}`;
const at = new Date('2026-11-01T04:00:00Z');
const now = at.getTime();
const id = 'evt_01k9m3q5w8e7taz4x2c6v0b1n3';
const event = { id, type: 'contact.created', data: { contact_id: 'con_1', name: 'João ✓' } };
const body = JSON.stringify(event);

const headersOf = (signature = new Webhook(secret).sign(id, at, body)) => ({
  'webhook-id': id,
  'webhook-timestamp': String(now / 1_000),
  'webhook-signature': signature,
});

const codeOf = (headers: WebhookHeaders, given: string = body, options: { now?: number } = { now }) =>
  verifyWebhook(given, headers, secret, options).then(
    () => 'valid',
    error => (error instanceof WebhookVerificationError ? error.code : Promise.reject(error)),
  );

test('what the package of the standard signs is valid, in every form', async () => {
  const headers = headersOf();
  expect(await verifyWebhook(body, headers, secret, { now })).toEqual(event);
  expect(await verifyWebhook(Buffer.from(body), new Headers(headers), secret, { now })).toEqual(event);
  expect(await verifyWebhook(body, headers, secret.slice('whsec_'.length), { now })).toEqual(event);
  const node: IncomingHttpHeaders = { 'Webhook-Id': id, 'WEBHOOK-TIMESTAMP': headers['webhook-timestamp'] };
  expect(await codeOf({ ...node, 'webhook-signature': [headers['webhook-signature']] })).toBe('valid');
});

describe('a rotation', () => {
  const [old, next] = [secret, other].map(each => new Webhook(each).sign(id, at, body));

  test('has a signature of each secret, and the receiver one or both secrets', async () => {
    for (const signatures of [`${old} ${next}`, `${next} ${old}`, `v1a,xyz ${old}`, `v1,%% ${old}`])
      expect(await codeOf(headersOf(signatures))).toBe('valid');
    expect(await verifyWebhook(body, headersOf(next), [secret, other], { now })).toEqual(event);
  });

  test('rejects signatures of other secrets and other versions', async () => {
    for (const signatures of [`${next}`, `${old?.replace('v1,', 'v2,')}`, 'v1,', 'v1', `${next} ${next}`])
      expect(await codeOf(headersOf(signatures))).toBe('signature_invalid');
  });
});

test('a change of one byte is not valid, as for the package of the standard', async () => {
  const headers = headersOf();
  for (let place = 0; place < body.length; place += 7) {
    const changed = `${body.slice(0, place)}~${body.slice(place + 1)}`;
    expect(await codeOf(headers, changed)).toBe('signature_invalid');
  }
  expect(await codeOf({ ...headers, 'webhook-id': `${id}x` })).toBe('signature_invalid');
  expect(await codeOf({ ...headers, 'webhook-timestamp': String(now / 1_000 + 1) })).toBe('signature_invalid');
});

test('five minutes are the limit in both directions, unless the caller says otherwise', async () => {
  const headers = headersOf();
  for (const seconds of [-300, 0, 300])
    expect(await codeOf(headers, body, { now: now + seconds * 1_000 })).toBe('valid');
  expect(await codeOf(headers, body, { now: now + 301_000 })).toBe('timestamp_too_old');
  expect(await codeOf(headers, body, { now: now - 301_000 })).toBe('timestamp_too_new');
  expect(await verifyWebhook(body, headers, secret, { now: now + 900_000, tolerance: 900 })).toEqual(event);
  // Without `now` it is the present.
  expect(await codeOf(headers, body, {})).not.toBe('valid');
});

test('what is missing or broken has a code', async () => {
  const headers = headersOf();
  for (const name of Object.keys(headers))
    expect(await codeOf({ ...headers, [name]: undefined })).toBe('headers_missing');
  expect(await codeOf({ ...headers, 'webhook-timestamp': 'soon' })).toBe('timestamp_invalid');
  const text = 'no JSON';
  expect(await codeOf(headersOf(new Webhook(secret).sign(id, at, text)), text)).toBe('body_invalid');
  await expect(verifyWebhook(body, headers, '', { now })).rejects.toThrow('must be like whsec_');
  await expect(verifyWebhook(body, headers, 'not base64!', { now })).rejects.toThrow(TypeError);
});
