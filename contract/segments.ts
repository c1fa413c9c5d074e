// Segments of contacts: a named filter, whose people change by themselves, or a static list of people.
import { z } from 'zod';
import { changeBody, nameSchema, requestObject, storableRule, timeSchema } from './common.ts';
import type { FieldType } from './contact-fields.ts';
import { idSchema } from './ids.ts';

export const segmentKinds = ['filter', 'list'] as const;
export type SegmentKind = (typeof segmentKinds)[number];

export const segmentOps = [
  'is',
  'is_not',
  'in',
  'contains',
  'begins',
  'gt',
  'lt',
  'between',
  'before',
  'after',
  'within_days',
  'not_within_days',
  'is_set',
  'not_set',
] as const;
export type SegmentOp = (typeof segmentOps)[number];

/** Which comparisons each kind of fact allows. */
export const factOps = {
  text: ['is', 'is_not', 'in', 'contains', 'begins', 'is_set', 'not_set'],
  number: ['is', 'is_not', 'gt', 'lt', 'between', 'is_set', 'not_set'],
  date: ['is', 'before', 'after', 'between', 'within_days', 'not_within_days', 'is_set', 'not_set'],
  yes_no: ['is', 'is_not', 'is_set', 'not_set'],
  choice: ['is', 'is_not', 'in', 'is_set', 'not_set'],
  label: ['is', 'is_not', 'in', 'is_set', 'not_set'],
  account: ['is', 'is_not', 'in', 'is_set', 'not_set'],
  country: ['is', 'is_not', 'in', 'is_set', 'not_set'],
  language: ['is', 'is_not', 'in', 'is_set', 'not_set'],
  opt_out: ['is', 'is_not', 'is_set', 'not_set'],
  moment: ['before', 'after', 'between', 'within_days', 'not_within_days'],
  last: ['before', 'after', 'between', 'within_days', 'not_within_days', 'is_set', 'not_set'],
  count: ['is', 'gt', 'lt', 'between'],
  flag: ['is'],
} as const satisfies Record<string, readonly SegmentOp[]>;
export type FactKind = keyof typeof factOps;

/** The facts of a contact beside your own fields, and the kind of each. */
export const segmentFacts = {
  name: 'text',
  label: 'label',
  country: 'country',
  language: 'language',
  created: 'moment',
  last_received: 'last',
  last_message: 'last',
  messages: 'count',
  window_open: 'flag',
  unread: 'flag',
  opted_out: 'opt_out',
  unreachable: 'flag',
  reference: 'text',
  conversation_label: 'label',
  account: 'account',
} as const satisfies Record<string, FactKind>;
export type SegmentFact = keyof typeof segmentFacts;

/** The kind of a fact that is one of your own fields. */
export const kindOfField = (type: FieldType): FactKind => type;

/** Comparisons that take no value. */
export const opsWithoutValue: ReadonlySet<SegmentOp> = new Set(['is_set', 'not_set']);

/** How many segments a workspace may have. */
export const mostSegments = 200;
/** How many conditions a filter may have. */
export const mostConditions = 30;
/** How many levels of groups a filter may have. */
export const deepestGroup = 3;
/** How many segments a filter may leave out. */
export const mostLeftOut = 10;
/** How many values a condition may name. */
export const mostValues = 100;
/** The longest time that a condition may name, in days. */
export const mostDays = 36_500;
/** How many contacts one request may add to a list, or remove from it. */
export const mostMembers = 10_000;

const valueSchema = z.union(
  [
    z
      .string()
      .max(500)
      .refine(...storableRule),
    z.number(),
    z.boolean(),
    z.array(
      z.union([
        z
          .string()
          .max(500)
          .refine(...storableRule),
        z.number(),
      ]),
    ),
  ],
  { error: 'Must be a text of at most 500 characters, a number, true, false, or a list of texts or numbers.' },
);
export type ConditionValue = z.infer<typeof valueSchema>;

