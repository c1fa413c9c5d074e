// The content of a template message: which template, and the values of its variables, with Meta's field names.
import { z } from 'zod';
import { nameSchema, requestObject, storableRule, textSchema } from '../common.ts';
import { idSchema } from '../ids.ts';
import type { SentContentType } from './content-type.ts';

const link = z
  .url({ protocol: /^https?$/, error: 'Must be an http or https link.' })
  .max(2048, { error: 'Must have at most 2048 characters.' })
  .refine(...storableRule)
  .meta({ description: 'The link from which WhatsApp downloads the file.' });

const headerFile = (extra: z.ZodRawShape = {}) =>
  requestObject({
    id: idSchema('media').optional(),
    link: link.optional(),
    ...extra,
  }).refine(file => (file.id === undefined) !== (file.link === undefined), {
    error: 'Must have exactly one of id and link.',
  });

const parameterName = textSchema(100)
  .optional()
  .meta({ description: 'The name of the variable. Only for templates with named variables.' });

const textParameter = requestObject({
  type: z.literal('text').meta({ description: 'A text.' }),
  text: nameSchema(2000).meta({
    description: 'The value of the variable.',
    example: 'Ana',
  }),
  parameter_name: parameterName,
}).meta({ id: 'TemplateTextParameter' });

const currencyParameter = requestObject({
  type: z.literal('currency').meta({ description: 'An amount of money.' }),
  currency: requestObject({
    fallback_value: textSchema(200).meta({ description: 'The amount as text.', example: '€12.50' }),
    code: z
      .string()
      .regex(/^[A-Z]{3}$/, { error: 'Must be a currency code like EUR.' })
      .meta({ description: 'The ISO 4217 code of the currency.', example: 'EUR' }),
    amount_1000: z
      .number()
      .int()
      .min(-1e15)
      .max(1e15)
      .meta({ description: 'The amount, multiplied by 1000.', example: 12_500 }),
  }).meta({ description: 'The amount.' }),
  parameter_name: parameterName,
}).meta({ id: 'TemplateCurrencyParameter' });

const dateParameter = requestObject({
  type: z.literal('date_time').meta({ description: 'A date and time.' }),
  date_time: requestObject({
    fallback_value: textSchema(200).meta({ description: 'The date as text.', example: '25 November, 10:00' }),
  }).meta({ description: 'The date and time.' }),
  parameter_name: parameterName,
}).meta({ id: 'TemplateDateParameter' });

const coordinate = (most: number) =>
  z
    .number({ error: 'Must be a number of degrees.' })
    .min(-most, { error: `Must be at least -${most}.` })
    .max(most, { error: `Must be at most ${most}.` });

const headerParameters = [
  textParameter,
  requestObject({
    type: z.literal('image').meta({ description: 'An image.' }),
    image: headerFile().meta({ description: 'The image.' }),
  }).meta({ id: 'TemplateImageParameter' }),
  requestObject({
    type: z.literal('video').meta({ description: 'A video.' }),
    video: headerFile().meta({ description: 'The video.' }),
  }).meta({ id: 'TemplateVideoParameter' }),
  requestObject({
    type: z.literal('gif').meta({ description: 'A GIF: a video that WhatsApp plays without sound, again and again.' }),
    gif: headerFile().meta({ description: 'The video.' }),
  }).meta({ id: 'TemplateGifParameter' }),
  requestObject({
    type: z.literal('product').meta({ description: 'A product of a catalog.' }),
    product: requestObject({
      product_retailer_id: textSchema(200).meta({ description: 'Your own id of the product in the catalog (SKU).' }),
      catalog_id: textSchema(40).meta({ description: 'The id of the catalog at Meta.' }),
    }).meta({ description: 'The product.' }),
  }).meta({ id: 'TemplateProductParameter' }),
  requestObject({
    type: z.literal('document').meta({ description: 'A document.' }),
    document: headerFile({
      filename: textSchema(240).optional().meta({ description: 'The file name that the recipient sees.' }),
    }).meta({ description: 'The document.' }),
  }).meta({ id: 'TemplateDocumentParameter' }),
  requestObject({
    type: z.literal('location').meta({ description: 'A place.' }),
    location: requestObject({
      latitude: coordinate(90).meta({ description: 'Degrees north.', example: 38.7139 }),
      longitude: coordinate(180).meta({ description: 'Degrees east.', example: -9.1394 }),
      name: textSchema(1000).optional().meta({ description: 'The name of the place.' }),
      address: textSchema(1000).optional().meta({ description: 'The address of the place.' }),
    }).meta({ description: 'The place.' }),
  }).meta({ id: 'TemplateLocationParameter' }),
] as const;

