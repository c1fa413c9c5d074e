// Templates: messages that WhatsApp has to approve before they are sent outside of a customer-service window.
import { z } from 'zod';
import {
  changeBody,
  metadataSchema,
  pageQuery,
  pageSchema,
  referenceSchema,
  requestObject,
  textSchema,
  timeSchema,
} from './common.ts';
import { templateLanguage, templateName } from './content/template.ts';
import { idExamples, idSchema } from './ids.ts';

export const templateCategories = ['AUTHENTICATION', 'MARKETING', 'UTILITY'] as const;
export type TemplateCategory = (typeof templateCategories)[number];

/** The states of a template, as WhatsApp names them. Only an approved one can be sent. */
export const templateStatuses = [
  'APPROVED',
  'PENDING',
  'REJECTED',
  'PAUSED',
  'DISABLED',
  'IN_APPEAL',
  'PENDING_DELETION',
  'DELETED',
  'LIMIT_EXCEEDED',
  'ARCHIVED',
  'LOCKED',
  'FLAGGED',
] as const;
export type TemplateStatus = (typeof templateStatuses)[number];

const category = z
  .enum(templateCategories, { error: `Must be one of ${templateCategories.join(', ')}.` })
  .meta({ description: 'The category, which decides the price and the rules.' });

const namedExamples = z
  .array(
    requestObject({
      param_name: textSchema(100).meta({ description: 'The name of the variable.' }),
      example: textSchema(1024).meta({ description: 'A sample of its value.' }),
    }),
  )
  .max(100)
  .optional()
  .meta({ description: 'A sample for each named variable.' });

const headerFormats = ['TEXT', 'IMAGE', 'VIDEO', 'GIF', 'DOCUMENT', 'LOCATION', 'PRODUCT'] as const;

const headerDefinition = requestObject({
  type: z.literal('HEADER').meta({ description: 'The header.' }),
  format: z
    .enum(headerFormats, { error: `Must be one of ${headerFormats.join(', ')}.` })
    .meta({ description: 'What the header shows.' }),
  text: textSchema(60)
    .optional()
    .meta({ description: 'The text of a header of format TEXT, with at most one variable.' }),
  example: requestObject({
    header_text: z
      .array(textSchema(60))
      .length(1, { error: 'Must have exactly one sample.' })
      .optional()
      .meta({ description: 'A sample for the variable `{{1}}`.' }),
    header_text_named_params: namedExamples,
    media_id: idSchema('media')
      .optional()
      .meta({ description: 'A file of yours as the sample. Recado uploads it to WhatsApp.' }),
    header_handle: z
      .array(textSchema(8192))
      .length(1, { error: 'Must have exactly one handle.' })
      .optional()
      .meta({ description: 'The handle of a sample that is at WhatsApp already.' }),
  })
    .optional()
    .meta({ description: 'The sample that WhatsApp reviews.' }),
}).meta({ id: 'TemplateHeader' });

const bodyDefinition = requestObject({
  type: z.literal('BODY').meta({ description: 'The body.' }),
  text: textSchema(1024)
    .optional()
    .meta({ description: 'The text, with variables. Absent for AUTHENTICATION, whose text WhatsApp writes.' }),
  example: requestObject({
    body_text: z
      .array(z.array(textSchema(1024)).max(100))
      .length(1, { error: 'Must have exactly one list of samples.' })
      .optional()
      .meta({ description: 'A sample for each variable by position, in one list.' }),
    body_text_named_params: namedExamples,
  })
    .optional()
    .meta({ description: 'The samples that WhatsApp reviews.' }),
  add_security_recommendation: z
    .boolean()
    .optional()
    .meta({ description: 'For AUTHENTICATION: true to add a sentence that warns against sharing the code.' }),
}).meta({ id: 'TemplateBody' });

const footerDefinition = requestObject({
  type: z.literal('FOOTER').meta({ description: 'The footer.' }),
  text: textSchema(60).optional().meta({ description: 'The text, without variables. Absent for AUTHENTICATION.' }),
  code_expiration_minutes: z
    .number()
    .int()
    .min(1, { error: 'Must be at least 1.' })
    .max(90, { error: 'Must be at most 90.' })
    .optional()
    .meta({ description: 'For AUTHENTICATION: how long the code is valid.' }),
}).meta({ id: 'TemplateFooter' });

const label = textSchema(25).meta({ description: 'The label of the button.', example: 'Change it' });

