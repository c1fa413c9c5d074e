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
  storableRule,
  textSchema,
  timeInputSchema,
  timeSchema,
  wholeNumber,
} from './common.ts';
import { fieldKeySchema, fieldSourceSchema, fieldsInput, shownFields } from './contact-fields.ts';
import { allMessageTypes } from './content/index.ts';
import { idExamples, idListSchema, idSchema } from './ids.ts';
import { labelIdsInput, shownLabelSchema } from './labels.ts';
import { senderFields, statuses } from './messages.ts';
import { optOutCategories } from './opt-outs.ts';
import { mostMembers } from './segments.ts';
import { shownWork } from './team.ts';
import { filterWords, mostWaitingMinutes, mostWindowMinutes, sharedFilters } from './views.ts';

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

/** The language of a person, as the languages of templates. */
const languageInput = z
  .string()
  .regex(/^[a-z]{2,3}(_[A-Z][A-Za-z]{1,3})?$/, { error: 'Must be a language code like pt or pt_BR.' })
  .meta({ description: 'The language of the person, as the languages of templates.', example: 'pt_BR' });

const shownLabels = z.array(shownLabelSchema).meta({ description: 'Its labels, by name.' });

export const contactSchema = z
  .strictObject({
    id: idSchema('contact'),
    name: z.string().nullable().meta({ description: 'The name you gave, or else the name of the WhatsApp profile.' }),
    phone: z.string().nullable().meta({ description: 'E.164 number. Null where the channel hides it.' }),
    other_phones: z.array(z.string()).meta({
      description: 'Other numbers of the person, after a merge by hand. Messages to them lead to this contact.',
    }),
    country: z.string().nullable().meta({
      description: 'The country of the number, as two letters. Null without a number, or if it is of no country.',
      example: 'BR',
    }),
    language: z.string().nullable().meta({ description: 'The language of the person. Null if nobody set it.' }),
    ...channelNames,
    parent_user_id: z.string().nullable().meta({
      description: 'The user id for all businesses of your parent company at WhatsApp. Null if there is none.',
    }),
    reference: z.string().nullable().meta({ description: 'Your own name for the contact. Null if it has none.' }),
    metadata: shownMetadata,
    fields: shownFields,
    field_sources: z.record(z.string(), fieldSourceSchema).meta({
      description: 'Where each value of `fields` came from, by key.',
    }),
    import_id: idSchema('contact_import').nullable().meta({
      description: 'The import that created the contact. Null if none did.',
    }),
    labels: shownLabels,
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
  language: languageInput.nullable().optional(),
  fields: fieldsInput.optional(),
  label_ids: labelIdsInput.optional(),
};

export const createContactBody = requestObject(contactFields)
  .refine(({ name, phone }) => name != null || phone != null, { error: 'Must have a name, a phone number, or both.' })
  .meta({ minProperties: 1, example: { name: 'Bruno', phone: '+12025550123' } });

export const updateContactBody = changeBody(contactFields).meta({ example: { name: 'Bruno Reis' } });

export const contactSorts = ['created', 'name', 'last_message'] as const;
export type ContactSort = (typeof contactSorts)[number];

const yesOrNo = z.enum(['true', 'false'], { error: 'Must be true or false.' }).optional();

/** The filters of contacts, as the list and the export take them. */
const contactFilter = {
  ids: idListSchema('contact').optional(),
  phone: phoneInput.optional(),
  reference: referenceSchema.optional().meta({ description: 'Only the contacts with exactly this reference.' }),
  search: textSchema(100).optional().meta({
    description:
      'Part of a name, at least three digits of a number, the whole reference, or the beginning of a value of your fields. A text with a letter is no number.',
  }),
  label_id: idSchema('label').optional().meta({ description: 'Only the contacts with this label.' }),
  segment_id: idSchema('segment').optional().meta({ description: 'Only the people of this segment or list.' }),
  field: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,39}:./, { error: 'Must be the key of a field, a colon and a value.' })
    .max(600)
    .refine(...storableRule)
    .optional()
    .meta({
      description: 'Only the contacts with this value of one of your fields: key, colon, value.',
      example: 'favourite_shop:Chiado',
    }),
  language: languageInput.optional().meta({ description: 'Only the contacts with this language.' }),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, { error: 'Must be the two capital letters of a country, like BR.' })
    .optional()
    .meta({
      description: 'Only numbers with the calling code of this country. Countries that share a code come together.',
      example: 'BR',
    }),
  opted_out: yesOrNo.meta({ ...shownAsBoolean, description: 'true: only with an opt-out. false: only without.' }),
  unread: yesOrNo.meta({ ...shownAsBoolean, description: 'true: only with unread messages. false: only without.' }),
  created_from: timeInputSchema.optional().meta({ description: 'Only contacts created at this time or later.' }),
  created_until: timeInputSchema.optional().meta({ description: 'Only contacts created before this time.' }),
};

