// The copies of the last release's documents, in docs/reference/api/. Later versions are compared with them.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const place = new URL('../../docs/reference/api/', import.meta.url);

/** The copy of a document. */
export const readCopy = <Document>(name: string): Document =>
  JSON.parse(readFileSync(new URL(`${name}.json`, place), 'utf8'));

/** Replaces the copy. */
export function writeCopy(name: string, document: object): void {
  mkdirSync(place, { recursive: true });
  writeFileSync(new URL(`${name}.json`, place), `${JSON.stringify(document, null, 1)}\n`);
}
