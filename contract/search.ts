// Search in the text of messages and notes, where the workspace keeps an index of it.
import { z } from 'zod';
import { pageQuery, pageSchema, requestObject, textSchema, timeSchema } from './common.ts';
import { allMessageTypes } from './content/index.ts';
import { idSchema } from './ids.ts';

export const searchMessagesQuery = z.strictObject({
  ...pageQuery,
  q: textSchema(200).meta({
    description:
      'Words, of which the last one may be a beginning, and operators: is:open|snoozed|closed|unread|waiting|mine|unassigned, has:image|video|audio|document|failed, in:notes, from:, account:, label:, team:, assignee:, before:2026-10-31, after:2026-10-01. A name with spaces stands in quotes: label:"Big order". Any other word before a colon is text.',
    example: 'label:Return after:2026-10-01',
  }),
  conversation_id: idSchema('conversation').optional().meta({ description: 'Only texts of this conversation.' }),
});

export const foundMessageSchema = z
  .strictObject({
    message_id: idSchema('message').nullable().meta({ description: 'Null for a note.' }),
    note_id: idSchema('note').nullable().meta({ description: 'Null for a message.' }),
    conversation_id: idSchema('conversation'),
    account_id: idSchema('account'),
    contact: z
      .strictObject({
        id: idSchema('contact'),
        name: z.string().nullable().meta({ description: 'The name of the contact.' }),
        phone: z.string().nullable().meta({ description: 'E.164 number. Null where the channel hides it.' }),
      })
      .meta({ description: 'The contact of the conversation.' }),
    direction: z.enum(['outbound', 'inbound']).meta({ description: 'outbound: to the contact.' }),
    type: z.enum(allMessageTypes).nullable().meta({ description: 'The type of the message. Null for a note.' }),
    author: z.string().nullable().meta({
      description:
        'The name of the person or the API key that wrote it. Null for the contact, a campaign and the phone.',
    }),
    text: z
      .string()
      .nullable()
      .meta({ description: 'Its text around the first word that was found, up to 200 characters.' }),
    created_at: timeSchema.meta({ description: 'The time when Recado accepted or received it.' }),
  })
  .meta({ id: 'FoundMessage' });
export type FoundMessage = z.infer<typeof foundMessageSchema>;

export const foundMessagePage = pageSchema(foundMessageSchema).meta({ id: 'FoundMessagePage' });

export const changeSearchBody = requestObject({
  enabled: z.boolean({ error: 'Must be true or false.' }).meta({ description: 'Whether the texts are indexed.' }),
}).meta({ example: { enabled: true } });

export const searchSettingSchema = z
  .strictObject({
    enabled: z
      .boolean()
      .meta({ description: 'Whether the texts of messages and notes are indexed and can be searched.' }),
    enabled_at: timeSchema.nullable().meta({ description: 'Since when. Null while it is off.' }),
    ready: z.boolean().meta({ description: 'Whether all texts of before are indexed too.' }),
  })
  .meta({ id: 'SearchSetting' });