export const listContactsQuery = z.strictObject({
  ...pageQuery,
  ...contactFilter,
  sort: z
    .enum(contactSorts, { error: `Must be one of ${contactSorts.join(', ')}.` })
    .optional()
    .meta({
      description:
        'created: newest first. name: by name. last_message: the latest message first, then contacts without one. Default: created.',
    }),
});

export const exportContactsQuery = z.strictObject(contactFilter);

export const labelContactsBody = requestObject({
  action: z
    .enum(['add', 'remove'], { error: 'Must be add or remove.' })
    .meta({ description: 'Whether the contacts get the label or lose it.' }),
  contact_ids: z
    .array(idSchema('contact'))
    .min(1, { error: 'Must have at least one id.' })
    .max(500, { error: 'Must have at most 500 ids.' })
    .optional()
    .meta({ description: 'The contacts. Unknown and deleted ones are left out.' }),
  filter: requestObject(contactFilter).optional().meta({
    description: 'All contacts that fit these filters of the list, at most 10,000. Empty: all contacts.',
  }),
})
  .refine(({ contact_ids, filter }) => (contact_ids === undefined) !== (filter === undefined), {
    path: ['contact_ids'],
    error: 'Must have exactly one of contact_ids and filter.',
  })
  .meta({ example: { action: 'add', contact_ids: [idExamples.contact] } });

export const changeMembersBody = requestObject({
  action: z
    .enum(['add', 'remove'], { error: 'Must be add or remove.' })
    .meta({ description: 'Whether the contacts come into the list or leave it.' }),
  contact_ids: z
    .array(idSchema('contact'))
    .min(1, { error: 'Must have at least one id.' })
    .max(mostMembers, { error: `Must have at most ${mostMembers} ids.` })
    .optional()
    .meta({ description: 'The contacts. Unknown and deleted ones are left out.' }),
  filter: requestObject(contactFilter).optional().meta({
    description: 'All contacts that fit these filters of the list of contacts, at most 10,000. Empty: all contacts.',
  }),
})
  .refine(({ contact_ids, filter }) => (contact_ids === undefined) !== (filter === undefined), {
    path: ['contact_ids'],
    error: 'Must have exactly one of contact_ids and filter.',
  })
  .meta({ example: { action: 'add', contact_ids: [idExamples.contact] } });

export const changedMembersSchema = z
  .strictObject({ changed: z.number().int().meta({ description: 'How many contacts came or left.' }) })
  .meta({ id: 'ChangedMembers' });

export const labelledContactsSchema = z
  .strictObject({ changed: z.number().int().meta({ description: 'How many contacts changed.' }) })
  .meta({ id: 'LabelledContacts' });

/** The values that a contact may take from the other one in a merge. */
const takenSchema = z.union(
  [z.enum(['name', 'language', 'reference']), z.templateLiteral(['fields.', fieldKeySchema])],
  {
    error: 'Must be name, language, reference, or fields. with the key of a field.',
  },
);

export const mergeContactsBody = requestObject({
  other_id: idSchema('contact').meta({ description: 'The contact that ends. Its history and its numbers move.' }),
  take: z
    .array(takenSchema)
    .max(103, { error: 'Must have at most 103 values.' })
    .optional()
    .meta({
      description: 'Which values of the other replace those of the contact. Where the contact has none, it gets them.',
      example: ['language', 'fields.favourite_shop'],
    }),
}).meta({ example: { other_id: 'con_01k9m3q5w8e7taz4x2c6v0b1zz', take: ['name'] } });

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
    labels: shownLabels,
    ...shownWork,
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
        ...senderFields,
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
  ...sharedFilters,
  contact_id: idSchema('contact').optional(),
  unread: z
    .enum(['true', 'false'], { error: 'Must be true or false.' })
    .optional()
    .meta({ ...shownAsBoolean, description: filterWords.unread }),
  waiting: trueOnly.meta({ ...shownAsBoolean, description: filterWords.waiting }),
  not_sent: trueOnly.meta({ ...shownAsBoolean, description: filterWords.not_sent }),
  unanswered_minutes: wholeNumber(0, mostWaitingMinutes)
    .optional()
    .meta({ description: filterWords.unanswered_minutes }),
  closes_within_minutes: wholeNumber(1, mostWindowMinutes)
    .optional()
    .meta({ description: filterWords.closes_within_minutes }),
});

export const conversationPage = pageSchema(conversationSchema).meta({ id: 'ConversationPage' });
