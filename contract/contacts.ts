// Contacts, the people, and conversations, the thread of one account with one contact.
import { z } from 'zod';
import { changeBody, pageQuery, pageSchema, textSchema, timeSchema } from './common.ts';
import { idSchema } from './ids.ts';

export const contactSchema = z
  .strictObject({
    id: idSchema('contact'),
    name: z.string().nullable(),
    phone: z.string().nullable().meta({ description: 'E.164, or null where the channel does not show it.' }),
    last_message_at: timeSchema.nullable(),
    unread_count: z.number().int(),
    totals: z.strictObject({ sent: z.number().int(), received: z.number().int() }),
    created_at: timeSchema,
    updated_at: timeSchema,
  })
  .meta({ id: 'Contact' });

export type Contact = z.infer<typeof contactSchema>;

const phoneInput = textSchema(40).meta({ description: 'With + and country code; spaces and dashes are fine.' });

const contactFields = {
  name: textSchema(200).nullable().optional(),
  phone: phoneInput.nullable().optional(),
};

export const createContactBody = z
  .strictObject(contactFields)
  .refine(({ name, phone }) => name != null || phone != null, { error: 'Must have a name, a phone number, or both.' })
  .meta({ minProperties: 1 });

export const updateContactBody = changeBody(contactFields);

export const listContactsQuery = z.strictObject({
  ...pageQuery,
  phone: phoneInput.optional(),
  search: textSchema(100).optional().meta({ description: 'Part of a name, or digits of a number.' }),
});
export const contactPage = pageSchema(contactSchema);

export const conversationSchema = z
  .strictObject({
    id: idSchema('conversation'),
    account_id: idSchema('account'),
    contact: z.strictObject({ id: idSchema('contact'), name: z.string().nullable(), phone: z.string().nullable() }),
    unread_count: z.number().int(),
    last_message_at: timeSchema,
    created_at: timeSchema,
  })
  .meta({ id: 'Conversation' });

export type Conversation = z.infer<typeof conversationSchema>;

export const listConversationsQuery = z.strictObject({
  ...pageQuery,
  account_id: idSchema('account').optional(),
  contact_id: idSchema('contact').optional(),
  unread: z.enum(['true', 'false']).optional().meta({ description: 'Those with unread messages, or those without.' }),
});
export const conversationPage = pageSchema(conversationSchema);
