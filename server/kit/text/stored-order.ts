// The order of fields in PostgreSQL's jsonb, so that an answer is the same before and after it was stored.

const before = (a: string, b: string) =>
  Buffer.byteLength(a) - Buffer.byteLength(b) || Buffer.compare(Buffer.from(a), Buffer.from(b));

/** The same JSON value with its fields in the order of jsonb: shorter names first, then by their bytes. */
export function inStoredOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inStoredOrder);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, part]) => part !== undefined)
      .sort(([a], [b]) => before(a, b))
      .map(([name, part]) => [name, inStoredOrder(part)]),
  );
}
