// Shapes that every part of the API shares: texts that can be stored, times, pages and problems.
import { z } from 'zod';

// PostgreSQL's jsonb and text can hold neither U+0000 nor half of a surrogate pair.
const storable = (value: string) => !value.includes('\u0000') && value.isWellFormed();

/** What every text of a request is held to before it comes near the database. */
export const storableRule = [
  storable,
  { error: 'Must not hold the character U+0000 or half of a surrogate pair.' },
] as const;

/** A text of `min` to `max` characters that a database can hold. */
export const textSchema = (max: number, min = 1) =>
  z
    .string()
    .min(min, { error: min === 1 ? 'Must not be empty.' : `Must have at least ${min} characters.` })
    .max(max, { error: `Must have at most ${max} characters.` })
    .refine(...storableRule);

/** What something is called: a text with more in it than blanks. */
export const nameSchema = (max: number) =>
  textSchema(max).refine(name => name === '' || name.trim() !== '', { error: 'Must not be blank.' });

/** A moment, written as ISO 8601 in UTC with milliseconds. */
export const timeSchema = z.iso.datetime().meta({ example: '2026-11-24T15:04:05.678Z' });

/** What a database takes, which is less than ISO 8601: no offset of 16 hours and more, and no endless fractions. */
const isStorableTime = (value: string) => value.length <= 40 && /(?:Z|[+-](?:0\d|1[0-5]):\d\d)$/.test(value);

/** What every day and moment of a request is held to. */
export const storableYear = [
  (value: string) => value >= '1970' && value < '9999',
  { error: 'Must lie in one of the years 1970 to 9998.' },
] as const;

interface TimeRange {
  from?: string | undefined;
  until?: string | undefined;
}

/** What a range from one moment until another is held to. */
export const rangeRule: [(range: TimeRange) => boolean, { path: string[]; error: string }] = [
  ({ from, until }) => from === undefined || until === undefined || Date.parse(from) < Date.parse(until),
  { path: ['until'], error: 'Must be after from.' },
];

const aTime = 'Must be an ISO 8601 date and time with a zone, like 2026-11-24T15:04:05Z.';

/** In an address, a + that is not encoded stands for a space. */
const isPlusLost = (value: unknown) => typeof value === 'string' && /T[\d:.]+ \d\d:\d\d$/.test(value);

/** A moment in a request: any ISO 8601 date and time with a zone that clocks are set by. */
export const timeInputSchema = z.iso
  .datetime({
    offset: true,
    // What is no time has no year and no offset that could be wrong too.
    abort: true,
    error: ({ input }) => (isPlusLost(input) ? `${aTime} In an address, write + as %2B.` : aTime),
  })
  .refine(...storableYear)
  .refine(isStorableTime, { error: 'Must have an offset below 16:00 and at most 40 characters.' });

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, { error: `Must be a whole number from ${min} to ${max}.` })
    .transform(Number)
    .pipe(
      z
        .number()
        .min(min, { error: `Must be at least ${min}.` })
        .max(max, { error: `Must be at most ${max}.` }),
    )
    // A number for those who write it, a text as it comes in an address.
    .meta({ type: 'integer', pattern: undefined, minimum: min, maximum: max });

/** As the numbers above: a truth for those who write it, a text as it comes in an address. */
export const shownAsBoolean = { type: 'boolean', enum: undefined } as const;

/** The paging parameters of every list: `limit` with an opaque `cursor`, or with an `offset` for page numbers. */
export const pageQuery = {
  limit: wholeNumber(1, 100).optional().meta({ description: 'How many on a page; 50 if not given.' }),
  cursor: z.string().max(500).optional().meta({ description: 'The `next_cursor` of the page before.' }),
  offset: wholeNumber(0, 1_000_000).optional().meta({ description: 'How many to skip; not together with `cursor`.' }),
};

export interface PageQuery {
  limit?: number | undefined;
  cursor?: string | undefined;
  offset?: number | undefined;
}

/** A page of a list. `total` is counted up to 10,000 and null beyond. */
export const pageSchema = <Item extends z.ZodType>(item: Item) =>
  z.strictObject({
    data: z.array(item).meta({ description: 'The items of this page.' }),
    page: z
      .strictObject({
        next_cursor: z.string().nullable().meta({ description: 'The `cursor` of the next page; null on the last.' }),
        has_more: z.boolean().meta({ description: 'Whether there is a next page.' }),
        total: z.number().int().nullable().meta({ description: 'How many there are; null for more than 10,000.' }),
      })
      .meta({ description: 'Where this page lies in the list.' }),
  });

export interface Page<Item> {
  data: Item[];
  page: { next_cursor: string | null; has_more: boolean; total: number | null };
}

/** A field of a request that was refused. */
export const fieldErrorSchema = z.strictObject({
  field: z.string().meta({ description: 'Its place in the request, like `text.body`.' }),
  message: z.string().meta({ description: 'What it must be.' }),
});

/** A refusal, as RFC 9457 has it, with a stable `code`, the fields at fault and the id of the request. */
export const problemSchema = z
  .strictObject({
    type: z.string().meta({ description: 'Always `about:blank`; the `code` tells what it is.' }),
    title: z.string().meta({ description: 'What the `code` means, in a sentence.' }),
    status: z.number().int().meta({ description: 'The status of the HTTP answer.' }),
    code: z.string().meta({ description: 'What programs go by; it never changes.' }),
    detail: z.string().meta({ description: 'What was wrong this time, and what to do, for people.' }),
    errors: z.array(fieldErrorSchema).optional().meta({ description: 'The fields at fault, where it was fields.' }),
    request_id: z.string().meta({ description: 'For questions about it; it is in the log.' }),
  })
  .meta({
    id: 'Problem',
    example: {
      type: 'about:blank',
      title: 'The request is not valid.',
      status: 400,
      code: 'invalid_request',
      detail: 'to: Is missing.',
      errors: [{ field: 'to', message: 'Is missing.' }],
      request_id: '0199c2f4-5d1e-7c3a-9b0d-2f6e8a4c1b7d',
    },
  });

export type Problem = z.infer<typeof problemSchema>;

/** The body of a change: what it names is changed, and one that names nothing is a mistake. */
export const changeBody = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z
    .strictObject(shape)
    .refine(body => Object.keys(body).length > 0, {
      error: `Must name something to change: ${Object.keys(shape).join(', ')}.`,
    })
    .meta({ minProperties: 1 });

/** Every creating POST takes it. */
export const idempotencyHeaders = z.looseObject({
  'idempotency-key': textSchema(255)
    .optional()
    .meta({ description: 'Repeats within 24 hours with the same key and body get the first answer again.' }),
});
