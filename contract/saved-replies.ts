// Saved replies: texts that people write often, with variables and files, found by a shortcut.
import { z } from 'zod';
import { changeBody, nameSchema, pageQuery, pageSchema, requestObject, textSchema, timeSchema } from './common.ts';
import { templateLanguage, templateName } from './content/template.ts';
import { accountLimitSchema, idExamples, idSchema } from './ids.ts';
import { mediaIdsSchema, mediaKinds } from './media.ts';
import { teamOfScope, teamRule } from './teams.ts';

export const replyScopes = ['personal', 'team', 'workspace'] as const;

/** How many saved replies each person has, each team, and the workspace. */
export const mostSavedReplies = 500;
/** How many files go with a reply. */
export const mostReplyFiles = 5;
/** A text of WhatsApp is no longer. */
export const longestReply = 4096;

const shortcut = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,31}$/, {
    error: 'Must begin with a letter a–z or a digit and have at most 32 characters a–z, 0–9, - and _.',
  })
  .meta({ description: 'What people type after /. Unique among the replies of its scope.', example: 'return' });
const title = nameSchema(100).meta({ description: 'What people read in the list.' });
const body = textSchema(longestReply).meta({
  description:
    'The text. Variables: {{contact.name}}, {{contact.first_name}}, {{agent.name}}, {{account.name}} and {{field.KEY}} of your own fields. The text behind | replaces an empty one: {{contact.first_name|there}}.',
  example: 'Hi {{contact.first_name|there}}, you can bring the book to our shop on any day.',
});
const files = mediaIdsSchema(mostReplyFiles).meta({
  description: 'Files that go with it, each as a message of its own. Upload them first.',
});
const language = z
  .string()
  .regex(/^[a-z]{2,3}(_[A-Z][A-Za-z]{1,3})?$/, { error: 'Must be a language code like pt or pt_BR.' })
  .nullable()
  .meta({
    description: 'The language of the text, as the languages of templates. Null if it is for all.',
    example: 'pt_BR',
  });
const accounts = accountLimitSchema.nullable().meta({ description: 'Only for these accounts. Null for all.' });
const template = requestObject({ name: templateName, language: templateLanguage }).nullable().meta({
  description: 'An approved template, which people send instead while the 24-hour window is closed. Null for none.',
});
const scope = z.enum(replyScopes, { error: 'Must be personal, team or workspace.' });

export const createSavedReplyBody = requestObject({
  shortcut,
  title,
  body,
  scope: scope.optional().meta({
    description:
      'personal, the default: only for the caller. team: for the members of a team. workspace: for everybody. It never changes.',
  }),
  team_id: teamOfScope,
  media_ids: files.optional(),
  language: language.optional(),
  account_ids: accounts.optional(),
  template: template.optional(),
})
  .refine(...teamRule)
  .meta({
    example: {
      shortcut: 'return',
      title: 'Return at the shop',
      body: 'Hi {{contact.first_name|there}}, you can bring the book to our shop on any day.',
      scope: 'workspace',
    },
  });

export const updateSavedReplyBody = changeBody({
  shortcut: shortcut.optional(),
  title: title.optional(),
  body: body.optional(),
  media_ids: files.optional(),
  language: language.optional(),
  account_ids: accounts.optional(),
  template: template.optional(),
}).meta({ example: { title: 'Return at our shop' } });

export const savedReplySchema = z
  .strictObject({
    id: idSchema('saved_reply'),
    shortcut: z.string().meta({ description: 'What people type after /.' }),
    title: z.string().meta({ description: 'What people read in the list.' }),
    body: z.string().meta({ description: 'The text with its variables.' }),
    scope: scope.meta({
      description: 'personal: only for the caller. team: for the members of a team. workspace: for everybody.',
    }),
    team_id: idSchema('team').nullable().meta({ description: 'The team of a reply with the scope team.' }),
    files: z
      .array(
        z.strictObject({
          id: idSchema('media'),
          filename: z.string().nullable().meta({ description: 'The file name.' }),
          kind: z.enum(mediaKinds).meta({ description: 'The type of message that carries the file.' }),
          mime_type: z.string().nullable().meta({ description: 'The media type.' }),
          size: z.number().int().nullable().meta({ description: 'The size in bytes.' }),
        }),
      )
      .meta({ description: 'The files that go with it.' }),
    language: z.string().nullable().meta({ description: 'The language of the text. Null if nobody set it.' }),
    account_ids: z.array(idSchema('account')).nullable().meta({
      description: 'Only for these accounts, as far as the caller sees them. Null for all.',
    }),
    template: template.meta({
      description: 'The template that people send instead while the 24-hour window is closed. Null for none.',
    }),
    uses: z.number().int().meta({ description: 'How often it was used in the last 30 days.' }),
    created_by: z
      .strictObject({
        id: idSchema('person').or(idSchema('api_key')),
        name: z.string().nullable().meta({ description: 'The current name.' }),
      })
      .meta({ description: 'Who wrote it.' }),
    created_at: timeSchema.meta({ description: 'The time of creation.' }),
    updated_at: timeSchema.meta({ description: 'The time of the last change.' }),
  })
  .meta({ id: 'SavedReply' });
export type SavedReply = z.infer<typeof savedReplySchema>;

export const listSavedRepliesQuery = z.strictObject({
  ...pageQuery,
  scope: scope.optional().meta({ description: 'Only the replies of this scope.' }),
  account_id: idSchema('account').optional().meta({ description: 'Only the replies for this account.' }),
  search: textSchema(100).optional().meta({ description: 'Words of the title, the shortcut or the text.' }),
});
export const savedReplyPage = pageSchema(savedReplySchema).meta({ id: 'SavedReplyPage' });

export const savedReplyExample = { saved_reply_id: idExamples.saved_reply, shortcut: 'return' };
