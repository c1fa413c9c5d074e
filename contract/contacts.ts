// Contacts (people) and conversations (all messages between one account and one contact).
import { z } from 'zod';
import {
  changeBody,
  metadataSchema,
  nameSchema,
  pageQuery,
  pageSchema,
  referenceSchema,
  requestObject,
  shownAsBoolean,
  shownMetadata,
  textSchema,
  timeSchema,
} from './common.ts';
import { allMessageTypes } from './content/index.ts';
import { idExamples, idListSchema, idSchema } from './ids.ts';
import { statuses } from './messages.ts';
import { optOutCategories } from './opt-outs.ts';

/** The same in each answer that counts the messages of a contact or a conversation. */
const messageCounts = z
  .strictObject({
    outbound: z.number().int().meta({ description: 'Messages to the contact, whatever their status.' }),
    inbound: z.number().int().meta({ description: 'Messages that the contact wrote.' }),
  })
  .meta({ description: 'Number of messages, including messages deleted since.' });

const unreadMeta =
  'Inbound messages that nobody marked as read. At least 1 if somebody marked a conversation as unread.';

/** How WhatsApp names a person beside the number. */
const channelNames = {
  user_id: z.string().nullable().meta({
    description: 'The business-scoped user id of WhatsApp. Null until WhatsApp names it.',
    example: 'US.13491208655302741918',
  }),
  username: z.string().nullable().meta({ description: 'The username at WhatsApp. Null if none is known.' }),
};

export const contactSchema = z
  .strictObject({
    id: idSchema('contact'),
    name: z.string().nullable().meta({ description: 'The name you gave, or else the name of the WhatsApp profile.' }),
    phone: z.string().nullable().meta({ description: 'E.164 number. Null where the channel hides it.' }),
    ...channelNames,
    parent_user_id: z.string().nullable().meta({
      description: 'The user id for all businesses of your parent company at WhatsApp. Null if there is none.',
    }),
    reference: z.string().nullable().meta({ description: 'Your own name for the contact. Null if it has none.' }),
    metadata: shownMetadata,
    opted_out: z.enum(optOutCategories).nullable().meta({
      description: 'all: gets no messages. marketing: gets no marketing messages. Null without an opt-out.',
    }),
    whatsapp: z
      .strictObject({
        status: z.literal('unreachable').meta({ description: 'WhatsApp could not deliver to the number.' }),
        since: timeSchema.meta({ description: 'The time of the first such error.' }),
      })
      .nullable()
      .meta({ description: 'Set after error 131026, until the person is heard of again. Null otherwise.' }),
    last_message_at: timeSchema.nullable().meta({ description: 'The time of the last message in either direction.' }),
    unread_count: z.number().int().meta({ description: unreadMeta }),
    message_counts: messageCounts,
    created_at: timeSchema.meta({ description: 'The time of creation, by a request or by the first message.' }),
    updated_at: timeSchema.meta({ description: 'The time of the last change.' }),
  })
  .meta({ id: 'Contact' });

export type Contact = z.infer<typeof contactSchema>;

const phoneInput = textSchema(40).meta({
  description: 'The number with + and country code. Spaces and dashes are allowed.',
});

const contactFields = {
  name: nameSchema(200).nullable().optional().meta({ description: 'The name of the person. Null for no name.' }),
  phone: phoneInput.nullable().optional(),
  reference: referenceSchema.nullable().optional(),
  metadata: metadataSchema.nullable().optional(),
};

export const createContactBody = requestObject(contactFields)
  .refine(({ name, phone }) => name != null || phone != null, { error: 'Must have a name, a phone number, or both.' })
  .meta({ minProperties: 1, example: { name: 'Bruno', phone: '+12025550123' } });

export const updateContactBody = changeBody(contactFields).meta({ example: { name: 'Bruno Reis' } });