const conditionSchema = requestObject({
  field: z
    .string()
    .max(60)
    .meta({
      description: `The fact: ${Object.keys(segmentFacts).join(', ')}, or \`field:\` with the key of one of your fields.`,
      example: 'country',
    }),
  op: z.enum(segmentOps, { error: `Must be one of ${segmentOps.join(', ')}.` }).meta({
    description: 'How to compare. The guide says which fact allows which.',
    example: 'is',
  }),
  value: valueSchema.optional().meta({
    description: 'The value. A list for `in` and `between`, a number of days for `within_days`. None for `is_set`.',
  }),
}).meta({ id: 'SegmentCondition', example: { field: 'country', op: 'is', value: 'PT' } });
export interface SegmentCondition {
  field: string;
  op: SegmentOp;
  value?: ConditionValue | undefined;
}

const notNode = 'Must be a condition with field, op and value, or a group with all or any.';

/** A group of these: `all` must fit, or `any` is enough. */
const groupOf = <Item extends z.ZodType>(item: Item) => {
  const items = z.array(item).max(mostConditions, { error: `Must have at most ${mostConditions} conditions.` });
  return requestObject({
    all: items.optional().meta({ description: 'All of these must be true.' }),
    any: items.optional().meta({ description: 'One of these must be true.' }),
  })
    .refine(({ all, any }) => (all === undefined) !== (any === undefined), {
      error: 'Must have exactly one of all and any.',
    })
    .meta({ minProperties: 1 });
};

const thirdLevel = groupOf(conditionSchema);
const secondLevel = groupOf(z.union([conditionSchema, thirdLevel], { error: notNode }));
const firstLevel = groupOf(z.union([conditionSchema, secondLevel], { error: notNode }));

export interface SegmentGroup {
  all?: SegmentNode[] | undefined;
  any?: SegmentNode[] | undefined;
}
export type SegmentNode = SegmentCondition | SegmentGroup;

export const isCondition = (node: SegmentNode): node is SegmentCondition => 'field' in node;

const filterInput = requestObject({
  match: firstLevel.meta({
    description: `Who belongs to it: groups of conditions, at most ${deepestGroup} deep and ${mostConditions} conditions in all. An empty \`all\` is everybody.`,
  }),
  leave_out: z
    .array(idSchema('segment'))
    .max(mostLeftOut, { error: `Must have at most ${mostLeftOut} segments.` })
    .refine(ids => new Set(ids).size === ids.length, { error: 'Must not repeat a segment.' })
    .optional()
    .meta({ description: 'Segments and lists whose people do not belong to it. They must leave out none themselves.' }),
}).meta({ example: { match: { all: [{ field: 'country', op: 'is', value: 'PT' }] } } });
const segmentFilterSchema = filterInput.meta({ id: 'SegmentFilter' });
export type SegmentFilter = z.infer<typeof segmentFilterSchema>;

const everybody = 'Default: everybody.';

export const segmentSchema = z
  .strictObject({
    id: idSchema('segment'),
    name: z.string().meta({ description: 'The name.', example: 'Collectors, active' }),
    kind: z.enum(segmentKinds).meta({
      description:
        'filter: the people who fit at the moment. list: the people that somebody put into it. It never changes.',
    }),
    filter: segmentFilterSchema.nullable().meta({ description: 'Who belongs to it. Null for a list.' }),
    missing: z.array(z.string()).meta({
      description: 'The conditions whose field, label or account is gone, as paths. They see contacts without a value.',
      example: ['match.all[0]'],
    }),
    members: z.number().int().nullable().meta({
      description: 'How many people a list has. Null above 10,000, and for a filter.',
    }),
    saved_count: z.number().int().nullable().meta({
      description: 'How many people a filter had when it was saved. Null above 10,000, and for a list.',
    }),
    saved_at: timeSchema.meta({ description: 'When the filter was saved. For a list: the time of creation.' }),
    revision: z.number().int().meta({ description: 'Goes up with each change. Send it back in `If-Match`.' }),
    created_at: timeSchema.meta({ description: 'The time of creation.' }),
    updated_at: timeSchema.meta({ description: 'The time of the last change, also of the people of a list.' }),
  })
  .meta({ id: 'Segment' });
export type Segment = z.infer<typeof segmentSchema>;

