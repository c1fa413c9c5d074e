// Makes untrusted text storable in PostgreSQL.

/** Replaces what PostgreSQL cannot store: U+0000 and lone surrogates. */
export const storableText = (text: string): string => text.replaceAll('\u0000', '\uFFFD').toWellFormed();
