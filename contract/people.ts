// The people of a workspace, and what each may do in it.
import { z } from 'zod';
import { codeSchema, cookiesSchema, emailSchema, passwordSchema } from './auth.ts';
import { changeBody, nameSchema, pageQuery, pageSchema, textSchema, timeSchema } from './common.ts';
import { accountLimitSchema, idSchema } from './ids.ts';
import { roles } from './permissions.ts';

/** A member of the workspace. */
export const personSchema = z
  .strictObject({
    id: idSchema('person'),
    name: z.string().meta({ description: 'What the person is called.' }),
    email: z.string().meta({ description: 'What the person logs in with.' }),
    role: z.enum(roles).meta({ description: 'What the person may do in this workspace.' }),
    account_ids: z
      .array(idSchema('account'))
      .nullable()
      .meta({ description: 'The accounts that the person is limited to; null for all.' }),
    disabled: z.boolean().meta({ description: 'Whether the person is kept from logging in to this workspace.' }),
    second_factor: z.boolean().meta({ description: 'Whether the person logs in with a second factor.' }),
    created_at: timeSchema.meta({ description: 'When the person joined this workspace.' }),
  })
  .meta({ id: 'Person' });

export const listPeopleQuery = z.strictObject(pageQuery);
export const personPage = pageSchema(personSchema).meta({ id: 'PersonPage' });

export type Person = z.infer<typeof personSchema>;

const role = z
  .enum(roles, { error: `Must be one of ${roles.join(', ')}.` })
  .meta({ description: 'What the person may do in this workspace.' });

export const updatePersonBody = changeBody({
  role: role.optional(),
  account_ids: accountLimitSchema
    .nullable()
    .optional()
    .meta({ description: 'The accounts that an agent or a viewer is limited to; null for all.' }),
  disabled: z.boolean().optional().meta({ description: 'Whoever is disabled cannot log in to this workspace.' }),
});

export const resetLinkSchema = z
  .strictObject({
    link: z.string().nullable().meta({ description: 'To hand over; it works once. Null where it was mailed.' }),
    mailed: z.boolean().meta({ description: 'Whether the link went to the person by mail.' }),
    expires_at: timeSchema.meta({ description: 'Until when the link works.' }),
  })
  .meta({ id: 'ResetLink' });

export const createInvitationBody = z
  .strictObject({
    email: emailSchema,
    role,
    account_ids: accountLimitSchema
      .optional()
      .meta({ description: 'The accounts that an agent or a viewer is limited to; all if not given.' }),
  })
  .meta({ example: { email: 'bea@example.com', role: 'agent' } });

export const invitationSchema = z
  .strictObject({
    id: idSchema('invitation'),
    email: z.string().meta({ description: 'Whom it is for.' }),
    role: z.enum(roles).meta({ description: 'What whoever accepts may do.' }),
    account_ids: z
      .array(idSchema('account'))
      .nullable()
      .meta({ description: 'The accounts that whoever accepts is limited to; null for all.' }),
    status: z
      .enum(['open', 'accepted', 'revoked', 'expired'])
      .meta({ description: 'Only an open one can be accepted.' }),
    invited_by: z
      .strictObject({ id: idSchema('person'), name: z.string().meta({ description: 'What the person is called.' }) })
      .meta({ description: 'Who made it.' }),
    created_at: timeSchema.meta({ description: 'When it was made.' }),
    expires_at: timeSchema.meta({ description: 'Until when it can be accepted.' }),
  })
  .meta({ id: 'Invitation' });

export const newInvitationSchema = invitationSchema
  .extend({
    mailed: z.boolean().meta({ description: 'Whether the link went to the address by mail.' }),
    link: z.string().nullable().meta({ description: 'To hand over where it was not mailed. It is never shown again.' }),
  })
  .meta({ id: 'NewInvitation' });

export const listInvitationsQuery = z.strictObject(pageQuery);
export const invitationPage = pageSchema(invitationSchema).meta({ id: 'InvitationPage' });

export const acceptInvitationBody = z
  .strictObject({
    token: textSchema(100).meta({ description: 'The one-time token of the link.' }),
    name: nameSchema(100).meta({ description: 'Of somebody new; who has been here before keeps their name.' }),
    password: passwordSchema.meta({ description: 'A new one, or that of the person who has the address already.' }),
    code: codeSchema.optional().meta({ description: 'Only where the person has a second factor.' }),
    cookies: cookiesSchema,
  })
  .meta({ example: { token: 'the_token_of_the_link', name: 'Bea', password: 'four words picked at random' } });

export type Invitation = z.infer<typeof invitationSchema>;
