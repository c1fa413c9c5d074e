// Verifies a webhook by the rules of Standard Webhooks 1.0 (https://www.standardwebhooks.com).
import { WebhookVerificationError } from './errors.ts';
import type { RecadoEvent } from './generated/types.ts';

/** The headers of the request, as `fetch`, Node.js or a framework have them. */
export type WebhookHeaders =
  | { get(name: string): string | null }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

export interface VerifyOptions {
  /** How many seconds the webhook may be old, or from the future. Default: 300. */
  tolerance?: number | undefined;
  /** The present time in milliseconds. Default: `Date.now()`. */
  now?: number | undefined;
}

/**
 * Verifies the signature and the time of a webhook, and returns its event.
 *
 * The `webhook-id` is the id of the event: remember it, because Recado may deliver an event more than once.
 * @param body the body exactly as it came, before any JSON parser
 * @param secret the secret of the endpoint (`whsec_…`), or several during a rotation
 * @throws WebhookVerificationError if the webhook must not be trusted
 * @example const event = await verifyWebhook(await request.text(), request.headers, secret);
 */
export async function verifyWebhook(
  body: string | Uint8Array,
  headers: WebhookHeaders,
  secret: string | readonly string[],
  { tolerance = 300, now = Date.now() }: VerifyOptions = {},
): Promise<RecadoEvent> {
  const id = headerOf(headers, 'webhook-id');
  const timestamp = headerOf(headers, 'webhook-timestamp');
  const signatures = headerOf(headers, 'webhook-signature');
  if (!id || !timestamp || !signatures) throw new WebhookVerificationError('headers_missing');
  if (!/^\d{1,15}$/.test(timestamp)) throw new WebhookVerificationError('timestamp_invalid');
  const age = Math.floor(now / 1_000) - Number(timestamp);
  if (age > tolerance) throw new WebhookVerificationError('timestamp_too_old');
  if (age < -tolerance) throw new WebhookVerificationError('timestamp_too_new');
  const encoder = new TextEncoder();
  const bytes = typeof body === 'string' ? encoder.encode(body) : body;
  const signed = concat(encoder.encode(`${id}.${timestamp}.`), bytes);
  const given = signatures.split(' ').flatMap(each => (each.startsWith('v1,') ? (decode(each.slice(3)) ?? []) : []));
  let isValid = false;
  // `verify` compares in constant time.
  for (const key of await Promise.all([secret].flat().map(importSecret)))
    for (const signature of given) if (await crypto.subtle.verify('HMAC', key, signature, signed)) isValid = true;
  if (!isValid) throw new WebhookVerificationError('signature_invalid');
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as RecadoEvent;
  } catch (error) {
    throw new WebhookVerificationError('body_invalid', error);
  }
}

function headerOf(headers: WebhookHeaders, name: string): string | undefined {
  if (typeof headers.get === 'function') return headers.get(name) ?? undefined;
  for (const [key, value] of Object.entries(headers))
    if (key.toLowerCase() === name && value !== undefined) return typeof value === 'string' ? value : value[0];
  return undefined;
}

async function importSecret(secret: string) {
  const bytes = decode(secret.replace(/^whsec_/, ''));
  if (!bytes || bytes.length === 0) throw new TypeError('The secret of the endpoint must be like whsec_….');
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
}

/** The bytes of a base64 text; undefined if it is none. */
function decode(base64: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function concat(head: Uint8Array, tail: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(head.length + tail.length);
  whole.set(head);
  whole.set(tail, head.length);
  return whole;
}
