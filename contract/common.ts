// Schemas that all parts of the API share: text, times, request objects, pages and problems.
import { z } from 'zod';
import { idSchema } from './ids.ts';

// PostgreSQL's jsonb and text can hold neither U+0000 nor half of a surrogate pair.
const storable = (value: string) => !value.includes('\u0000') && value.isWellFormed();

/** The rule for each text of a request: PostgreSQL can store it. */
export const storableRule = [
  storable,
  { error: 'Must not contain the character U+0000 or half of a surrogate pair.' },
] as const;

/** A text of `min` to `max` characters that PostgreSQL can store. */
export const textSchema = (max: number, min = 1) =>
  z
    .string()
    .min(min, { error: min === 1 ? 'Must not be empty.' : `Must have at least ${min} characters.` })
    .max(max, { error: `Must have at most ${max} characters.` })
    .refine(...storableRule);

/** The rule for a text that people must see something of. WhatsApp rejects one of blanks and invisible characters. */
export const visibleRule = [
  (text: string) => text === '' || /[^\s\p{Cc}\p{Cf}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/u.test(text),
  { error: 'Must have a visible character.' },
] as const;

/** A name: a text that is not blank. */
export const nameSchema = (max: number) =>
  textSchema(max).refine(name => name === '' || name.trim() !== '', { error: 'Must not be blank.' });

/** What callers call a thing in their own system. Lists find it by its exact value. */
export const referenceSchema = textSchema(200).meta({
  description: 'Your own name for it, such as an order number. Lists find it by its exact value.',
  example: 'order-4711',
});

const mostMetadata = 20;

/** What callers keep with a thing: an object of short texts. */
export const metadataSchema = z
  .record(textSchema(40), textSchema(500, 0))
  .refine(metadata => Object.keys(metadata).length <= mostMetadata, {
    error: `Must have at most ${mostMetadata} fields.`,
  })
  .meta({
    description: 'Your own data: at most 20 fields, each a name of 40 and a text of 500 characters at most.',
    example: { campaign: 'spring' },
  });

/** The same in answers. */
export const shownMetadata = z
  .record(z.string(), z.string())
  .meta({ description: 'Your own data. Empty if there is none.' });

/** A time in an answer: ISO 8601 in UTC with milliseconds. */
export const timeSchema = z.iso.datetime().meta({ example: '2026-11-24T15:04:05.678Z' });

/** PostgreSQL accepts less than ISO 8601: offsets below 16 hours, and fractions of limited length. */
const isStorableTime = (value: string) => value.length <= 40 && /(?:Z|[+-](?:0\d|1[0-5]):\d\d)$/.test(value);

/** The rule for each date and time of a request. */
export const storableYear = [
  (value: string) => value >= '1970' && value < '9999',
  { error: 'Must be in the years 1970 to 9998.' },
] as const;

interface TimeRange {
  from?: string | undefined;
  until?: string | undefined;
}

/** The rule for a time range: `from` is before `until`. */
export const rangeRule: [(range: TimeRange) => boolean, { path: string[]; error: string }] = [
  ({ from, until }) => from === undefined || until === undefined || Date.parse(from) < Date.parse(until),
  { path: ['until'], error: 'Must be after from.' },
];

const aTime = 'Must be an ISO 8601 date and time with seconds and a zone, like 2026-11-24T15:04:05Z.';

/** In a URL, an unencoded + means a space. */
const isPlusLost = (value: unknown) => typeof value === 'string' && /T[\d:.]+ \d\d:\d\d$/.test(value);

/** A time in a request: ISO 8601 with a real UTC offset. */
export const timeInputSchema = z.iso
  .datetime({
    offset: true,
    // Not a timestamp: skip the checks of year and offset.
    abort: true,
    error: ({ input }) => (isPlusLost(input) ? `${aTime} In a URL, write + as %2B.` : aTime),
  })
  .refine(...storableYear)
  .refine(isStorableTime, { error: 'Must have an offset below 16:00 and at most 40 characters.' });

/** A whole number in an address. */
export const wholeNumber = (min: number, max: number) =>
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
    // The document shows a number; the URL carries a text.
    .meta({ type: 'integer', pattern: undefined, minimum: min, maximum: max });

/** The document shows a boolean; the URL carries a text. */
export const shownAsBoolean = { type: 'boolean', enum: undefined } as const;

/** The paging parameters of every list: `limit` with an opaque `cursor`, or with an `offset` for page numbers. */
export const pageQuery = {
  limit: wholeNumber(1, 100).optional().meta({ description: 'Page size. Default: 50.' }),
  cursor: z.string().max(500).optional().meta({ description: 'The `next_cursor` of the previous page.' }),
  offset: wholeNumber(0, 1_000_000)
    .optional()
    .meta({ description: 'Number of items to skip. Not allowed together with `cursor`.' }),
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
        next_cursor: z
          .string()
          .nullable()
          .meta({ description: 'The `cursor` of the next page. Null on the last page.' }),
        has_more: z.boolean().meta({ description: 'True if there is a next page.' }),
        total: z
          .number()
          .int()
          .nullable()
          .meta({ description: 'Number of items in the whole list. Null above 10,000.' }),
      })
      .meta({ description: 'The position of this page in the list.' }),
  });

