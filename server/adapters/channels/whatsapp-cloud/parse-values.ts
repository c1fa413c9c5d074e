// Reads single values of Meta's webhooks: ids, times, numbers and errors.
import { createHash } from 'node:crypto';
import type { UnreadableItem } from '../../../ports/channel.ts';
import { asRecord, asString } from '../json.ts';

export type Json = Record<string, unknown>;

/** An item that cannot be applied, with the reason. */
export const unreadable = (
  code: UnreadableItem['code'],
  reason: string,
  item: unknown,
  numberId?: string | undefined,
): UnreadableItem => ({ kind: 'unreadable', code, reason, item, numberId });

/** Whether the value is absent: missing as in Meta's own webhooks, or null or empty as some relays send it. */
export const isAbsent = (value: unknown) => value === undefined || value === null || value === '';

/** A text that must be there. @throws if it is missing or too long for an index */
export function required(value: unknown, name: string): string {
  const text = asString(value);
  if (text === undefined) throw new Error(`no ${name}`);
  // Bytes, because indexes limit bytes.
  if (Buffer.byteLength(text) > 500) throw new Error(`${name} is too long`);
  return text;
}

/** A time in seconds since 1970. @throws if it is none */
export function timeOf(value: unknown): Date {
  const seconds = Number(asString(value));
  if (!Number.isFinite(seconds) || seconds <= 0 || seconds > 253_402_300_799)
    throw new Error('timestamp is not a time');
  return new Date(seconds * 1000);
}

export const sha256 = (told: unknown[]): Buffer => createHash('sha256').update(JSON.stringify(told)).digest();

/** Meta's code of an error. */
export const codeOf = (error: Json | undefined): string =>
  (asString(error?.code) ?? 'unspecified').slice(0, 50).toWellFormed();

/** Meta's text of an error. */
export const wordsOf = (error: Json | undefined): string =>
  (
    asString(asRecord(error?.error_data)?.details) ??
    asString(error?.message) ??
    asString(error?.title) ??
    'The channel gave no reason.'
  )
    .slice(0, 500)
    .toWellFormed();