const header = requestObject({
  type: z.literal('header').meta({ description: 'The header.' }),
  parameters: z
    .array(z.discriminatedUnion('type', headerParameters))
    .length(1, { error: 'Must have exactly one parameter.' })
    .meta({ description: 'The value of the header: one text, file, product or location.' }),
}).meta({ id: 'TemplateHeaderValues' });

const body = requestObject({
  type: z.literal('body').meta({ description: 'The body.' }),
  parameters: z
    .array(z.discriminatedUnion('type', [textParameter, currencyParameter, dateParameter]))
    .min(1, { error: 'Must have at least one parameter.' })
    .max(100, { error: 'Must have at most 100 parameters.' })
    .meta({ description: 'The values of the variables, in their order or by name.' }),
}).meta({ id: 'TemplateBodyValues' });

/** The kinds of buttons that take a parameter, by the name that Meta gives them in a send. */
const buttonKinds = [
  'quick_reply',
  'url',
  'copy_code',
  'flow',
  'catalog',
  'mpm',
  'voice_call',
  'order_details',
] as const;
type ButtonKind = (typeof buttonKinds)[number];

const index = z
  .union([z.string().regex(/^\d$/), z.number().int().min(0).max(9)], { error: 'Must be a number from 0 to 9.' })
  .transform(String)
  // The document shows the form that Meta uses.
  .meta({
    type: 'string',
    anyOf: undefined,
    pattern: '^[0-9]$',
    description: 'The position of the button, from 0.',
    example: '0',
  });

const button = requestObject({
  type: z.literal('button').meta({ description: 'A button.' }),
  sub_type: z
    .string()
    // Meta's samples have capitals.
    .transform(name => name.toLowerCase() as ButtonKind)
    .pipe(z.enum(buttonKinds, { error: `Must be one of ${buttonKinds.join(', ')}.` }))
    .meta({ type: 'string', enum: buttonKinds, description: 'The kind of button.' }),
  index,
  parameters: z
    .array(
      z.discriminatedUnion('type', [
        requestObject({
          type: z.literal('text').meta({ description: 'The end of the link.' }),
          text: textSchema(2000).meta({ description: 'What replaces the variable of the link.' }),
        }).meta({ id: 'TemplateUrlParameter' }),
        requestObject({
          type: z.literal('payload').meta({ description: 'What the answer of a quick reply contains.' }),
          payload: textSchema(128).meta({ description: 'The payload of the answer.' }),
        }).meta({ id: 'TemplatePayloadParameter' }),
        requestObject({
          type: z.literal('coupon_code').meta({ description: 'A code to copy.' }),
          coupon_code: textSchema(20).meta({ description: 'The code that the button copies.' }),
        }).meta({ id: 'TemplateCouponParameter' }),
        requestObject({
          type: z.literal('ttl_minutes').meta({ description: 'How long a call button works.' }),
          ttl_minutes: z
            .number({ error: 'Must be a whole number of minutes from 1 to 43200.' })
            .int({ error: 'Must be a whole number of minutes from 1 to 43200.' })
            .min(1)
            .max(43_200)
            .meta({ description: 'How long the button works, in minutes.', example: 1440 }),
        }).meta({ id: 'TemplateCallParameter' }),
        requestObject({
          type: z.literal('action').meta({ description: 'The action of a flow, catalog, product list or order.' }),
          action: z.record(z.string(), z.unknown()).meta({ description: 'The action, with the fields of Meta.' }),
        }).meta({ id: 'TemplateActionParameter' }),
      ]),
    )
    .min(1, { error: 'Must have a parameter.' })
    .max(2, { error: 'Must have at most two parameters.' })
    .meta({ description: 'The value of the button. A call button may have both ttl_minutes and payload.' }),
})
  .refine(({ sub_type, parameters }) => sub_type === 'voice_call' || parameters.length === 1, {
    path: ['parameters'],
    error: 'Must have exactly one parameter.',
  })
  .refine(({ parameters }) => new Set(parameters.map(({ type }) => type)).size === parameters.length, {
    path: ['parameters'],
    error: 'Must not repeat a type of parameter.',
  })
  .meta({ id: 'TemplateButtonValue' });