export const segmentList = z
  .strictObject({ data: z.array(segmentSchema).meta({ description: 'All segments and lists, by name.' }) })
  .meta({ id: 'SegmentList' });

export const listSegmentsQuery = z.strictObject({
  kind: z
    .enum(segmentKinds, { error: 'Must be filter or list.' })
    .optional()
    .meta({ description: 'Only the segments of this kind.' }),
});

const name = nameSchema(100).meta({ description: 'The name. Unique, without regard to case and accents.' });

export const createSegmentBody = requestObject({
  name,
  kind: z.enum(segmentKinds, { error: 'Must be filter or list.' }).meta({
    description: 'filter: the people who fit at the moment. list: static, the people that somebody puts into it.',
  }),
  filter: filterInput.optional().meta({
    description: `Who belongs to it. ${everybody} For a list: the people who fit now become its members, at most ${mostMembers}. Default: nobody.`,
  }),
}).meta({
  example: {
    name: 'Collectors in Portugal',
    kind: 'filter',
    filter: { match: { all: [{ field: 'country', op: 'is', value: 'PT' }] } },
  },
});

export const updateSegmentBody = changeBody({
  name: name.optional(),
  filter: filterInput.optional().meta({ description: 'Who belongs to it from now on. Not for a list.' }),
}).meta({ example: { name: 'Collectors, active' } });

export const countSegmentBody = requestObject({
  filter: filterInput.optional().meta({ description: `A filter, saved or not. ${everybody}` }),
  segment_id: idSchema('segment').optional().meta({ description: 'A saved segment or a list, instead of a filter.' }),
})
  .refine(({ filter, segment_id }) => filter === undefined || segment_id === undefined, {
    path: ['segment_id'],
    error: 'Must not be given together with filter.',
  })
  .meta({ example: { filter: { match: { all: [{ field: 'last_received', op: 'within_days', value: 30 }] } } } });

const people = (description: string) => z.number().int().meta({ description });

export const segmentCountSchema = z
  .strictObject({
    count: people('How many people belong to it: exact up to 10,000.'),
    more: z.boolean().meta({ description: 'Whether `count` is the least: there are more, or counting took too long.' }),
    contacts: people('How many contacts the workspace has.'),
    took_ms: people('How long counting took, in milliseconds.'),
    countries: z
      .array(
        z.strictObject({
          country: z.string().nullable().meta({ description: 'Two letters. Null without a number of a country.' }),
          count: people('How many of the people have a number of the country.'),
        }),
      )
      .nullable()
      .meta({ description: 'The people by country, the largest first. Null where there are more.' }),
    reach: z
      .strictObject({
        opted_out: people('Want no marketing messages, or none at all.'),
        unreachable: people('Of the others: WhatsApp could not deliver to them (131026).'),
        without_number: people('Of the others: have no number.'),
        reachable: people('The rest: a campaign could write to them.'),
        window_open: people('Of these: their 24-hour window is open.'),
      })
      .nullable()
      .meta({ description: 'Whom a marketing campaign could reach. Null where there are more.' }),
    left_out: z
      .array(
        z.strictObject({
          segment_id: idSchema('segment'),
          fits: z.number().int().nullable().meta({
            description: 'How many people of it fit the conditions. Null where more than 10,000 fit these.',
          }),
        }),
      )
      .meta({ description: 'What each segment of `leave_out` takes away. People may be in several.' }),
    sample: z
      .array(
        z.strictObject({
          id: idSchema('contact'),
          name: z.string().nullable().meta({ description: 'The name of the contact.' }),
          phone: z.string().nullable().meta({ description: 'E.164 number. Null where the channel hides it.' }),
          last_received_at: timeSchema.nullable().meta({ description: 'When the person last wrote to you.' }),
          because: z.array(z.string()).meta({
            description: 'The conditions that are true for the person, as paths.',
            example: ['match.all[0]'],
          }),
        }),
      )
      .meta({ description: 'Up to six of the people, picked at random.' }),
  })
  .meta({ id: 'SegmentCount' });
export type SegmentCount = z.infer<typeof segmentCountSchema>;
