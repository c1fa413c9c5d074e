// The simulated phones of Sandbox accounts: what a person sees of the chat with an account, and does in it.
import { z } from 'zod';
import { changeBody, requestObject, textSchema, timeSchema, visibleRule } from './common.ts';
import { idSchema } from './ids.ts';

/** The number of a person, in the path of a phone. */
export const phoneNumberParam = textSchema(40).meta({
  description: 'The number of the person, with + and country code.',
});

/** The id of a message on a phone, as WhatsApp names it. */
export const phoneMessageId = z
  .string()
  .regex(/^[\w.+/=-]{1,255}$/, { error: 'Must be the id of a message on this phone.' })
  .meta({ description: 'The `channel_message_id` of the message.', example: 'wamid.HBgNNTUxMTk4NzY1NDMyMRU=' });

const shownMessageId = z.string().meta({ description: 'The `channel_message_id` of a message.' });

const shownText = (what: string) =>
  z
    .string()
    .nullable()
    .meta({ description: `${what} Null if there is none.` });

const phoneChoice = z.strictObject({
  id: z.string().meta({ description: 'What to choose it by.' }),
  title: z.string().meta({ description: 'The text of the button or row.' }),
  description: shownText('The second line of a row.'),
});

const phoneMessageSchema = z
  .strictObject({
    id: shownMessageId,
    from: z.enum(['person', 'account']).meta({ description: 'Who wrote it.' }),
    type: z.string().meta({ description: 'The type of the message at WhatsApp, such as text or template.' }),
    at: timeSchema.meta({ description: 'The time of the message.' }),
    status: z
      .enum(['sent', 'delivered', 'read'])
      .meta({ description: 'Of a message of the account: whether the person has read it. Of the person: ours.' }),
    preview: z.string().meta({ description: 'The message in one line.' }),
    header: shownText('A heading.'),
    text: shownText('The text, or the caption of a file.'),
    footer: shownText('The small print.'),
    file: z
      .strictObject({
        mime_type: z.string().meta({ description: 'The type of the file.' }),
        size: z.number().int().meta({ description: 'Size in bytes.' }),
        filename: shownText('The name of the file.'),
        voice: z.boolean().meta({ description: 'Whether it is a voice note.' }),
      })
      .nullable()
      .meta({ description: 'The file that the message shows. Null if it has none.' }),
    choices: z
      .strictObject({
        kind: z.enum(['buttons', 'list']).meta({ description: 'How they are shown.' }),
        title: shownText('What opens a list.'),
        options: z.array(phoneChoice).meta({ description: 'The buttons or rows.' }),
        chosen: shownText('The title of the one that the person chose.'),
      })
      .nullable()
      .meta({ description: 'What the person can choose from. Null if nothing.' }),
    link: z
      .strictObject({
        title: z.string().meta({ description: 'The text of the button.' }),
        url: z.string().meta({ description: 'The address.' }),
      })
      .nullable()
      .meta({ description: 'A button that opens a page. Null if there is none.' }),
    location: z
      .strictObject({
        latitude: z.number().meta({ description: 'Degrees north.' }),
        longitude: z.number().meta({ description: 'Degrees east.' }),
        name: shownText('The name of the place.'),
        address: shownText('The address of the place.'),
      })
      .nullable()
      .meta({ description: 'A place. Null if the message has none.' }),
    people: z
      .array(
        z.strictObject({
          name: z.string().meta({ description: 'The name.' }),
          phone: shownText('The first number.'),
        }),
      )
      .meta({ description: 'Shared contacts. Empty if there are none.' }),
    quotes: shownMessageId.nullable().meta({ description: 'The message that it answers. Null if it answers none.' }),
    reactions: z
      .strictObject({ person: shownText('Of the person.'), account: shownText('Of the account.') })
      .meta({ description: 'The emoji of each side.' }),
    edited: z.boolean().meta({ description: 'Whether its text was changed.' }),
    deleted: z.boolean().meta({ description: 'Whether it was deleted for everyone.' }),
  })
  .meta({ id: 'PhoneMessage' });

