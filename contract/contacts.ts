// Contacts, the people, and conversations, the thread of one account with one contact.
import { z } from 'zod';
import { changeBody, nameSchema, pageQuery, pageSchema, shownAsBoolean, textSchema, timeSchema } from './common.ts';
import { idSchema } from './ids.ts';

export const contactSchema = z
  .strictObject({
    id: idSchema('contact'),
    name: z.string().nullable().meta({ description: 'What you call them, or what they call themselves on WhatsApp.' }),
    phone: z.string().nullable().meta({ description: 'E.164, or null where the channel does not show it.' }),
    last_message_at: timeSchema.nullable().meta({ description: 'When the last message came or was accepted.' }),
    unread_count: z.number().int().meta({ description: 'Messages of theirs that nobody has marked as read.' }),
    totals: z
      .strictObject({
        outbound: z.number().int().meta({ description: 'To them, whatever became of each.' }),
        inbound: z.number().int().meta({ description: 'From them.' }),
      })
      .meta({ description: 'How many messages there were; those that were deleted since count too.' }),
    created_at: timeSchema.meta({ description: 'When it was made, by hand or by its first message.' }),
    updated_at: timeSchema.meta({ description: 'When something of it changed last.' }),
  })
  .meta({ id: 'Contact' });

export type Contact = z.infer<typeof contactSchema>;

const phoneInput = textSchema(40).meta({ description: 'With + and country code; spaces and dashes are fine.' });

const contactFields = {
  name: nameSchema(200).nullable().optional().meta({ description: 'What you call them.' }),
  phone: phoneInput.nullable().optional(),
};

export const createContactBody = z
  .strictObject(contactFields)
  .refine(({ name, phone }) => name != null || phone != null, { error: 'Must have a name, a phone number, or both.' })
  .meta({ minProperties: 1, example: { name: 'Bruno', phone: '+12025550123' } });

export const updateContactBody = changeBody(contactFields).meta({ example: { name: 'Bruno Reis' } });

export const listContactsQuery = z.strictObject({
  ...pageQuery,
  phone: phoneInput.optional(),
  search: textSchema(100).optional().meta({
    description: 'Part of a name, or three digits or more of a number; a text with a letter in it is of a name.',
  }),
});
export const contactPage = pageSchema(contactSchema).meta({ id: 'ContactPage' });

export const conversationSchema = z
  .strictObject({
    id: idSchema('conversation'),
    account_id: idSchema('account'),
    contact: z
      .strictObject({
        id: idSchema('contact'),
        name: z.string().nullable().meta({ description: 'As the contact has it.' }),
        phone: z.string().nullable().meta({ description: 'E.164, or null where the channel does not show it.' }),
      })
      .meta({ description: 'With whom it is.' }),
    unread_count: z.number().int().meta({ description: 'Messages of theirs in it that nobody has marked as read.' }),
    last_message_at: timeSchema.meta({ description: 'When its last message came or was accepted.' }),
    created_at: timeSchema.meta({ description: 'When its first message came or was accepted.' }),
  })
  .meta({ id: 'Conversation' });

export type Conversation = z.infer<typeof conversationSchema>;

export const listConversationsQuery = z.strictObject({
  ...pageQuery,
  account_id: idSchema('account').optional(),
  contact_id: idSchema('contact').optional(),
  unread: z
    .enum(['true', 'false'], { error: 'Must be true or false.' })
    .optional()
    .meta({ ...shownAsBoolean, description: 'Those with unread messages, or those without.' }),
});
export const conversationPage = pageSchema(conversationSchema).meta({ id: 'ConversationPage' });
