// Imports of contacts from CSV files: what a file has, what its columns become, and the fate of each row.
import { z } from 'zod';
import { changeBody, pageQuery, pageSchema, requestObject, textSchema, timeSchema } from './common.ts';
import { fieldKeySchema, shownFields } from './contact-fields.ts';
import { idExamples, idSchema } from './ids.ts';
import { optOutCategories } from './opt-outs.ts';

/** The largest file in bytes, its most rows and columns, and the most characters of a cell and of a row. */
export const importLimits = { bytes: 50 * 1024 * 1024, rows: 500_000, columns: 200, cell: 64 * 1024, row: 1024 * 1024 };

export const importStates = [
  'uploaded',
  'checking',
  'ready',
  'running',
  'finished',
  'failed',
  'cancelled',
  'undoing',
  'undone',
] as const;
export type ImportState = (typeof importStates)[number];

export const importEncodings = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const;
export type ImportEncoding = (typeof importEncodings)[number];

export const importDelimiters = ['comma', 'semicolon', 'tab', 'pipe'] as const;
export type ImportDelimiter = (typeof importDelimiters)[number];

/** The targets of a column, besides the workspace's own fields. */
export const importTargets = [
  'name',
  'phone',
  'second_phone',
  'country',
  'contact_id',
  'reference',
  'language',
  'labels',
  'opt_out',
  'value',
  'leave_out',
] as const;
export type ImportTarget = (typeof importTargets)[number] | `fields.${string}`;

export const importFates = [
  'new',
  'known',
  'duplicate',
  'invalid',
  'created',
  'updated',
  'unchanged',
  'skipped',
] as const;
export type ImportFate = (typeof importFates)[number];

/** Why a row is invalid, or what became of it otherwise. */
export const importRowCodes = [
  'nobody_named',
  'phone_unreadable',
  'phone_scientific',
  'phone_without_country',
  'phone_too_short',
  'phone_too_long',
  'phone_impossible',
  'phone_two_readings',
  'country_unknown',
  'line_break',
  'contact_id_invalid',
  'name_invalid',
  'reference_invalid',
  'language_invalid',
  'field_invalid',
  'label_invalid',
  'label_unknown',
  'too_many_labels',
  'opt_out_invalid',
  'value_too_long',
  'too_many_cells',
  'quote_not_closed',
  'text_after_quote',
  'later_row',
  'already_known',
] as const;
export type ImportRowCode = (typeof importRowCodes)[number];

export const importSuggestions = ['certain', 'known', 'two_readings', 'none'] as const;
export type ImportSuggestion = (typeof importSuggestions)[number];

const encoding = z.enum(importEncodings, { error: `Must be one of ${importEncodings.join(', ')}.` });
const delimiter = z.enum(importDelimiters, { error: `Must be one of ${importDelimiters.join(', ')}.` });

const targetError = { error: `Must be one of ${importTargets.join(', ')}, or fields. with the key of a field.` };
const target = z.union([z.enum(importTargets), z.templateLiteral(['fields.', fieldKeySchema])], targetError).meta({
  description:
    'What the column becomes. Columns with `name` are joined by a space, columns with `labels` are taken together. A number of `second_phone` counts where the cell of `phone` is empty. `contact_id` is the id of an export. Values of `value` are kept for campaigns as long as the rows, and not written to contacts.',
  example: 'fields.favourite_shop',
});

const ifKnown = z
  .enum(['fill_empty', 'replace', 'skip'], { error: 'Must be fill_empty, replace or skip.' })
  .meta({ description: 'What happens to a contact that is there already. Labels are only added.' });
const dates = z.enum(['ymd', 'dmy', 'mdy'], { error: 'Must be ymd, dmy or mdy.' }).meta({
  description: 'The order of year, month and day in dates. ymd: 2026-11-30.',
});
const country = z
  .string()
  .regex(/^[A-Z]{2}$/, { error: 'Must be the two capital letters of a country, like BR.' })
  .meta({ description: 'The country of numbers without a country code.', example: 'BR' });
