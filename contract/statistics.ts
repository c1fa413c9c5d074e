// The statistics of a workspace: figures of messages by many groupings.
import { z } from 'zod';
import { timeZoneSchema } from './accounts.ts';
import { codeActors } from './channel-codes.ts';
import { rangeRule, shownAsBoolean, timeInputSchema, timeSchema } from './common.ts';
import { idListSchema, idSchema } from './ids.ts';

export const statisticsGroupings = [
  'hour',
  'day',
  'account',
  'template',
  'campaign',
  'sender',
  'error',
  'country',
] as const;
export type StatisticsGrouping = (typeof statisticsGroupings)[number];

const commonQuery = {
  from: timeInputSchema.optional().meta({
    description: 'The start of the range, inclusive. Default: the start of the day of the last moment of the range.',
  }),
  until: timeInputSchema
    .optional()
    .meta({ description: 'The end of the range, exclusive. It may be in the future. Default: now.' }),
  time_zone: timeZoneSchema.optional().meta({
    description: 'An IANA time zone for days and hours. Default: that of the account, if `account_ids` is one, or UTC.',
  }),
  account_ids: idListSchema('account').optional(),
};
const compared = {
  ...commonQuery,
  compare: z
    .enum(['true', 'false'], { error: 'Must be true or false.' })
    .optional()
    .meta({
      ...shownAsBoolean,
      description:
        'true: with the figures of the period before, which is as long and begins whole weeks earlier, at the same local time.',
    }),
};

const groupBy = z.enum(statisticsGroupings, {
  error: `Must be one of ${statisticsGroupings.join(', ')}.`,
});

export const reportQuery = z
  .strictObject({ ...compared, group_by: groupBy.optional().meta({ description: 'How to group the figures.' }) })
  .refine(...rangeRule);
export const timesQuery = z.strictObject(compared).refine(...rangeRule);
export const timesExportQuery = z.strictObject(commonQuery).refine(...rangeRule);
export const reportExportQuery = z
  .strictObject({ ...commonQuery, group_by: groupBy.meta({ description: 'How to group the figures.' }) })
  .refine(...rangeRule);

const count = (description: string) => z.number().int().meta({ description });

export const latencyStages = ['queue', 'call', 'network'] as const;

const rateSchema = z
  .strictObject({
    rate: z.number().nullable().meta({ description: 'The share, 0 to 1. Null of nothing.' }),
    of: count('Of how many messages it is the share.'),
    open: count('How many of them may still change it.'),
  })
  .meta({ id: 'Rate' });

const figures = {
  outbound: count('Outbound messages, each once, in its present state.'),
  inbound: z
    .number()
    .int()
    .nullable()
    .meta({ description: 'Inbound messages that people wrote. Null where the grouping is of outbound ones.' }),
  waiting: count('Outbound messages that are scheduled or queued.'),
  sending: count('Outbound messages with an attempt in flight.'),
  unknown: count('Outbound messages with an unknown outcome.'),
  sent: count('Outbound messages that the channel took, also if they failed later.'),
  delivered: count('Outbound messages that were delivered, read or not.'),
  read: count('Outbound messages that were read. People can hide it, so there may be more.'),
  failed: count('Outbound messages that failed.'),
  cancelled: count('Outbound messages that were cancelled.'),
  expired: count('Outbound messages that expired.'),
  delivery: rateSchema.meta({ description: 'Delivered of sent.' }),
  reading: rateSchema.meta({ description: 'Read of delivered.' }),
  failure: rateSchema.meta({ description: 'Failed messages of all sent and failed ones.' }),
};
const figuresSchema = z.strictObject(figures).meta({ id: 'Figures' });
export type Figures = z.infer<typeof figuresSchema>;

const groupSchema = z
  .strictObject({
    key: z.string().nullable().meta({
      description:
        'What the group is of: the start of the hour or day, the id of the account, campaign or sender, the name of the template, the code of the error, or the calling code of the country. Null for messages without one.',
    }),
    name: z.string().nullable().meta({ description: 'Its name, or the title of the error. Null where there is none.' }),
    ...figures,
    previous: figuresSchema
      .nullable()
      .meta({ description: 'The same of the period before, of an hour or day at the same local time.' }),
    error: z
      .strictObject({
        who: z.enum(codeActors).nullable().meta({ description: 'Who has to act. Null for an unknown code.' }),
        advice: z.string().nullable().meta({ description: 'What to do. Null for an unknown code.' }),
        first_at: timeSchema.meta({ description: 'The quarter of an hour of the first one in the range.' }),
        last_at: timeSchema.meta({ description: 'The quarter of an hour of the last one in the range.' }),
      })
      .nullable()
      .meta({ description: 'Of a grouping by error. Null otherwise.' }),
    countries: z
      .array(z.string())
      .nullable()
      .meta({ description: 'Of a grouping by country: those with the calling code, as two letters. Null otherwise.' }),
  })
  .meta({ id: 'FigureGroup' });
