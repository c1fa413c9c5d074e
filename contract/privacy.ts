// Privacy: the export of a contact, and the records of erased contacts.
import { z } from 'zod';
import { pageQuery, pageSchema, timeSchema } from './common.ts';
import { idSchema } from './ids.ts';

const count = z.number().int();

export const erasureSchema = z
  .strictObject({
    id: idSchema('erasure'),
    contact_id: idSchema('contact'),
    begun_at: timeSchema.meta({ description: 'The time of the request.' }),
    erased_at: timeSchema.meta({ description: 'The time when the erasure was complete.' }),
    erased_by: z
      .strictObject({
        kind: z.enum(['person', 'api_key']).meta({ description: 'The kind of the caller.' }),
        id: z.string().meta({ description: 'The id of the person or the API key.' }),
        name: z.string().nullable().meta({ description: 'The current name of the caller.' }),
      })
      .meta({ description: 'The caller who requested the erasure.' }),
    counts: z
      .strictObject({
        contacts: count.meta({ description: 'The contact, and earlier deleted contacts with the same addresses.' }),
        addresses: count.meta({ description: 'Phone numbers and other addresses.' }),
        conversations: count.meta({ description: 'Conversations, one for each account.' }),
        messages: count.meta({ description: 'Messages in both directions.' }),
        attempts: count.meta({ description: 'Attempts of these messages.' }),
        events: count.meta({ description: 'Events of these messages.' }),
        receipts: count.meta({ description: 'Receipts whose message was not known yet.' }),
        read_marks: count.meta({ description: 'Read marks that WhatsApp had not received yet.' }),
        files: count.meta({ description: 'Files that came with the messages. Uploaded files stay.' }),
        answers: count.meta({ description: 'Answers stored under an Idempotency-Key.' }),
        payloads: count.meta({ description: 'Raw webhooks whose content was emptied.' }),
        dead_letters: count.meta({ description: 'Webhook items that Recado could not process.' }),
        notices: count.meta({ description: 'Notices of WhatsApp about the person.' }),
      })
      .meta({ description: 'Number of removed items of each kind.' }),
  })
  .meta({ id: 'Erasure' });

const rows = z.array(z.record(z.string(), z.unknown()));

/** All stored data about a person, as one document. */
export const contactExportSchema = z
  .strictObject({
    exported_at: timeSchema.meta({ description: 'The time of the export.' }),
    contact_id: idSchema('contact'),
    contacts: rows.meta({ description: 'The contact, and earlier deleted contacts with the same addresses.' }),
    conversations: rows.meta({ description: 'The conversations of the contact.' }),
    messages: rows.meta({
      description: 'The messages in both directions, oldest first, each with its events and attempts.',
    }),
    notes: rows.meta({ description: 'The notes of your people about the contact.' }),
    dead_letters: rows.meta({ description: 'Webhook items about the contact that Recado could not process.' }),
    notices: rows.meta({ description: 'Notices of WhatsApp about the contact, like a stop of marketing messages.' }),
    opt_outs: rows.meta({ description: 'The opt-outs of the contact.' }),
    opt_out_ledger: rows.meta({ description: 'The ledger of the person: opt-outs, their ends and consents.' }),
    campaigns: rows.meta({
      description:
        'The campaigns that had the contact on their list: the name, when its message was accepted or was to be sent, its state, and the reason of a failure or of being left out.',
    }),
    campaign_values: rows.meta({
      description: 'The values that imports keep for campaigns, and those on the lists of campaigns until their turn.',
    }),
    audit_reasons: rows.meta({ description: 'The reasons that somebody gave for an action, from the audit log.' }),
  })
  .meta({ id: 'ContactExport' });

export const listErasuresQuery = z.strictObject(pageQuery);
export const erasurePage = pageSchema(erasureSchema).meta({ id: 'ErasurePage' });

export type Erasure = z.infer<typeof erasureSchema>;