const offer = requestObject({
  type: z.literal('limited_time_offer').meta({ description: 'The offer.' }),
  parameters: z
    .array(
      requestObject({
        type: z.literal('limited_time_offer').meta({ description: 'The end of the offer.' }),
        limited_time_offer: requestObject({
          expiration_time_ms: z
            .number()
            .int()
            .min(0)
            .max(1e14)
            .meta({ description: 'The end of the offer, in milliseconds since 1970.' }),
        }).meta({ description: 'The end of the offer.' }),
      }),
    )
    .length(1, { error: 'Must have exactly one parameter.' })
    .meta({ description: 'The end of the offer.' }),
}).meta({ id: 'TemplateOfferValue' });

const card = requestObject({
  card_index: z.number().int().min(0).max(9).meta({ description: 'The position of the card, from 0.' }),
  components: z
    .array(z.discriminatedUnion('type', [header, body, button]))
    .max(4, { error: 'Must have at most 4 components.' })
    .meta({ description: 'The values of the card.' }),
}).meta({ id: 'TemplateCardValues' });

const carousel = requestObject({
  type: z.literal('carousel').meta({ description: 'The cards.' }),
  cards: z
    .array(card)
    .min(1, { error: 'Must have at least one card.' })
    .max(10, { error: 'Must have at most 10 cards.' })
    .meta({ description: 'The values of each card.' }),
}).meta({ id: 'TemplateCarouselValues' });

export const templateName = z
  .string()
  .regex(/^[a-z0-9_]{1,512}$/, { error: 'Must have 1 to 512 characters: lower-case letters, digits and _.' })
  .meta({ description: 'The name of the template.', example: 'appointment_reminder' });

export const templateLanguage = z
  .string()
  .regex(/^[a-z]{2,3}(_[A-Z][A-Za-z]{1,3})?$/, { error: 'Must be a language code like en_US.' })
  .meta({ description: 'The language of the template.', example: 'en_US' });

/** The content of a template message in a request. */
const templateContent = requestObject({
  name: templateName,
  language: requestObject({
    code: templateLanguage,
    policy: z
      .literal('deterministic', { error: 'Must be deterministic.' })
      .optional()
      .meta({ description: 'The only policy that WhatsApp knows.' }),
  }).meta({ description: 'The language of the template.' }),
  components: z
    .array(z.discriminatedUnion('type', [header, body, button, offer, carousel]))
    .max(15, { error: 'Must have at most 15 components.' })
    .optional()
    .meta({ description: 'The values of the variables. Absent for a template without variables.' }),
}).meta({
  id: 'TemplateContent',
  example: {
    name: 'appointment_reminder',
    language: { code: 'en_US' },
    components: [
      {
        type: 'body',
        parameters: [
          { type: 'text', text: 'Ana' },
          { type: 'text', text: '25 November, 10:00' },
        ],
      },
    ],
  },
});
export type TemplateContent = z.infer<typeof templateContent>;

/** The content of a template message in answers. */
const shownTemplate = z.looseObject({
  name: z.string().meta({ description: 'The name of the template.' }),
  language: z.looseObject({ code: z.string().meta({ description: 'The language of the template.' }) }).meta({
    description: 'The language of the template.',
  }),
  components: z
    .array(z.record(z.string(), z.unknown()))
    .optional()
    .meta({ description: 'The values of the variables.' }),
  category: z
    .string()
    .optional()
    .meta({ description: 'The category of the template when Recado accepted the message.' }),
  text: z.string().optional().meta({ description: 'The text that the person reads: header, body and footer.' }),
});

export const template = {
  schema: templateContent,
  shown: shownTemplate,
  file: 'inside',
  gist: ['text', 'name'],
  canBeUnread: true,
  quotes: false,
} as const satisfies SentContentType;

/** A template message as it is stored, with what is shown of its template. */
export type StoredTemplate = TemplateContent & { category?: string; text?: string };
