// Reading JSON of which nothing is promised.
import { storableText } from '../../../kit/text/storable.ts';

/** The value as an object; undefined for anything else, arrays included. */
export const asRecord = (value: unknown): Record<string, unknown> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;

/** The value as a list; an empty one for anything else. */
export const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** The value as a text that is not empty; numbers are written out, as some senders give ids as numbers. */
export function asString(value: unknown): string | undefined {
  if (typeof value === 'string' && value !== '') return value;
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : undefined;
}

/** The same value, all texts of it such that they can be stored. */
export function storable(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value);
  if (Array.isArray(value)) return value.map(storable);
  const record = asRecord(value);
  if (!record) return value;
  return Object.fromEntries(Object.entries(record).map(([key, item]) => [storable(key), storable(item)]));
}

/**
 * The value of a JSON text as it can be stored; undefined where it is no JSON. As webhooks are read: an outcome in words that
 * the database cannot hold could not be recorded at all.
 */
export function storableJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    // Bytes that were decoded have no halves of pairs, and JSON takes U+0000 only escaped.
    return text.includes('\\u') ? storable(value) : value;
  } catch {
    return undefined;
  }
}