export const listContactsQuery = z.strictObject({
  ...pageQuery,
  ids: idListSchema('contact').optional(),
  phone: phoneInput.optional(),
  reference: referenceSchema.optional().meta({ description: 'Only the contacts with exactly this reference.' }),
  search: textSchema(100).optional().meta({
    description: 'Part of a name, or at least three digits of a number. A text with a letter searches names only.',
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
        name: z.string().nullable().meta({ description: 'The name of the contact.' }),
        phone: z.string().nullable().meta({ description: 'E.164 number. Null where the channel hides it.' }),
        ...channelNames,
      })
      .meta({ description: 'The contact of the conversation.' }),
    unread_count: z.number().int().meta({ description: unreadMeta }),
    message_counts: messageCounts,
    window: z
      .strictObject({
        open: z.boolean().meta({ description: 'Whether free-form messages may be sent now.' }),
        until: timeSchema.nullable().meta({
          description: '24 hours after the person last wrote or called. Null if they never did.',
        }),
      })
      .meta({ description: 'WhatsApp’s 24-hour window. Outside of it, only templates may be sent.' }),
    owner: z
      .strictObject({
        is: z.enum(['us', 'other']).nullable().meta({
          description:
            'us: the person last wrote to you. other: another partner or an agent answers. Null after a hand-over, until the next message tells.',
        }),
        role: z.string().nullable().meta({
          description: 'The role of the owner, in the words of WhatsApp. Null if it did not say.',
          example: 'ai_agent',
        }),
        since: timeSchema.meta({ description: 'The time when WhatsApp last told of it.' }),
      })
      .nullable()
      .meta({ description: 'Who has the conversation. Null while nobody else ever had it.' }),
    last_message: z
      .strictObject({
        id: idSchema('message'),
        direction: z.enum(['outbound', 'inbound']).meta({ description: 'outbound: to the contact.' }),
        type: z.enum(allMessageTypes).meta({ description: 'The type of the message.' }),
        status: z.enum(statuses).meta({ description: 'The status of the message.' }),
        source: z.enum(['phone', 'standby']).nullable().meta({
          description: 'phone: written on the phone of the account. standby: somebody else had the conversation.',
        }),
        text: z.string().nullable().meta({
          description: 'Its text, caption or name, up to 200 characters. Null if it has none or was deleted.',
        }),
        error_code: z.string().nullable().meta({ description: 'Why it failed. Null if it did not.' }),
        created_at: timeSchema.meta({ description: 'The time when Recado accepted or received it.' }),
      })
      .nullable()
      .meta({
        description:
          'The newest message that is no reaction. Null without one, and without the permission messages.read.',
      }),
    last_message_at: timeSchema.meta({
      description: 'The time of the last message in either direction, or else that of the creation.',
    }),
    created_at: timeSchema.meta({ description: 'The time of the creation, by the first message or by a request.' }),
  })
  .meta({ id: 'Conversation' });

export type Conversation = z.infer<typeof conversationSchema>;

export const threadRoles = ['ai_agent', 'ctwa', 'customer_service', 'escalation', 'marketing', 'utility'] as const;

export const controlThreadBody = requestObject({
  action: z
    .enum(['take', 'pass', 'release'], { error: 'Must be take, pass or release.' })
    .meta({ description: 'take: it is yours. pass: it is of another role. release: the next owner gets it.' }),
  role: z
    .enum(threadRoles, { error: `Must be one of ${threadRoles.join(', ')}.` })
    .optional()
    .meta({ description: 'To whom it is passed. Default: as the business has set up at Meta.' }),
  metadata: textSchema(2000).optional().meta({ description: 'A text for the next owner.' }),
})
  .refine(({ action, role }) => action === 'pass' || role === undefined, {
    path: ['role'],
    error: 'Is only for the action pass.',
  })
  .meta({ example: { action: 'pass', role: 'ai_agent', metadata: 'The order is paid.' } });

export const openConversationBody = requestObject({
  account_id: idSchema('account'),
  to: phoneInput.optional(),
  contact_id: idSchema('contact').optional().meta({ description: 'The contact to write to.' }),
})
  .refine(({ to, contact_id }) => (to === undefined) !== (contact_id === undefined), {
    path: ['to'],
    error: 'Give exactly one of to and contact_id.',
  })
  .meta({ example: { account_id: idExamples.account, to: '+12025550124' } });

const trueOnly = z.enum(['true'], { error: 'Must be true, or left out.' }).optional();

export const listConversationsQuery = z.strictObject({
  ...pageQuery,
  account_id: idSchema('account').optional(),
  contact_id: idSchema('contact').optional(),
  unread: z
    .enum(['true', 'false'], { error: 'Must be true or false.' })
    .optional()
    .meta({ ...shownAsBoolean, description: 'true: only with unread messages. false: only without.' }),
  waiting: trueOnly.meta({ ...shownAsBoolean, description: 'true: only with a message that waits to be sent.' }),
  not_sent: trueOnly.meta({
    ...shownAsBoolean,
    description: 'true: only with a message of the last 7 days that failed or whose outcome is unknown.',
  }),
  search: textSchema(100).optional().meta({
    description: "Part of the contact's name, or at least three digits of the number.",
  }),
});

export const countConversationsQuery = z.strictObject({
  account_id: idSchema('account').optional().meta({ description: 'Only the conversations of this account.' }),
});

const count = (what: string) =>
  z
    .number()
    .int()
    .meta({ description: `${what} Counted up to 10,001.` });

export const conversationCountsSchema = z
  .strictObject({
    all: count('All conversations.'),
    unread: count('With unread messages.'),
    waiting: count('With a message that waits to be sent.'),
    not_sent: count('With a message of the last 7 days that failed or whose outcome is unknown.'),
  })
  .meta({ id: 'ConversationCounts' });
export const conversationPage = pageSchema(conversationSchema).meta({ id: 'ConversationPage' });
