// Privacy: the receipts of contacts that were erased.
import { z } from 'zod';
import { pageQuery, pageSchema, timeSchema } from './common.ts';
import { idSchema } from './ids.ts';

const many = z.number().int();

export const erasureSchema = z
  .strictObject({
    id: idSchema('erasure'),
    contact_id: idSchema('contact'),
    begun_at: timeSchema.meta({ description: 'When it was asked for.' }),
    erased_at: timeSchema.meta({ description: 'When all was gone.' }),
    erased_by: z
      .strictObject({
        kind: z.enum(['person', 'api_key']).meta({ description: 'What asked.' }),
        id: z.string().meta({ description: 'Of the person or the API key.' }),
        name: z.string().nullable().meta({ description: 'As it is called now.' }),
      })
      .meta({ description: 'Who asked for it.' }),
    counts: z
      .strictObject({
        contacts: many.meta({ description: 'The contact, and those deleted before that had its addresses.' }),
        addresses: many.meta({ description: 'Phone numbers and the like.' }),
        conversations: many.meta({ description: 'Conversations, with each account one.' }),
        messages: many.meta({ description: 'Messages in both directions.' }),
        attempts: many.meta({ description: 'Calls to the channel for these messages.' }),
        events: many.meta({ description: 'What was told of the way of these messages.' }),
        receipts: many.meta({ description: 'Receipts that waited for their message.' }),
        read_marks: many.meta({ description: 'Marks as read that had not reached WhatsApp yet.' }),
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
    exported_at: timeSchema.meta({ description: 'When it was made.' }),
    contact_id: idSchema('contact'),
    contacts: rows.meta({ description: 'The contact, and those deleted before that had its addresses.' }),
    conversations: rows.meta({ description: 'Its conversations.' }),
    messages: rows.meta({
      description: 'Its messages in both directions, the oldest first, each with its events and attempts.',
    }),
    dead_letters: rows.meta({ description: 'Items of webhooks about it that could not be applied.' }),
  })
  .meta({ id: 'ContactExport' });

export const listErasuresQuery = z.strictObject(pageQuery);
export const erasurePage = pageSchema(erasureSchema).meta({ id: 'ErasurePage' });

export type Erasure = z.infer<typeof erasureSchema>;