const optOutCategory = z.enum(optOutCategories, { error: 'Must be marketing or all.' }).meta({
  description: 'What a yes in the column with `opt_out` means. A cell may also say marketing or all.',
});
const header = z.boolean({ error: 'Must be true or false.' }).meta({
  description: 'Whether the first row has the names of the columns.',
});
const createLabels = z.boolean({ error: 'Must be true or false.' }).meta({
  description: 'Whether the import creates the labels that are not there. Otherwise such rows are invalid.',
});

const numbersHaveCountryCode = z.boolean({ error: 'Must be true or false.' }).meta({
  description:
    'Whether numbers without + begin with their country code, as WhatsApp writes them. Where no such number exists, `default_country` counts.',
});

/** The settings of an import, as answers show them and as a change takes them. */
const settings = {
  default_country: country.nullable(),
  numbers_have_country_code: numbersHaveCountryCode,
  dates,
  if_known: ifKnown,
  create_labels: createLabels,
  opt_out_category: optOutCategory,
};

const count = (description: string) => z.number().int().meta({ description });

export const importSchema = z
  .strictObject({
    id: idSchema('contact_import'),
    name: z.string().meta({ description: 'The name of the file.', example: 'customers.csv' }),
    state: z.enum(importStates).meta({
      description:
        'uploaded: needs its columns. checking: its rows are read. ready: may run. running, undoing: at work. finished, failed, cancelled, undone: over.',
    }),
    file: z
      .strictObject({
        bytes: count('The size in bytes.'),
        sha256: z.string().meta({ description: 'The SHA-256 of the file, in hexadecimal.' }),
        encoding: encoding.meta({ description: 'How its characters are written.' }),
        delimiter: delimiter.meta({ description: 'The character between two cells.' }),
        header,
        stored: z.boolean().meta({ description: 'Whether Recado still has the file. It goes when the import runs.' }),
      })
      .meta({ description: 'The facts of the file.' }),
    columns: z
      .array(
        z.strictObject({
          column: count('The place of the column, from 1.'),
          name: z.string().nullable().meta({ description: 'Its name in the first row. Null without such a row.' }),
          values: z.array(z.string()).meta({ description: 'Its first values, up to 3. Empty once the rows are gone.' }),
          guess: target.meta({ description: 'The target that Recado proposes, by the name and the values.' }),
          target,
          key: z.string().nullable().meta({
            description: 'Of a column with `value`: the key by which campaigns name it, from its name. Else null.',
            example: 'appointment',
          }),
        }),
      )
      .meta({ description: 'The columns of the file, in their order.' }),
    ...settings,
    new_labels: z.array(z.string()).meta({ description: 'The labels that the import creates, or created.' }),
    counts: z
      .strictObject({
        rows: count('The rows of the file, without the names of the columns.'),
        new: count('The rows of contacts that are not there.'),
        known: count('The rows of contacts that are there.'),
        duplicate: count('The rows whose person has a later row, which counts.'),
        invalid: count('The rows that are left out.'),
        suggested: count('Of the invalid: rows that a certain `suggestion` makes valid.'),
        two_readings: count('Of the invalid: rows whose number has two readings.'),
        suggested_new: count('The contacts that the suggested rows would add, if all suggestions are taken.'),
        suggested_known: count('The known contacts that only suggested rows name.'),
        suggested_contacts: count('Of the suggested rows: those whose number is one of a contact.'),
        second_phone: count('Of the new and the known: rows whose number is that of `second_phone`.'),
        opted_out: count('Of the new and the known: people who want no messages, or no marketing messages.'),
        unreachable: count('Of the known: numbers that WhatsApp could not deliver to.'),
        created: count('The contacts that the import created.'),
        updated: count('The contacts that it changed.'),
        unchanged: count('The contacts that had all values already.'),
        skipped: count('The known contacts that it left alone, as `if_known` says.'),
        restored: count('The contacts that an undo deleted or changed back.'),
      })
      .meta({ description: 'How many rows there are of each kind. Complete once the state is ready.' }),
    progress: z
      .strictObject({ done: count('The rows that are done.'), of: count('The rows that there are to do.') })
      .nullable()
      .meta({ description: 'How far the work is. Null while there is none.' }),
    error: z
      .strictObject({
        code: z.string().meta({ description: 'Machine-readable code.' }),
        message: z.string().meta({ description: 'What is wrong, and what to do.' }),
      })
      .nullable()
      .meta({ description: 'Why it failed. Null if it did not.' }),
    created_by: z.string().meta({ description: 'The id of the person or of the key that uploaded the file.' }),
    created_at: timeSchema.meta({ description: 'The time of the upload.' }),
    checked_at: timeSchema.nullable().meta({ description: 'The end of the check. Null before.' }),
    started_at: timeSchema.nullable().meta({ description: 'The begin of the run. Null before.' }),
    finished_at: timeSchema.nullable().meta({ description: 'When it finished, failed or was cancelled. Null before.' }),
    undo_until: timeSchema.nullable().meta({ description: 'Until when it can be undone. Null if it cannot.' }),
    undone_at: timeSchema.nullable().meta({ description: 'The end of the undo. Null without one.' }),
  })
  .meta({ id: 'Import' });
