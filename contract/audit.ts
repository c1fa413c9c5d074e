// The audit log: who did what to what, from where.
import { z } from 'zod';
import { pageQuery, pageSchema, rangeRule, textSchema, timeInputSchema, timeSchema } from './common.ts';
import { anyIdSchema, idExamples, idSchema } from './ids.ts';

const filters = {
  actor_id: z
    .union([idSchema('person'), idSchema('api_key')], {
      error: `Must be the id of a person or an API key, like ${idExamples.person}.`,
    })
    .optional()
    .meta({ description: 'Who did it: a person or an API key.' }),
  action: textSchema(100)
    .regex(/^[a-z][a-z_]*(\.[a-z_]*)?$/, {
      error: 'Must be an action like api_key.created, or its beginning like api_key.',
    })
    .optional()
    .meta({ description: 'An action, or with a dot at its end all that begin like it: `api_key.`' }),
  target_id: anyIdSchema.optional().meta({ description: 'What it was done to.' }),
  from: timeInputSchema.optional().meta({ description: 'Inclusive.' }),
  until: timeInputSchema.optional().meta({ description: 'Exclusive.' }),
};

export const auditQuery = z.strictObject({ ...pageQuery, ...filters }).refine(...rangeRule);
export const auditExportQuery = z
  .strictObject({
    format: z.enum(['csv', 'ndjson']).meta({ description: '`csv` for a spreadsheet, `ndjson` for a program.' }),
    ...filters,
  })
  .refine(...rangeRule);

/** Who did it; `nobody` where credentials were missing or wrong, `system` where Recado did it by itself. */
export const actorSchema = z.strictObject({
  kind: z.enum(['person', 'api_key', 'nobody', 'system']).meta({
    description: 'nobody: credentials were missing or wrong. system: Recado did it by itself.',
  }),
  id: z.string().nullable().meta({ description: 'Of the person or the API key.' }),
  name: z.string().nullable().meta({ description: 'As it is called now.' }),
});

export const auditEntrySchema = z
  .strictObject({
    id: z.number().int().meta({ description: 'Rises with each entry.' }),
    at: timeSchema.meta({ description: 'When it was done.' }),
    actor: actorSchema.meta({ description: 'Who did it.' }),
    action: z.string().meta({ description: 'What was done.', example: 'api_key.created' }),
    target: z
      .strictObject({
        kind: z.string().meta({ description: 'What kind of thing it is, like `account`.' }),
        id: z.string().meta({ description: 'Its id.' }),
      })
      .nullable()
      .meta({ description: 'What it was done to, where it was one thing.' }),
    address: z.string().nullable().meta({ description: 'The IP address that it came from.' }),
    request_id: z.string().nullable().meta({ description: 'The `X-Request-Id` of the request that did it.' }),
    detail: z
      .record(z.string(), z.unknown())
      .meta({ description: 'What belongs to it, by the kind of action; never a secret.' }),
  })
  .meta({ id: 'AuditEntry' });

export const auditPage = pageSchema(auditEntrySchema).meta({ id: 'AuditPage' });

export type AuditEntry = z.infer<typeof auditEntrySchema>;
