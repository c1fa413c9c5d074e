// A workspace's own fields of contacts: their names, and the values that they take.
import { z } from 'zod';
import { changeBody, nameSchema, requestObject, textSchema, timeSchema } from './common.ts';
import { idSchema } from './ids.ts';

export const fieldTypes = ['text', 'number', 'date', 'yes_no', 'choice'] as const;
export type FieldType = (typeof fieldTypes)[number];

/** How many fields a workspace may have. */
export const mostFields = 100;
/** The longest text of a field. */
export const longestFieldText = 500;

/** The key of a field, as values are written under it. */
export const fieldKeySchema = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,39}$/, {
    error: 'Must begin with a letter a–z and have at most 40 characters a–z, 0–9 and _.',
  })
  .meta({ description: 'The key of the field in `fields`. It never changes.', example: 'favourite_shop' });

export type FieldValue = string | number | boolean;

const valueSchema = z.union([z.string(), z.number(), z.boolean()]);

/** The values of a contact in an answer. */
export const shownFields = z.record(z.string(), valueSchema).meta({
  description: 'The values of your own fields, by key. A field without a value is left out.',
  example: { favourite_shop: 'Chiado', customer_no: 20418 },
});

/** The values of a contact in a request. Their types depend on the fields, so the server checks them. */
export const fieldsInput = z
  .record(
    fieldKeySchema,
    z.union([textSchema(longestFieldText), z.number(), z.boolean(), z.null()], {
      error: `Must be a text of 1 to ${longestFieldText} characters, a number, true, false or null.`,
    }),
  )
  .refine(fields => Object.keys(fields).length <= mostFields, { error: `Must have at most ${mostFields} fields.` })
  .meta({
    description:
      'Values of your own fields, by key. Fields that are not named stay. Null removes a value. A date is a text like 1990-03-14.',
    example: { favourite_shop: 'Chiado' },
  });

const fieldType = z.enum(fieldTypes, { error: `Must be one of ${fieldTypes.join(', ')}.` }).meta({
  description: 'The kind of its values. yes_no: true or false. It never changes.',
});

const choicesInput = z
  .array(nameSchema(100))
  .min(1, { error: 'Must have at least one choice.' })
  .max(100, { error: 'Must have at most 100 choices.' })
  .refine(choices => new Set(choices).size === choices.length, { error: 'Must not repeat a choice.' })
  .meta({ description: 'The choices. Only for fields of the type choice.', example: ['Chiado', 'Almada'] });

export const contactFieldSchema = z
  .strictObject({
    id: idSchema('contact_field'),
    key: fieldKeySchema,
    name: z.string().meta({ description: 'The name that people see.', example: 'Favourite shop' }),
    type: fieldType,
    choices: z.array(z.string()).nullable().meta({ description: 'The choices. Null for other types.' }),
    position: z.number().int().meta({ description: 'Its place among the fields, from 1.' }),
    created_at: timeSchema.meta({ description: 'The time of creation.' }),
    updated_at: timeSchema.meta({ description: 'The time of the last change.' }),
  })
  .meta({ id: 'ContactField' });
export type ContactField = z.infer<typeof contactFieldSchema>;

export const contactFieldList = z
  .strictObject({ data: z.array(contactFieldSchema).meta({ description: 'All fields, in their order.' }) })
  .meta({ id: 'ContactFieldList' });

export const createContactFieldBody = requestObject({
  key: fieldKeySchema,
  name: nameSchema(100).meta({ description: 'The name that people see.' }),
  type: fieldType,
  choices: choicesInput.optional(),
})
  .refine(({ type, choices }) => (type === 'choice') === (choices !== undefined), {
    path: ['choices'],
    error: 'Must be given for the type choice, and for no other.',
  })
  .meta({ example: { key: 'favourite_shop', name: 'Favourite shop', type: 'choice', choices: ['Chiado', 'Almada'] } });

export const updateContactFieldBody = changeBody({
  name: nameSchema(100).optional().meta({ description: 'The name that people see.' }),
  choices: choicesInput.optional().meta({
    description: 'The choices from now on. Contacts keep a choice that is gone.',
  }),
  position: z
    .number()
    .int()
    .min(1, { error: 'Must be at least 1.' })
    .max(mostFields, { error: `Must be at most ${mostFields}.` })
    .optional()
    .meta({ description: 'Its new place, from 1. The others move.' }),
}).meta({ example: { name: 'Nearest shop', position: 1 } });

/** Where a value came from. */
export const fieldSourceKinds = ['person', 'api_key', 'import'] as const;

export const fieldSourceSchema = z
  .strictObject({
    kind: z.enum(fieldSourceKinds).meta({ description: 'Who set it: a person, a program with a key, or an import.' }),
    id: z.string().meta({ description: 'The id of the person, of the key or of the import.' }),
    name: z.string().nullable().meta({ description: 'Its current name. Null if there is none any more.' }),
    at: timeSchema.meta({ description: 'The time when the value was set.' }),
  })
  .meta({ id: 'FieldSource' });
export type FieldSource = z.infer<typeof fieldSourceSchema>;
