// Content of which the channel decides the form: read carefully, as anything may be missing.

type Loose = Record<string, unknown>;

export const asRecord = (value: unknown): Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Loose) : {};

export const asRecords = (value: unknown): Loose[] => (Array.isArray(value) ? value.map(asRecord) : []);

export const asText = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

export const asNumber = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