export type FigureGroup = z.infer<typeof groupSchema>;

const range = {
  from: timeSchema.meta({ description: 'The start of the range, inclusive.' }),
  until: timeSchema.meta({ description: 'The end of the range, exclusive.' }),
  time_zone: z.string().meta({ description: 'The time zone of days and hours.' }),
  previous_from: timeSchema.nullable().meta({ description: 'The start of the period before. Null without `compare`.' }),
  previous_until: timeSchema.nullable().meta({ description: 'The end of the period before. Null without `compare`.' }),
};

export const reportSchema = z
  .strictObject({
    ...range,
    group_by: groupBy.nullable().meta({ description: 'How the figures are grouped.' }),
    total: figuresSchema.meta({ description: 'The figures of the range.' }),
    previous: figuresSchema.nullable().meta({ description: 'The figures of the period before.' }),
    groups: z.array(groupSchema).meta({
      description:
        'Every hour or day of the range, oldest first; it lasts until the next one. Other groups: the largest first, at most 500.',
    }),
  })
  .meta({ id: 'StatisticsReport' });
export type StatisticsReport = z.infer<typeof reportSchema>;

const milliseconds = (which: string) =>
  z
    .number()
    .nullable()
    .meta({ description: `${which}, to 7 %, then rounded to whole milliseconds. Null of none.` });

const stagesSchema = z.array(
  z
    .strictObject({
      stage: z.enum(latencyStages).meta({
        description:
          'queue: from when a message may leave until its call. call: until the channel answers. network: from there until it is delivered.',
      }),
      n: count('Of how many messages.'),
      p50_ms: milliseconds('The median'),
      p90_ms: milliseconds('The 90th percentile'),
      p95_ms: milliseconds('The 95th percentile'),
      p99_ms: milliseconds('The 99th percentile'),
    })
    .meta({ id: 'LatencyStage' }),
);

/** The range is widened to whole hours of UTC, by which these are kept. */
export const latencySchema = z
  .strictObject({
    ...range,
    stages: stagesSchema.meta({ description: 'The stages of a message on its way.' }),
    previous: stagesSchema.nullable().meta({ description: 'The same of the period before.' }),
  })
  .meta({ id: 'Latency' });
export type Latency = z.infer<typeof latencySchema>;

const spansSchema = z.array(
  z
    .strictObject({
      below_seconds: z.number().int().nullable().meta({ description: 'The end of the span. Null of the last one.' }),
      n: count('How many conversations.'),
    })
    .meta({ id: 'TimeSpan' }),
);

const seconds = (which: string) =>
  z
    .number()
    .nullable()
    .meta({ description: `${which}, in seconds, to 7 %. Null of none.` });

const answeredSchema = z
  .strictObject({
    n: count('How many conversations got an answer.'),
    p50_seconds: seconds('The median'),
    p90_seconds: seconds('The 90th percentile'),
    spans: spansSchema.meta({ description: 'By how long the person waited, each after the one before.' }),
  })
  .meta({ id: 'ResponseTimes' });

export const responsesSchema = z
  .strictObject({
    ...range,
    answered: answeredSchema.meta({
      description:
        'From the first message of a person until a person of yours, or the phone, answers; by when it began. Campaigns and programs do not answer.',
    }),
    previous: answeredSchema.nullable().meta({ description: 'The same of the period before.' }),
    answered_in_hours: answeredSchema.meta({
      description:
        'Those of them in conversations of teams with hours; of each wait, only what was in these hours counts.',
    }),
    previous_in_hours: answeredSchema.nullable().meta({ description: 'The same of the period before.' }),
    waiting: z
      .strictObject({
        n: count('How many conversations wait for an answer now, whatever the range.'),
        oldest_at: timeSchema.nullable().meta({ description: 'Since when the first of them waits. Null of none.' }),
        oldest_account_id: idSchema('account')
          .nullable()
          .meta({ description: 'The account of that conversation. Null of none.' }),
        spans: spansSchema.meta({ description: 'By how long they have waited.' }),
      })
      .meta({ description: 'Conversations without an answer. They are not in `answered`.' }),
  })
  .meta({ id: 'Responses' });
export type Responses = z.infer<typeof responsesSchema>;
