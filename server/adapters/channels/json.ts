// Reads untrusted JSON.
import { storableText } from '../../kit/text/storable.ts';

/** The value as an object; undefined for anything else, including arrays. */
export const asRecord = (value: unknown): Record<string, unknown> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;

/** The value as an array; empty for anything else. */
export const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** The value as a non-empty string. Numbers become strings, because some senders write ids as numbers. */
export function asString(value: unknown): string | undefined {
  if (typeof value === 'string' && value !== '') return value;
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : undefined;
}

/** The same value with all strings made storable. */
export function storable(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value);
  if (Array.isArray(value)) return value.map(storable);
  const record = asRecord(value);
  if (!record) return value;
  return Object.fromEntries(Object.entries(record).map(([key, item]) => [storable(key), storable(item)]));
}

/**
 * Parses JSON into a storable value; undefined if it is not JSON. An outcome with text that PostgreSQL cannot store
 * could not be recorded at all.
 */
export function storableJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    // Decoded UTF-8 has no lone surrogates, and JSON allows U+0000 only as an escape.
    return text.includes('\\u') ? storable(value) : value;
  } catch {
    return undefined;
  }
}