export interface Page<Item> {
  data: Item[];
  page: { next_cursor: string | null; has_more: boolean; total: number | null };
}

/** An invalid field of a request. */
export const fieldErrorSchema = z.strictObject({
  field: z.string().meta({ description: 'The path of the field, like `text.body`.' }),
  message: z.string().meta({ description: 'What the value must be.' }),
});

/** An error answer (RFC 9457) with a stable `code`, the invalid fields and the id of the request. */
export const problemSchema = z
  .strictObject({
    type: z.string().meta({ description: 'Always `about:blank`. Use `code` instead.' }),
    title: z.string().meta({ description: 'The meaning of `code`, in one sentence.' }),
    status: z.number().int().meta({ description: 'The HTTP status.' }),
    code: z.string().meta({ description: 'Machine-readable code. It never changes.' }),
    detail: z.string().meta({ description: 'Human-readable: what went wrong in this request and what to do.' }),
    errors: z.array(fieldErrorSchema).optional().meta({ description: 'The invalid fields, if fields were invalid.' }),
    last_id: z
      .string()
      .nullable()
      .optional()
      .meta({ description: 'With `resync_required`: the id of the newest event, or null. Go on after it.' }),
    came: z
      .array(
        z.strictObject({
          id: idSchema('message').or(idSchema('note')),
          by: z
            .strictObject({
              id: idSchema('person').or(idSchema('api_key')),
              name: z.string().meta({ description: 'The current name.' }),
            })
            .nullable()
            .meta({ description: 'Who wrote it. Null for the phone.' }),
          at: timeSchema.meta({ description: 'When it was written.' }),
        }),
      )
      .optional()
      .meta({
        description:
          'With `conversation_changed`: the messages and notes that others of you wrote since, the oldest first. At most 20.',
      }),
    request_id: z.string().meta({ description: 'The id of the request. The log of the server contains it.' }),
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

/**
 * An object in a request body. Unknown fields are invalid. In an optional field, null means the same as no field, unless
 * the schema of the field gives null its own meaning. The parsed object has no such field.
 */
export function requestObject<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  const fields = Object.entries(shape) as [string, z.ZodType][];
  const unset = new Set(fields.filter(([, field]) => field.isOptional() && !field.isNullable()).map(([name]) => name));
  const accepted = fields.map(([name, field]) => [name, unset.has(name) ? field.nullable() : field]);
  const withoutUnset = <Body extends object>(body: Body): Body =>
    Object.fromEntries(Object.entries(body).filter(([name, value]) => value !== null || !unset.has(name))) as Body;
  const object = z.strictObject(Object.fromEntries(accepted)) as unknown as z.ZodObject<Shape, z.core.$strict>;
  return unset.size === 0 ? object : object.overwrite(withoutUnset);
}

/** The body of a PATCH: only the fields that it contains change, and it must contain one. */
export const changeBody = <Shape extends z.ZodRawShape>(shape: Shape) =>
  requestObject(shape)
    .refine(body => Object.keys(body).length > 0, {
      error: `Must have at least one of these fields: ${Object.keys(shape).join(', ')}.`,
    })
    .meta({ minProperties: 1 });

/** The revision that a change is based on. */
export const revisionHeaders = z.looseObject({
  'if-match': z
    .string()
    .regex(/^"\d{1,9}"$/, { error: 'Must be the revision in double quotes, like "3".' })
    .optional()
    .meta({
      description: 'The `revision` that you changed, in double quotes. Another one is refused with 412.',
      example: '"3"',
    }),
});

/** The headers of each POST that creates something. */
export const idempotencyHeaders = z.looseObject({
  'idempotency-key': textSchema(255)
    .optional()
    .meta({ description: 'A repeat with the same key and body within 24 hours gets the first answer again.' }),
});
