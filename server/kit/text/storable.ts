// Text of others, made such that the database can hold it.

/** The same text without what PostgreSQL cannot hold: U+0000 and halves of surrogate pairs. */
export const storableText = (text: string): string => text.replaceAll('\u0000', '\uFFFD').toWellFormed();
