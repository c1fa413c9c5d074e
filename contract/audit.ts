// The audit log: who did what, when, and from which address.
import { z } from 'zod';
import { pageQuery, pageSchema, rangeRule, textSchema, timeInputSchema, timeSchema } from './common.ts';
import { anyIdSchema, idExamples, idSchema } from './ids.ts';

const filters = {
  actor_id: z
    .union([idSchema('person'), idSchema('api_key')], {
      error: `Must be the id of a person or an API key, like ${idExamples.person}.`,
    })
    .optional()
    .meta({ description: 'Only the actions of this person or API key.' }),
  action: textSchema(100)
    .regex(/^[a-z][a-z_]*(\.[a-z_]*)?$/, {
      error: 'Must be an action like api_key.created, or a group like `api_key.`',
    })
    .optional()
    .meta({ description: 'Only this action. With a dot at the end, all actions of the group: `api_key.`' }),
  target_id: anyIdSchema.optional().meta({ description: 'Only actions on the object with this id.' }),
  from: timeInputSchema.optional().meta({ description: 'Only actions at or after this time.' }),
  until: timeInputSchema.optional().meta({ description: 'Only actions before this time.' }),
};

export const auditQuery = z.strictObject({ ...pageQuery, ...filters }).refine(...rangeRule);
export const auditExportQuery = z
  .strictObject({
    format: z.enum(['csv', 'ndjson']).meta({ description: '`csv` for a spreadsheet, `ndjson` for a program.' }),
    ...filters,
  })
  .refine(...rangeRule);

/** The actor of an audited action. */
export const actorSchema = z.strictObject({
  kind: z.enum(['person', 'api_key', 'nobody', 'system']).meta({
    description: 'nobody: credentials were missing or wrong. system: Recado itself.',
  }),
  id: z.string().nullable().meta({ description: 'The id of the person or the API key.' }),
  name: z.string().nullable().meta({ description: 'The current name of the actor.' }),
});

export const auditEntrySchema = z
  .strictObject({
    id: idSchema('audit_entry'),
    at: timeSchema.meta({ description: 'The time of the action.' }),
    actor: actorSchema.meta({ description: 'Who performed the action.' }),
    action: z.string().meta({ description: 'The action.', example: 'api_key.created' }),
    target: z
      .strictObject({
        kind: z.string().meta({ description: 'The kind of object, like `account`.' }),
        id: z.string().meta({ description: 'The id of the object.' }),
      })
      .nullable()
      .meta({ description: 'The object of the action. Null if there is no single object.' }),
    address: z.string().nullable().meta({ description: 'The IP address of the caller.' }),
    request_id: z.string().nullable().meta({ description: 'The `X-Request-Id` of the request.' }),
    detail: z
      .record(z.string(), z.unknown())
      .meta({ description: 'More data, depending on the action. It never contains a secret.' }),
  })
  .meta({ id: 'AuditEntry' });

export const auditPage = pageSchema(auditEntrySchema).meta({ id: 'AuditPage' });

export type AuditEntry = z.infer<typeof auditEntrySchema>;