export type PhoneMessage = z.infer<typeof phoneMessageSchema>;

export const phoneScreenSchema = z
  .strictObject({
    number: z.string().meta({ description: 'E.164 number of the person.' }),
    auto_read: z.boolean().meta({ description: 'Whether messages of the account are read without a request.' }),
    auto_reply: shownText('The text that answers each message of the account.'),
    typing: z.boolean().meta({ description: 'Whether the account shows that it is typing.' }),
    unread_count: z.number().int().meta({ description: 'Messages of the account that the person has not read.' }),
    messages: z.array(phoneMessageSchema).meta({ description: 'The last 500 messages that arrived, oldest first.' }),
  })
  .meta({ id: 'PhoneScreen' });

export type PhoneScreen = z.infer<typeof phoneScreenSchema>;

export const changePhoneBody = changeBody({
  auto_read: z
    .boolean({ error: 'Must be true or false.' })
    .optional()
    .meta({ description: 'Whether the person reads what arrives. It applies to this account only.' }),
  auto_reply: textSchema(4096)
    .nullable()
    .optional()
    .meta({ description: 'The text that answers each message of the account. Null for none.' }),
}).meta({ example: { auto_read: false } });

const reply = { reply_to: phoneMessageId.optional().meta({ description: 'The message that it answers.' }) };

/** What a person does in the chat: write, react, choose, or send a file. */
export const writeOnPhoneBody = z
  .discriminatedUnion(
    'type',
    [
      requestObject({
        type: z.literal('text').meta({ description: 'The person writes.' }),
        text: requestObject({
          body: textSchema(4096)
            .refine(...visibleRule)
            .meta({ description: 'The text.' }),
        }).meta({ description: 'What the person writes.' }),
        ...reply,
      }),
      requestObject({
        type: z.literal('reaction').meta({ description: 'The person reacts to a message.' }),
        reaction: requestObject({
          message_id: phoneMessageId,
          emoji: textSchema(32).nullable().meta({ description: 'The emoji. Null removes the reaction.' }),
        }).meta({ description: 'What the person reacts to, and how.' }),
      }),
      requestObject({
        type: z.literal('choice').meta({ description: 'The person presses a button or a row of a list.' }),
        choice: requestObject({
          message_id: phoneMessageId,
          id: textSchema(256).meta({ description: 'The `id` of one of its options.' }),
        }).meta({ description: 'The button or row that the person presses.' }),
      }),
      requestObject({
        type: z.literal('file').meta({ description: 'The person sends a file.' }),
        file: requestObject({
          media_id: idSchema('media'),
          caption: textSchema(1024).optional().meta({ description: 'The caption. Audio and stickers have none.' }),
          voice: z.boolean().optional().meta({ description: 'Whether audio is a voice note. Default: false.' }),
        }).meta({ description: 'The file that the person sends.' }),
      }),
    ],
    { error: 'Must have the type text, reaction, choice or file.' },
  )
  .meta({ example: { type: 'text', text: { body: 'Is the terrace free?' } } });

export type WriteOnPhone = z.infer<typeof writeOnPhoneBody>;

export const writtenOnPhoneSchema = z
  .strictObject({ id: shownMessageId })
  .meta({ id: 'WrittenOnPhone', description: 'Recado receives the message as a webhook.' });

export const readOnPhoneSchema = z
  .strictObject({ read: z.number().int().meta({ description: 'How many messages were unread.' }) })
  .meta({ id: 'ReadOnPhone' });

export const sandboxRecipientsSchema = z
  .strictObject({
    data: z
      .array(
        z.strictObject({
          number: z.string().meta({ description: 'E.164 number. Any other area code works as well.' }),
          outcome: z.string().meta({ description: 'The name of what happens, such as window-closed.' }),
          description: z.string().meta({ description: 'What happens to each message to this number.' }),
        }),
      )
      .meta({ description: 'The reserved numbers.' }),
  })
  .meta({ id: 'SandboxRecipients' });