export type Import = z.infer<typeof importSchema>;

export const importPage = pageSchema(importSchema).meta({ id: 'ImportPage' });
export const listImportsQuery = z.strictObject(pageQuery);

/** The form of an upload, for the document only: the server reads it as a stream. */
export const uploadImportBody = z.any().meta({
  type: 'object',
  required: ['file'],
  properties: {
    file: { type: 'string', format: 'binary', description: 'A CSV file of at most 50 MB and 500,000 rows.' },
    name: { type: 'string', maxLength: 255, description: 'The name of the import. Default: the name of the file.' },
    again: { enum: ['true', 'false'], description: 'true: also if the same file was imported before.' },
  },
});

/** The most characters of a text that was pasted. */
const longestPasted = 500_000;

/** A text that somebody pasted, instead of a file. */
export const pastedImportBody = requestObject({
  content: textSchema(longestPasted).meta({ description: 'The lines, as in a CSV file.' }),
  name: textSchema(255).optional().meta({ description: 'The name of the import. Default: contacts.csv.' }),
  again: z
    .boolean({ error: 'Must be true or false.' })
    .optional()
    .meta({ description: 'true: also if the same lines were imported before.' }),
}).meta({ example: { content: 'name,phone\nBruno,+12025550123', name: 'customers.csv' } });

/** The other fields of the form. */
export const uploadImportFields = z.strictObject({
  name: textSchema(255).optional(),
  again: z.enum(['true', 'false'], { error: 'Must be true or false.' }).optional(),
});

export const updateImportBody = changeBody({
  columns: z
    .array(
      requestObject({
        column: z
          .number()
          .int()
          .min(1, { error: 'Must be at least 1.' })
          .max(importLimits.columns, { error: `Must be at most ${importLimits.columns}.` })
          .meta({ description: 'The place of the column, from 1.' }),
        target,
      }),
    )
    .max(importLimits.columns, { error: `Must have at most ${importLimits.columns} columns.` })
    .optional()
    .meta({ description: 'What columns become. Columns that are not named keep their target.' }),
  default_country: country.nullable().optional(),
  numbers_have_country_code: numbersHaveCountryCode.optional(),
  dates: dates.optional(),
  if_known: ifKnown.optional(),
  create_labels: createLabels.optional(),
  opt_out_category: optOutCategory.optional(),
  encoding: encoding
    .optional()
    .meta({ description: 'How the characters of the file are written, if wrongly detected.' }),
  delimiter: delimiter.optional().meta({ description: 'The character between two cells, if wrongly detected.' }),
  header: header.optional(),
}).meta({ example: { columns: [{ column: 2, target: 'phone' }], default_country: 'BR', if_known: 'fill_empty' } });

