// Wall views: figures of today for a screen that a team hangs up, opened by a link of their own.
import { z } from 'zod';
import { timeZoneSchema } from './accounts.ts';
import { nameSchema, pageQuery, pageSchema, requestObject, textSchema, timeSchema } from './common.ts';
import { accountLimitSchema, idSchema } from './ids.ts';
import { waitingReasons } from './messages.ts';

export const createWallViewBody = requestObject({
  name: nameSchema(100).meta({ description: 'Where the screen hangs.' }),
  account_ids: accountLimitSchema
    .optional()
    .meta({ description: 'The accounts that it shows. Default: all, also later ones.' }),
  time_zone: timeZoneSchema
    .optional()
    .meta({ description: 'The IANA time zone in which its day begins. Default: UTC.' }),
}).meta({ example: { name: 'Shop floor' } });

export const wallViewSchema = z
  .strictObject({
    id: idSchema('wall_view'),
    name: z.string().meta({ description: 'Where the screen hangs.' }),
    account_ids: z
      .array(idSchema('account'))
      .nullable()
      .meta({ description: 'The accounts that it shows. Null for all.' }),
    time_zone: z.string().meta({ description: 'The time zone in which its day begins.' }),
    created_by: idSchema('person').or(idSchema('api_key')).meta({ description: 'Who created it.' }),
    created_at: timeSchema.meta({ description: 'The time of creation.' }),
    last_shown_at: timeSchema
      .nullable()
      .meta({ description: 'When a screen showed it last, to the minute. Null if none did.' }),
  })
  .meta({ id: 'WallView' });
export type WallView = z.infer<typeof wallViewSchema>;

export const newWallViewSchema = wallViewSchema
  .extend({
    token: z.string().meta({ description: 'The secret of the link. Recado shows it only in this answer.' }),
    url: z.string().meta({ description: 'The link of the page. Everybody who has it sees the figures.' }),
  })
  .meta({ id: 'NewWallView' });

export const listWallViewsQuery = z.strictObject(pageQuery);
export const wallViewPage = pageSchema(wallViewSchema).meta({ id: 'WallViewPage' });

export const showWallViewBody = requestObject({
  token: textSchema(200).meta({ description: 'The secret of the link.' }),
}).meta({ example: { token: 'the_token_of_the_link' } });

const count = (description: string) => z.number().int().meta({ description });

/** What a screen shows: counts, ages and names of accounts; nobody's name, number or text. */
export const wallFiguresSchema = z
  .strictObject({
    workspace_name: z.string().meta({ description: 'The name of the workspace.' }),
    at: timeSchema.meta({ description: 'The time of the figures.' }),
    time_zone: z.string().meta({ description: 'The time zone of the day.' }),
    by_status: z
      .record(z.string(), z.number().int())
      .meta({ description: 'Outbound messages that were accepted today, by status.' }),
    queued: count('Messages that wait for an attempt, however old.'),
    sending: count('Messages with an attempt in flight.'),
    unknown: count('Messages with an unknown outcome.'),
    unanswered: z
      .strictObject({
        conversations: count('Conversations that wait for an answer of a person or the phone.'),
        oldest_at: timeSchema.nullable().meta({ description: 'Since when the first of them waits. Null of none.' }),
      })
      .meta({ description: 'Who waits now.' }),
    first_response: z
      .strictObject({
        conversations: count('Conversations of today that got an answer of a person or the phone.'),
        median_seconds: z
          .number()
          .nullable()
          .meta({ description: 'How long half of them waited at most, in seconds.' }),
      })
      .meta({ description: 'From the first message of a person until the first answer.' }),
    failure_rate: z
      .number()
      .nullable()
      .meta({ description: 'Share of messages of today with an outcome that failed, 0 to 1.' }),
    usual_failure_rate: z
      .number()
      .nullable()
      .meta({ description: 'The same of the 28 days before. Null if no message had an outcome.' }),
    oldest_due: z
      .strictObject({
        seconds: z.number().meta({ description: 'For how long it is due.' }),
        account_name: z.string().meta({ description: 'The account that is to send it.' }),
        reason: z
          .enum(waitingReasons)
          .nullable()
          .meta({ description: 'Why most messages of the account wait. Null if they left meanwhile.' }),
      })
      .nullable()
      .meta({ description: 'The message that is due for longest. Null if none is due.' }),
    troubled_accounts: z
      .array(
        z.strictObject({
          name: z.string().meta({ description: 'The name of the account.' }),
          status: z.enum(['needs_attention', 'disconnected']).meta({ description: 'The status of the account.' }),
          status_reason: z.string().nullable().meta({ description: 'Why it has this status.' }),
        }),
      )
      .meta({ description: 'Accounts that need attention or are disconnected, the worst first, at most 20.' }),
  })
  .meta({ id: 'WallFigures' });
export type WallFigures = z.infer<typeof wallFiguresSchema>;