const buttonDefinitions = [
  requestObject({ type: z.literal('QUICK_REPLY').meta({ description: 'Answers with its label.' }), text: label }).meta({
    id: 'TemplateQuickReply',
  }),
  requestObject({
    type: z.literal('URL').meta({ description: 'Opens a link.' }),
    text: label,
    url: textSchema(2000).meta({
      description: 'The link. It may end with one variable.',
      example: 'https://example.com/order/{{1}}',
    }),
    example: z
      .array(textSchema(2000))
      .length(1, { error: 'Must have exactly one sample.' })
      .optional()
      .meta({ description: 'A sample of the whole link, if it has a variable.' }),
    app_deep_link: requestObject({
      meta_app_id: textSchema(40).meta({ description: 'The id of your app at Meta.' }),
      android_deep_link: textSchema(2000).meta({ description: 'The link that opens your Android app.' }),
      android_fallback_playstore_url: textSchema(2000)
        .optional()
        .meta({ description: 'The page of the app in the Play Store, for phones without it.' }),
    })
      .optional()
      .meta({ description: 'Opens your Android app in place of the link.' }),
  }).meta({ id: 'TemplateUrlButton' }),
  requestObject({
    type: z.literal('PHONE_NUMBER').meta({ description: 'Calls a number.' }),
    text: label,
    phone_number: textSchema(20).meta({ description: 'The number, with + and country code.', example: '+12025550123' }),
  }).meta({ id: 'TemplatePhoneButton' }),
  requestObject({
    type: z.literal('COPY_CODE').meta({ description: 'Copies a code.' }),
    example: textSchema(20).meta({ description: 'A sample of the code.', example: 'SUMMER25' }),
  }).meta({ id: 'TemplateCopyCodeButton' }),
  requestObject({
    type: z.literal('OTP').meta({ description: 'Hands over a one-time code.' }),
    otp_type: z
      .enum(['COPY_CODE', 'ONE_TAP', 'ZERO_TAP'], { error: 'Must be COPY_CODE, ONE_TAP or ZERO_TAP.' })
      .meta({ description: 'How the code gets into the app.' }),
    text: label.optional(),
    autofill_text: textSchema(25).optional().meta({ description: 'The label of the button that fills in the code.' }),
    zero_tap_terms_accepted: z
      .boolean()
      .optional()
      .meta({ description: 'For ZERO_TAP: true if you accept its terms.' }),
    supported_apps: z
      .array(
        requestObject({
          package_name: textSchema(224).meta({ description: 'The package name of the Android app.' }),
          signature_hash: textSchema(11, 11).meta({ description: 'The signature hash of the Android app.' }),
        }),
      )
      .max(5)
      .optional()
      .meta({ description: 'For ONE_TAP and ZERO_TAP: the Android apps that may take the code.' }),
  }).meta({ id: 'TemplateOtpButton' }),
  requestObject({
    type: z.literal('FLOW').meta({ description: 'Opens a flow.' }),
    text: label,
    flow_id: textSchema(40).optional().meta({ description: 'The id of the flow at WhatsApp.' }),
    flow_name: textSchema(200).optional().meta({ description: 'The name of the flow at WhatsApp.' }),
    flow_action: z
      .enum(['navigate', 'data_exchange'], { error: 'Must be navigate or data_exchange.' })
      .optional()
      .meta({ description: 'What the button does. Default: navigate.' }),
    navigate_screen: textSchema(200).optional().meta({ description: 'The first screen, for navigate.' }),
  }).meta({ id: 'TemplateFlowButton' }),
  requestObject({ type: z.literal('CATALOG').meta({ description: 'Shows the catalog.' }), text: label }).meta({
    id: 'TemplateCatalogButton',
  }),
  requestObject({ type: z.literal('MPM').meta({ description: 'Shows several products.' }), text: label }).meta({
    id: 'TemplateProductsButton',
  }),
  requestObject({ type: z.literal('SPM').meta({ description: 'Shows one product.' }), text: label }).meta({
    id: 'TemplateProductButton',
  }),
  requestObject({
    type: z.literal('VOICE_CALL').meta({ description: 'Calls the business on WhatsApp.' }),
    text: label,
    ttl_minutes: z
      .number({ error: 'Must be a whole number of minutes from 1 to 43200.' })
      .int({ error: 'Must be a whole number of minutes from 1 to 43200.' })
      .min(1)
      .max(43_200)
      .optional()
      .meta({ description: 'How long the button works, in minutes. Default: 7 days.' }),
  }).meta({ id: 'TemplateCallButton' }),
  requestObject({
    type: z.literal('ORDER_DETAILS').meta({ description: 'Shows an order to review and pay.' }),
    text: label,
  }).meta({ id: 'TemplateOrderButton' }),
  requestObject({
    type: z.literal('REQUEST_CONTACT_INFO').meta({ description: 'Asks the person for their phone number.' }),
  }).meta({ id: 'TemplateContactButton' }),
] as const;

const buttonsDefinition = requestObject({
  type: z.literal('BUTTONS').meta({ description: 'The buttons.' }),
  buttons: z
    .array(z.discriminatedUnion('type', buttonDefinitions))
    .min(1, { error: 'Must have at least one button.' })
    .max(10, { error: 'Must have at most 10 buttons.' })
    .meta({ description: 'The buttons, in their order.' }),
}).meta({ id: 'TemplateButtons' });

