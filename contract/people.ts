// The people of a workspace, their roles, and invitations.
import { z } from 'zod';
import { codeSchema, cookiesSchema, emailSchema, passwordSchema } from './auth.ts';
import { changeBody, nameSchema, pageQuery, pageSchema, requestObject, textSchema, timeSchema } from './common.ts';
import { accountLimitSchema, idSchema } from './ids.ts';
import { conversationLimits, roles } from './permissions.ts';

const conversationLimit = (description: string) =>
  z.enum(conversationLimits, { error: `Must be one of ${conversationLimits.join(', ')}.` }).meta({ description });
const eachLimit =
  'all; team: of their teams, of no team, and their own; own: assigned to them, with a note that mentions them, and unassigned ones of their teams.';

const seesNumbersOf = (who: string) =>
  z.boolean({ error: 'Must be true or false.' }).meta({
    description: `Whether ${who} sees the phone numbers of contacts. If not, all but the last four digits are masked.`,
  });

/** A member of the workspace. */
export const personSchema = z
  .strictObject({
    id: idSchema('person'),
    name: z.string().meta({ description: 'The name of the person.' }),
    email: z.string().meta({ description: 'The e-mail address for the login.' }),
    role: z.enum(roles).meta({ description: 'The role of the person in this workspace.' }),
    account_ids: z
      .array(idSchema('account'))
      .nullable()
      .meta({ description: 'The accounts that the person can access. Null for all.' }),
    conversations: conversationLimit(`The conversations that the person reads. ${eachLimit}`),
    sees_numbers: seesNumbersOf('the person'),
    disabled: z.boolean().meta({ description: 'True if the person cannot log in to this workspace.' }),
    second_factor: z.boolean().meta({ description: 'True if the person logs in with a second factor.' }),
    created_at: timeSchema.meta({ description: 'The time when the person joined this workspace.' }),
  })
  .meta({ id: 'Person' });

export const listPeopleQuery = z.strictObject(pageQuery);
export const personPage = pageSchema(personSchema).meta({ id: 'PersonPage' });

export type Person = z.infer<typeof personSchema>;

const role = z
  .enum(roles, { error: `Must be one of ${roles.join(', ')}.` })
  .meta({ description: 'The role of the person in this workspace.' });

export const updatePersonBody = changeBody({
  role: role.optional(),
  account_ids: accountLimitSchema
    .nullable()
    .optional()
    .meta({ description: 'The accounts that an agent or a viewer can access. Null for all.' }),
  conversations: conversationLimit(`The conversations that an agent or a viewer reads. ${eachLimit}`).optional(),
  sees_numbers: seesNumbersOf('an agent or a viewer').optional(),
  disabled: z.boolean().optional().meta({ description: 'A disabled person cannot log in to this workspace.' }),
});

export const resetLinkSchema = z
  .strictObject({
    link: z.string().nullable().meta({ description: 'The one-time link to give to the person. Null if mailed.' }),
    mailed: z.boolean().meta({ description: 'True if Recado mailed the link to the person.' }),
    expires_at: timeSchema.meta({ description: 'The link works until this time.' }),
  })
  .meta({ id: 'ResetLink' });
export type ResetLink = z.infer<typeof resetLinkSchema>;

export const createInvitationBody = requestObject({
  email: emailSchema,
  role,
  account_ids: accountLimitSchema
    .optional()
    .meta({ description: 'The accounts that an agent or a viewer can access. Default: all.' }),
  conversations: conversationLimit(
    `The conversations that an agent or a viewer reads. Default: all. ${eachLimit}`,
  ).optional(),
  sees_numbers: seesNumbersOf('the invited agent or viewer').optional(),
}).meta({ example: { email: 'bea@example.com', role: 'agent' } });

export const invitationSchema = z
  .strictObject({
    id: idSchema('invitation'),
    email: z.string().meta({ description: 'The invited e-mail address.' }),
    role: z.enum(roles).meta({ description: 'The role that the invited person gets.' }),
    account_ids: z
      .array(idSchema('account'))
      .nullable()
      .meta({ description: 'The accounts that the invited person can access. Null for all.' }),
    conversations: conversationLimit(`The conversations that the invited person reads. ${eachLimit}`),
    sees_numbers: seesNumbersOf('the invited person'),
    status: z
      .enum(['open', 'accepted', 'revoked', 'expired'])
      .meta({ description: 'Only an open invitation can be accepted.' }),
    invited_by: z
      .strictObject({ id: idSchema('person'), name: z.string().meta({ description: 'The name of the person.' }) })
      .meta({ description: 'The person who created the invitation.' }),
    created_at: timeSchema.meta({ description: 'The time of creation.' }),
    expires_at: timeSchema.meta({ description: 'The invitation can be accepted until this time.' }),
  })
  .meta({ id: 'Invitation' });

export const newInvitationSchema = invitationSchema
  .extend({
    mailed: z.boolean().meta({ description: 'True if Recado mailed the link to the person.' }),
    link: z.string().nullable().meta({ description: 'The link to give to the person, shown once. Null if mailed.' }),
  })
  .meta({ id: 'NewInvitation' });
export type NewInvitation = z.infer<typeof newInvitationSchema>;

export const listInvitationsQuery = z.strictObject(pageQuery);
export const invitationPage = pageSchema(invitationSchema).meta({ id: 'InvitationPage' });

const invitationToken = textSchema(100).meta({ description: 'The one-time token of the link.' });

export const previewInvitationBody = requestObject({ token: invitationToken }).meta({
  example: { token: 'the_token_of_the_link' },
});

/** An invitation as its link shows it, to somebody who is not logged in. */
export const invitationPreviewSchema = z
  .strictObject({
    workspace_name: z.string().meta({ description: 'The workspace that the person joins.' }),
    invited_by: z.string().nullable().meta({ description: 'The name of the inviter. Null if the person is gone.' }),
    email: z.string().meta({ description: 'The invited e-mail address.' }),
    role: z.enum(roles).meta({ description: 'The role that the invited person gets.' }),
    expires_at: timeSchema.meta({ description: 'The invitation can be accepted until this time.' }),
  })
  .meta({ id: 'InvitationPreview' });

export const acceptInvitationBody = requestObject({
  token: invitationToken,
  name: nameSchema(100).meta({ description: 'The name of a new person. A known person keeps their name.' }),
  password: passwordSchema.meta({ description: 'A new password. A known person gives their own password.' }),
  code: codeSchema.optional().meta({ description: 'Required if the person has a second factor.' }),
  cookies: cookiesSchema,
}).meta({ example: { token: 'the_token_of_the_link', name: 'Bea', password: 'four words picked at random' } });

export type Invitation = z.infer<typeof invitationSchema>;