export const importRowSchema = z
  .strictObject({
    row: count('The number of the row, as a spreadsheet counts: the names of the columns are in row 1.'),
    fate: z.enum(importFates).meta({
      description:
        'new, known: before the run. created, updated, unchanged, skipped: after it. duplicate: a later row counts. invalid: left out.',
    }),
    code: z
      .enum(importRowCodes)
      .nullable()
      .meta({ description: 'Why it is invalid, duplicate or skipped. Else null.' }),
    message: z.string().nullable().meta({ description: 'The same in words, with the remedy.' }),
    column: z.number().int().nullable().meta({ description: 'The column that is wrong. Null if no single one is.' }),
    suggestion: z
      .strictObject({
        phone: z.string().meta({ description: 'The number in E.164.' }),
        country: z.string().nullable().meta({ description: 'The only country in which the number is valid.' }),
        contact_id: idSchema('contact').nullable().meta({ description: 'The contact with the number. Null if none.' }),
      })
      .nullable()
      .meta({ description: 'The number that is meant, where only one can be. Null without one.' }),
    readings: z
      .array(
        z.strictObject({
          phone: z.string().meta({ description: 'The number in E.164.' }),
          country: z.string().nullable().meta({ description: 'Its country.' }),
        }),
      )
      .meta({ description: 'The numbers that may be meant, where there are several. Empty for others.' }),
    cells: z.array(z.string()).nullable().meta({ description: 'The cells of an invalid row. Null for others.' }),
    contact_id: idSchema('contact').nullable().meta({ description: 'The contact. Null if there is none.' }),
    name: z.string().nullable().meta({ description: 'The name that the row gives.' }),
    phone: z.string().nullable().meta({ description: 'The number that the row gives, in E.164.' }),
    reference: z.string().nullable().meta({ description: 'The reference that the row gives.' }),
    language: z.string().nullable().meta({ description: 'The language that the row gives.' }),
    fields: shownFields.meta({ description: 'The values of your own fields that the row gives.' }),
    labels: z.array(z.string()).meta({ description: 'The names of the labels that the row gives.' }),
    values: z
      .record(z.string(), z.string())
      .meta({ description: 'The values that the row keeps for campaigns, by the key of their column.' }),
    opt_out: z.enum(optOutCategories).nullable().meta({ description: 'The opt-out that the row gives.' }),
    opted_out: z.boolean().meta({ description: 'Whether the person wants no messages, or no marketing messages.' }),
    unreachable: z.boolean().meta({ description: 'Whether WhatsApp could not deliver to the known number.' }),
  })
  .meta({ id: 'ImportRow' });
export type ImportRow = z.infer<typeof importRowSchema>;

export const importRowPage = pageSchema(importRowSchema).meta({ id: 'ImportRowPage' });
export const importPreviewSchema = z
  .strictObject({ data: z.array(importRowSchema).meta({ description: 'The first 20 rows, as they will be.' }) })
  .meta({ id: 'ImportPreview' });

export const listImportRowsQuery = z.strictObject({
  ...pageQuery,
  fate: z
    .enum(importFates, { error: `Must be one of ${importFates.join(', ')}.` })
    .optional()
    .meta({ description: 'Only rows with this fate.' }),
  code: z
    .enum(importRowCodes, { error: `Must be one of ${importRowCodes.join(', ')}.` })
    .optional()
    .meta({ description: 'Only rows with this code.' }),
  suggestion: z
    .enum(importSuggestions, { error: `Must be one of ${importSuggestions.join(', ')}.` })
    .optional()
    .meta({
      description:
        'Only invalid rows. certain: a suggestion makes them valid. known: the same, and a contact has the number. two_readings: the number has several readings. none: all others.',
    }),
});

export const mendImportRowBody = requestObject({
  cells: z
    .array(
      requestObject({
        column: z
          .number()
          .int()
          .min(1, { error: 'Must be at least 1.' })
          .max(importLimits.columns, { error: `Must be at most ${importLimits.columns}.` })
          .meta({ description: 'The place of the column, from 1.' }),
        value: textSchema(5_000, 0).meta({ description: 'The new content of the cell.' }),
      }),
    )
    .min(1, { error: 'Must have at least one cell.' })
    .max(importLimits.columns, { error: `Must have at most ${importLimits.columns} cells.` })
    .meta({ description: 'The cells that change. The others stay.' }),
}).meta({ example: { cells: [{ column: 2, value: '+33600000177' }] } });

export const importSampleQuery = z.strictObject({
  template_id: idSchema('template').optional().meta({
    description: 'A template: each of its variables is a column of the file.',
    example: idExamples.template,
  }),
});
