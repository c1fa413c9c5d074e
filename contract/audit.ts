// The audit log: who did what to what, from where.
import { z } from 'zod';
import { pageQuery, pageSchema, textSchema, timeInputSchema, timeSchema } from './common.ts';
import { anyIdSchema, idSchema } from './ids.ts';

const filters = {
  actor_id: z.union([idSchema('person'), idSchema('api_key')]).optional(),
  action: textSchema(100)
    .regex(/^[a-z][a-z_]*(\.[a-z_]*)?$/, {
      error: 'Must be an action like api_key.created, or its beginning like api_key.',
    })
    .optional()
    .meta({ description: 'An action, or with a dot at its end all that begin like it: `api_key.`' }),
  target_id: anyIdSchema.optional().meta({ description: 'What it was done to.' }),
  from: timeInputSchema.optional(),
  until: timeInputSchema.optional().meta({ description: 'Exclusive.' }),
};

export const auditQuery = z.strictObject({ ...pageQuery, ...filters });
export const auditExportQuery = z.strictObject({
  format: z.enum(['csv', 'ndjson']).meta({ description: '`csv` for a spreadsheet, `ndjson` for a program.' }),
  ...filters,
});

/** Who did it; `nobody` where credentials were missing or wrong, `system` where Recado did it by itself. */
export const actorSchema = z.strictObject({
  kind: z.enum(['person', 'api_key', 'nobody', 'system']),
  id: z.string().nullable(),
  name: z.string().nullable(),
});

export const auditEntrySchema = z
  .strictObject({
    id: z.number().int().meta({ description: 'Rises with each entry.' }),
    at: timeSchema,
    actor: actorSchema,
    action: z.string().meta({ example: 'api_key.created' }),
    target: z.strictObject({ kind: z.string(), id: z.string() }).nullable(),
    address: z.string().nullable().meta({ description: 'The IP address that it came from.' }),
    request_id: z.string().nullable(),
    detail: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'AuditEntry' });

export const auditPage = pageSchema(auditEntrySchema).meta({ id: 'AuditPage' });

export type AuditEntry = z.infer<typeof auditEntrySchema>;
