// Privacy: the receipts of contacts that were erased.
import { z } from 'zod';
import { pageQuery, pageSchema, timeSchema } from './common.ts';
import { idSchema } from './ids.ts';

const many = z.number().int();

export const erasureSchema = z
  .strictObject({
    id: idSchema('erasure'),
    contact_id: idSchema('contact'),
    begun_at: timeSchema,
    erased_at: timeSchema.meta({ description: 'When all was gone.' }),
    erased_by: z.strictObject({ kind: z.enum(['person', 'api_key']), id: z.string(), name: z.string().nullable() }),
    counts: z
      .strictObject({
        contacts: many.meta({ description: 'The contact, and those deleted before that had its addresses.' }),
        addresses: many,
        conversations: many,
        messages: many,
        attempts: many,
        events: many,
        receipts: many.meta({ description: 'Receipts that waited for their message.' }),
        read_marks: many,
        files: many.meta({ description: 'Files that came with the messages. Those that you uploaded stay.' }),
        answers: many.meta({ description: 'Answers that were kept for an Idempotency-Key.' }),
        payloads: many.meta({ description: 'Raw webhooks, emptied.' }),
        dead_letters: many.meta({ description: 'Items of webhooks that could not be applied.' }),
      })
      .meta({ description: 'How many of each were removed.' }),
  })
  .meta({ id: 'Erasure' });

const rows = z.array(z.record(z.string(), z.unknown()));

/** Everything that is held of a person, as one document. */
export const contactExportSchema = z
  .strictObject({
    exported_at: timeSchema,
    contact_id: idSchema('contact'),
    contacts: rows,
    conversations: rows,
    messages: rows,
    dead_letters: rows,
  })
  .meta({ id: 'ContactExport' });

export const listErasuresQuery = z.strictObject(pageQuery);
export const erasurePage = pageSchema(erasureSchema).meta({ id: 'ErasurePage' });

export type Erasure = z.infer<typeof erasureSchema>;
