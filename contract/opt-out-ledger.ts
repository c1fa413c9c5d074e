// The ledger of opt-outs and consents: each wish about messages, its source and its proof. Rows are only added.
import { z } from 'zod';
import { pageQuery, pageSchema, rangeRule, requestObject, textSchema, timeInputSchema, timeSchema } from './common.ts';
import { idSchema } from './ids.ts';
import { optOutCategories, optOutSources, sourceMeaning } from './opt-outs.ts';

const kinds = ['in', 'out'] as const;
export type LedgerKind = (typeof kinds)[number];

const category = z.enum(optOutCategories, { error: 'Must be marketing or all.' });

export const ledgerEntrySchema = z
  .strictObject({
    id: idSchema('opt_out_ledger'),
    at: timeSchema.meta({ description: 'The time of the entry.' }),
    contact_id: idSchema('contact')
      .nullable()
      .meta({ description: 'The contact. Null after the erasure of the person.' }),
    phone: z.string().nullable().meta({ description: 'E.164 number. Null where it is hidden or was erased.' }),
    address_hashes: z.array(z.string()).meta({
      description:
        'After the erasure of the person: SHA-256 hashes of the workspace with each address, in hexadecimal.',
    }),
    kind: z.enum(kinds).meta({ description: 'in: the person wants messages. out: the person wants none.' }),
    category: z.enum(optOutCategories).meta({ description: 'marketing, or all messages.' }),
    source: z.enum(optOutSources).meta({ description: sourceMeaning }),
    account_id: idSchema('account').nullable().meta({ description: 'The account that it was said to, if any.' }),
    proof: z
      .strictObject({
        message_id: idSchema('message').optional(),
        word: z.string().optional().meta({ description: 'The word or the button, as the person wrote it.' }),
        opt_out_suggestion_id: idSchema('opt_out_suggestion').optional(),
        contact_import_id: idSchema('contact_import').optional(),
      })
      .meta({ description: 'The facts that show it.' }),
    actor: z
      .strictObject({
        kind: z.enum(['person', 'api_key']).meta({ description: 'The kind of caller.' }),
        id: z.string().meta({ description: 'The id of the person or the API key.' }),
      })
      .nullable()
      .meta({ description: 'The caller who did it. Null for the person themselves and for WhatsApp.' }),
    reason: z.string().nullable().meta({ description: 'The reason. Null after the erasure of the person.' }),
    legal_basis: z.string().nullable().meta({ description: 'Of a consent: its legal basis.' }),
    wording: z.string().nullable().meta({ description: 'Of a consent: the words that the person agreed to.' }),
    given_at: timeSchema.nullable().meta({ description: 'Of a consent: the time when the person gave it.' }),
  })
  .meta({ id: 'LedgerEntry' });
export type LedgerEntry = z.infer<typeof ledgerEntrySchema>;

const filters = {
  contact_id: idSchema('contact').optional(),
  to: textSchema(40).optional().meta({
    description: 'Only entries of the person with this number, with + and country code. Also finds an erased person.',
  }),
  kind: z.enum(kinds, { error: 'Must be in or out.' }).optional().meta({ description: 'Only entries of this kind.' }),
  source: z
    .enum(optOutSources, { error: `Must be one of ${optOutSources.join(', ')}.` })
    .optional()
    .meta({ description: 'Only entries of this source.' }),
  from: timeInputSchema.optional().meta({ description: 'Only entries at or after this time.' }),
  until: timeInputSchema.optional().meta({ description: 'Only entries before this time.' }),
};

export const listLedgerQuery = z.strictObject({ ...pageQuery, ...filters }).refine(...rangeRule);
export const exportLedgerQuery = z.strictObject(filters).refine(...rangeRule);
export const ledgerPage = pageSchema(ledgerEntrySchema).meta({ id: 'LedgerPage' });

export const createConsentBody = requestObject({
  contact_id: idSchema('contact').optional(),
  to: textSchema(40)
    .optional()
    .meta({ description: 'The number of the person, with + and country code. Instead of `contact_id`.' }),
  category: category.optional().meta({ description: 'The messages that the person agreed to. Default: marketing.' }),
  legal_basis: textSchema(200).meta({ description: 'The legal basis, such as an article of a law.' }),
  wording: textSchema(2_000).meta({ description: 'The words that the person agreed to.' }),
  given_at: timeInputSchema.optional().meta({ description: 'The time of the consent. Default: now.' }),
  reason: textSchema(500).optional().meta({ description: 'Where and how the person gave it.' }),
})
  .refine(body => (body.contact_id === undefined) !== (body.to === undefined), {
    path: ['contact_id'],
    error: 'Must have exactly one of contact_id and to.',
  })
  .meta({
    example: {
      to: '+12025550123',
      legal_basis: 'GDPR Art. 6 (1) a',
      wording: 'I would like to hear of new books by WhatsApp.',
      reason: 'At the counter.',
    },
  });