const offerDefinition = requestObject({
  type: z.literal('LIMITED_TIME_OFFER').meta({ description: 'An offer that ends.' }),
  limited_time_offer: requestObject({
    text: textSchema(16).meta({ description: 'The text of the offer.' }),
    has_expiration: z.boolean().optional().meta({ description: 'True to show a countdown.' }),
  }).meta({ description: 'The offer.' }),
}).meta({ id: 'TemplateOffer' });

const callPermissionDefinition = requestObject({
  type: z.literal('CALL_PERMISSION_REQUEST').meta({ description: 'Asks whether the business may call.' }),
}).meta({ id: 'TemplateCallPermission' });

const carouselDefinition = requestObject({
  type: z.literal('CAROUSEL').meta({ description: 'Cards to swipe through.' }),
  cards: z
    .array(
      requestObject({
        components: z
          .array(z.discriminatedUnion('type', [headerDefinition, bodyDefinition, buttonsDefinition]))
          .min(1, { error: 'Must have at least one component.' })
          .max(3, { error: 'Must have at most 3 components.' })
          .meta({ description: 'The header, body and buttons of the card.' }),
      }),
    )
    .min(2, { error: 'Must have at least 2 cards.' })
    .max(10, { error: 'Must have at most 10 cards.' })
    .meta({ description: 'The cards, all with the same parts.' }),
}).meta({ id: 'TemplateCarousel' });

const components = z
  .array(
    z.discriminatedUnion('type', [
      headerDefinition,
      bodyDefinition,
      footerDefinition,
      buttonsDefinition,
      offerDefinition,
      callPermissionDefinition,
      carouselDefinition,
    ]),
  )
  .min(1, { error: 'Must have at least one component.' })
  .max(6, { error: 'Must have at most 6 components.' })
  .meta({ description: 'The parts of the template, with the fields of Meta.' });
export type TemplateComponents = z.infer<typeof components>;

const formats = ['named', 'positional'] as const;

const exampleTemplate = {
  name: 'order_shipped',
  language: 'en_US',
  category: 'UTILITY',
  components: [
    {
      type: 'BODY',
      text: 'Hello {{1}}, your order {{2}} is on its way.',
      example: { body_text: [['Ana', '4711']] },
    },
  ],
} as const;

export const createTemplateBody = requestObject({
  account_id: idSchema('account').meta({
    description: 'An account of the WhatsApp business account that gets the template.',
  }),
  name: templateName,
  language: templateLanguage,
  category,
  parameter_format: z
    .enum(formats, { error: 'Must be named or positional.' })
    .optional()
    .meta({ description: 'named: `{{customer}}`. positional: `{{1}}`. Default: positional.' }),
  message_send_ttl_seconds: z
    .number()
    .int()
    .min(-1)
    .max(2_592_000)
    .optional()
    .meta({ description: 'How long WhatsApp tries to deliver it. AUTHENTICATION: 30 to 900. UTILITY: 30 to 43200.' }),
  components,
}).meta({ id: 'CreateTemplate', example: { account_id: idExamples.account, ...exampleTemplate } });
export type CreateTemplate = z.infer<typeof createTemplateBody>;

export const updateTemplateBody = changeBody({
  category: category.optional(),
  message_send_ttl_seconds: z
    .number()
    .int()
    .min(-1)
    .max(2_592_000)
    .optional()
    .meta({ description: 'How long WhatsApp tries to deliver it.' }),
  components: components.optional(),
}).meta({ example: { components: exampleTemplate.components } });
export type UpdateTemplate = z.infer<typeof updateTemplateBody>;

const shownComponents = z
  .array(z.record(z.string(), z.unknown()))
  .meta({ description: 'The parts of the template, as WhatsApp has them.' });

const templateFields = {
  id: idSchema('template'),
  business_account_id: z.string().meta({ description: 'The id of the WhatsApp business account that has it.' }),
  channel_template_id: z
    .string()
    .nullable()
    .meta({ description: 'The id of the template at the channel. Null until Recado has read it there.' }),
  name: z.string().meta({ description: 'The name.' }),
  language: z.string().meta({ description: 'The language.' }),
  category: z.string().meta({ description: 'The category: AUTHENTICATION, MARKETING or UTILITY.' }),
  status: z.string().meta({
    description:
      'The state at WhatsApp. APPROVED: it can be sent. PAUSED: not for some hours, because people reported it. DISABLED: never again.',
    example: 'APPROVED',
  }),
  reason: z
    .string()
    .nullable()
    .meta({ description: 'Why WhatsApp rejected, paused or disabled it. Null if it did not say.' }),
  quality: z
    .string()
    .nullable()
    .meta({ description: 'How people react to it: GREEN, YELLOW, RED or UNKNOWN. Null if WhatsApp does not say.' }),
  parameter_format: z.enum(formats).meta({ description: 'How its variables are named.' }),
  components: shownComponents,
  created_at: timeSchema.meta({ description: 'The time when Recado first knew it.' }),
  updated_at: timeSchema.meta({ description: 'The time of its last change.' }),
  deleted_at: timeSchema.nullable().meta({ description: 'The time of its deletion. Null if it was not deleted.' }),
};

export const templateSchema = z.strictObject(templateFields).meta({ id: 'Template' });
export type Template = z.infer<typeof templateSchema>;

export const templateChanges = ['created', 'status', 'category', 'quality', 'components', 'deleted'] as const;
export type TemplateChange = (typeof templateChanges)[number];

export const templateDetailsSchema = z
  .strictObject({
    ...templateFields,
    history: z
      .array(
        z.strictObject({
          at: timeSchema.meta({ description: 'The time when Recado learned of the change.' }),
          change: z.enum(templateChanges).meta({ description: 'What changed.' }),
          from: z.string().nullable().meta({ description: 'The value before. Null if there was none.' }),
          to: z.string().nullable().meta({ description: 'The value after. Null if there is none.' }),
          reason: z.string().nullable().meta({ description: 'The reason that WhatsApp gave. Null if none.' }),
        }),
      )
      .meta({ description: 'The last 100 changes, newest first.' }),
  })
  .meta({ id: 'TemplateDetails' });
export type TemplateDetails = z.infer<typeof templateDetailsSchema>;

export const templatePage = pageSchema(templateSchema).meta({ id: 'TemplatePage' });

export const listTemplatesQuery = z.strictObject({
  ...pageQuery,
  account_id: idSchema('account').optional().meta({ description: 'Only templates that this account can send.' }),
  status: z
    .enum(templateStatuses, { error: `Must be one of ${templateStatuses.join(', ')}.` })
    .optional()
    .meta({ description: 'Only templates in this state.' }),
  category: category.optional().meta({ description: 'Only templates of this category.' }),
  name: textSchema(512).optional().meta({ description: 'Only templates with exactly this name.' }),
  language: textSchema(20).optional().meta({ description: 'Only templates in this language.' }),
  search: textSchema(100).optional().meta({ description: 'Only templates with this text in their name or body.' }),
});

export const syncTemplatesBody = requestObject({
  account_id: idSchema('account')
    .optional()
    .meta({ description: 'Only the WhatsApp business account of this account. Default: all of the workspace.' }),
}).meta({ example: { account_id: idExamples.account } });

export const syncResultSchema = z
  .strictObject({
    business_accounts: z
      .array(
        z.strictObject({
          business_account_id: z.string().meta({ description: 'The id of the WhatsApp business account.' }),
          templates: z
            .number()
            .int()
            .nullable()
            .meta({ description: 'Templates at WhatsApp. Null if reading failed.' }),
          changed: z.number().int().meta({ description: 'Templates that were new, changed or gone.' }),
          error: z
            .strictObject({
              code: z.string().meta({ description: 'The error code of the channel.' }),
              title: z.string().meta({ description: 'The error as text.' }),
            })
            .nullable()
            .meta({ description: 'Why reading failed. Null if it did not.' }),
        }),
      )
      .meta({ description: 'The result for each WhatsApp business account.' }),
  })
  .meta({ id: 'TemplateSync' });

/** The body that sends a one-time code. */
export const sendCodeBody = requestObject({
  account_id: idSchema('account'),
  to: textSchema(40).meta({
    description: 'The number of the recipient, with + and country code.',
    example: '+12025550123',
  }),
  code: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,15}$/, { error: 'Must have 1 to 15 letters, digits or hyphens.' })
    .meta({ description: 'The code. You make it and check it.', example: '482913' }),
  template: templateName
    .optional()
    .meta({ description: 'The AUTHENTICATION template. Default: the first approved one of the account.' }),
  language: templateLanguage.optional(),
  valid_for_seconds: z
    .number({ error: 'Must be a whole number of seconds from 30 to 86400.' })
    .int({ abort: true })
    .min(30)
    .max(86_400)
    .optional()
    .meta({
      description:
        'How long Recado may send the code. Default: as long as the template says it is valid, or 10 minutes.',
    }),
  priority: z
    .enum(['high', 'normal', 'low'], { error: 'Must be high, normal or low.' })
    .optional()
    .meta({ description: 'The priority. Default: high.' }),
  reference: referenceSchema.optional(),
  metadata: metadataSchema.optional(),
}).meta({ id: 'SendCode', example: { account_id: idExamples.account, to: '+12025550123', code: '482913' } });
export type SendCode = z.infer<typeof sendCodeBody>;
