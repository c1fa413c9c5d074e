// The content of interactive messages, with the field names of Meta's Cloud API. The channel limits lengths and counts.
import { z } from 'zod';
import { requestObject } from '../common.ts';
import { asTheChannelSays, type SentContentType, shownText } from './content-type.ts';
import { literal, text, webLink } from './fields.ts';
import { actionName, anyHeader, body, footer, headers, textHeader } from './interactive-parts.ts';
import { catalogAction, orderParameters, orderStatusParameters, productAction, productsAction } from './shop.ts';

const replyButton = requestObject({
  type: literal('reply', 'The kind of the button.'),
  reply: requestObject({
    id: text('Your own id of the button. It comes back when the person presses it.', 'yes'),
    title: text('The text on the button.', 'Yes'),
  }).meta({ description: 'The button.' }),
});

const listSection = requestObject({
  title: text('The title of the section. Required if there are more sections.').optional(),
  rows: z
    .array(
      requestObject({
        id: text('Your own id of the row. It comes back when the person chooses it.'),
        title: text('The text of the row.'),
        description: text('The small text of the row.').optional(),
      }),
    )
    .min(1, { error: 'Must have at least one row.' })
    .meta({ description: 'The rows.' }),
});

const flowParameters = requestObject({
  flow_message_version: literal('3', 'The version of the message.'),
  flow_id: text('The id of the flow at Meta.').optional(),
  flow_name: text('The name of the flow at Meta.').optional(),
  flow_cta: text('The text on the button.'),
  flow_token: text('Your own id of this use of the flow. It comes back with the answer.').optional(),
  mode: z
    .enum(['published', 'draft'], { error: 'Must be published or draft.' })
    .optional()
    .meta({ description: 'The state of the flow at Meta. Default: published.' }),
  flow_action: z
    .enum(['navigate', 'data_exchange'], { error: 'Must be navigate or data_exchange.' })
    .optional()
    .meta({ description: 'The opening of the flow: by its first screen, or by your endpoint. Default: navigate.' }),
  flow_action_payload: requestObject({
    screen: text('The first screen.'),
    data: z.record(z.string(), z.unknown()).optional().meta({ description: 'The data of the first screen.' }),
  })
    .optional()
    .meta({ description: 'The first screen and its data, for the action navigate.' }),
})
  .refine(({ flow_id, flow_name }) => (flow_id === undefined) !== (flow_name === undefined), {
    error: 'Must have exactly one of flow_id and flow_name.',
  })
  .meta({ description: 'The flow.' });

const linkButton = requestObject({
  name: actionName('cta_url'),
  parameters: requestObject({
    display_text: text('The text on the button.'),
    url: webLink('The link that the button opens.'),
  }).meta({ description: 'The button.' }),
}).meta({ description: 'The button.' });

const cardButtons = requestObject({
  buttons: z
    .array(
      requestObject({
        type: literal('quick_reply', 'The kind of the button.'),
        quick_reply: requestObject({
          id: text('Your own id of the button. It comes back when the person presses it.'),
          title: text('The text on the button.'),
        }).meta({ description: 'The button.' }),
      }),
    )
    .min(1, { error: 'Must have at least one button.' })
    .meta({ description: 'The buttons.' }),
});

const card = requestObject({
  card_index: z
    .number({ error: 'Must be a number from 0 to 9.' })
    .int({ error: 'Must be a number from 0 to 9.' })
    .min(0)
    .max(9)
    .meta({ description: 'The position of the card, from 0.' }),
  type: literal('cta_url', 'For a card with a link button.').optional(),
  header: z
    .discriminatedUnion('type', [headers.image, headers.video], {
      error: issue => (issue.code === 'invalid_union' ? 'Must be one of image, video.' : undefined),
    })
    .meta({ description: 'The picture or the video of the card.' }),
  body: requestObject({ text: text('The text, of at most two line breaks.') })
    .refine(({ text }) => text.split('\n').length <= 3, { path: ['text'], error: 'Must have at most 2 line breaks.' })
    .optional()
    .meta({ description: 'The text of the card.' }),
  action: z
    .union([linkButton, cardButtons], { error: 'Must be a cta_url action, or have buttons of type quick_reply.' })
    .meta({ description: 'The link button, or the reply buttons.' }),
}).meta({ id: 'CardContent' });

/** How a card looks: the kind of its header, and the kind and the number of its buttons. */
const looksOf = ({ header, action }: z.infer<typeof card>) =>
  `${header.type} ${'buttons' in action ? action.buttons.length : 'link'}`;

const cards = z
  .array(card)
  .min(2, { error: 'Must have at least 2 cards.' })
  .max(10, { error: 'Must have at most 10 cards.' })
  .superRefine((all, context) => {
    all.forEach((each, place) => {
      if (each.card_index !== place)
        context.addIssue({ code: 'custom', path: [place, 'card_index'], message: `Must be ${place}, its position.` });
      if (looksOf(each) !== looksOf(all[0] ?? each))
        context.addIssue({
          code: 'custom',
          path: [place],
          message: 'Must have the same kind of header and the same buttons as the first card.',
        });
    });
  })
  .meta({ description: 'The cards, in their order.' });

/** An address as the fields of Meta for the country, such as name, pin_code and city. */
const address = z.record(z.string(), z.string());

const addressParameters = requestObject({
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, { error: 'Must be a country code of two capital letters, like IN.' })
    .meta({ description: 'The country of the address. WhatsApp offers it in some countries only.', example: 'IN' }),
  values: address.optional().meta({ description: 'The values that fill the form.' }),
  saved_addresses: z
    .array(
      requestObject({
        id: text('Your own id of the address.'),
        value: address.meta({ description: 'The address.' }),
      }),
    )
    .optional()
    .meta({ description: 'Addresses that the person may choose from.' }),
  validation_errors: address.optional().meta({ description: 'The errors of the address, by field.' }),
}).meta({ description: 'The form.' });

const minutes = z
  .number({ error: 'Must be a whole number of minutes from 1 to 43200.' })
  .int({ error: 'Must be a whole number of minutes from 1 to 43200.' })
  .min(1, { error: 'Must be at least 1.' })
  .max(43_200, { error: 'Must be at most 43200.' });

const interactiveTypes = [
  'button',
  'list',
  'cta_url',
  'flow',
  'location_request_message',
  'request_contact_info',
  'carousel',
  'product',
  'product_list',
  'catalog_message',
  'address_message',
  'voice_call',
  'call_permission_request',
  'order_details',
  'order_status',
] as const;

/** The content of an interactive message in a request. */
const interactiveContent = z
  .discriminatedUnion(
    'type',
    [
      requestObject({
        type: literal('button', 'Reply buttons.'),
        header: anyHeader,
        body,
        footer,
        action: requestObject({
          buttons: z
            .array(replyButton)
            .min(1, { error: 'Must have at least one button.' })
            .meta({ description: 'The buttons.' }),
        }).meta({ description: 'The buttons.' }),
      }).meta({ id: 'ButtonsContent' }),
      requestObject({
        type: literal('list', 'A list to choose from.'),
        header: textHeader.optional().meta({ description: 'The header: a text.' }),
        body,
        footer,
        action: requestObject({
          button: text('The text on the button that opens the list.'),
          sections: z
            .array(listSection)
            .min(1, { error: 'Must have at least one section.' })
            .meta({ description: 'The sections.' }),
        }).meta({ description: 'The list.' }),
      }).meta({ id: 'ListContent' }),
      requestObject({
        type: literal('cta_url', 'A button that opens a link.'),
        header: anyHeader,
        body,
        footer,
        action: linkButton,
      }).meta({ id: 'LinkButtonContent' }),
      requestObject({
        type: literal('flow', 'A button that opens a form of WhatsApp Flows.'),
        header: anyHeader,
        body,
        footer,
        action: requestObject({ name: actionName('flow'), parameters: flowParameters }).meta({
          description: 'The button.',
        }),
      }).meta({ id: 'FlowContent' }),
      requestObject({
        type: literal('location_request_message', 'A button that asks for the location.'),
        body,
        action: requestObject({ name: actionName('send_location') }).meta({ description: 'The button.' }),
      }).meta({ id: 'LocationRequestContent' }),
      requestObject({
        type: literal('request_contact_info', 'A button that asks for the phone number.'),
        body,
        action: requestObject({ name: actionName('request_contact_info') }).meta({ description: 'The button.' }),
      }).meta({ id: 'ContactRequestContent' }),
      requestObject({
        type: literal('carousel', 'Cards to swipe through.'),
        body,
        action: requestObject({ cards }).meta({ description: 'The cards.' }),
      }).meta({ id: 'CarouselContent' }),
      requestObject({
        type: literal('product', 'One product of a catalog.'),
        body: body.optional(),
        footer,
        action: productAction,
      }).meta({ id: 'ProductContent' }),
      requestObject({
        type: literal('product_list', 'Products of a catalog.'),
        header: textHeader.meta({ description: 'The header: a text.' }),
        body,
        footer,
        action: productsAction,
      }).meta({ id: 'ProductListContent' }),
      requestObject({
        type: literal('catalog_message', 'A button that opens the catalog.'),
        body,
        footer,
        action: catalogAction,
      }).meta({ id: 'CatalogContent' }),
      requestObject({
        type: literal('address_message', 'A form for an address.'),
        header: anyHeader,
        body,
        footer,
        action: requestObject({ name: actionName('address_message'), parameters: addressParameters }).meta({
          description: 'The form.',
        }),
      }).meta({ id: 'AddressContent' }),
      requestObject({
        type: literal('voice_call', 'A button that calls the business on WhatsApp.'),
        header: anyHeader,
        body,
        footer,
        action: requestObject({
          name: actionName('voice_call'),
          parameters: requestObject({
            display_text: text('The text on the button.').optional(),
            ttl_minutes: minutes.optional().meta({ description: 'How long the button works. Default: 7 days.' }),
            payload: text('Your own text. It comes with the call.').optional(),
          })
            .optional()
            .meta({ description: 'The button.' }),
        }).meta({ description: 'The button.' }),
      }).meta({ id: 'CallButtonContent' }),
      requestObject({
        type: literal('call_permission_request', 'A question whether the business may call.'),
        body,
        action: requestObject({ name: actionName('call_permission_request') }).meta({ description: 'The question.' }),
      }).meta({ id: 'CallPermissionContent' }),
      requestObject({
        type: literal('order_details', 'An order to review and pay.'),
        header: anyHeader,
        body,
        footer,
        action: requestObject({ name: actionName('review_and_pay'), parameters: orderParameters }).meta({
          description: 'The order.',
        }),
      }).meta({ id: 'OrderDetailsContent' }),
      requestObject({
        type: literal('order_status', 'The state of an order that was sent before.'),
        body,
        footer,
        action: requestObject({ name: actionName('review_order'), parameters: orderStatusParameters }).meta({
          description: 'The order.',
        }),
      }).meta({ id: 'OrderStatusContent' }),
    ],
    {
      error: issue => (issue.code === 'invalid_union' ? `Must be one of ${interactiveTypes.join(', ')}.` : undefined),
    },
  )
  .meta({ id: 'InteractiveContent' });

const shownReply = (description: string) =>
  z
    .looseObject({ id: shownText('Your id of it.'), title: shownText('Its text.') })
    .optional()
    .meta({ description });

export const interactive = {
  schema: interactiveContent,
  shown: z.looseObject({
    type: z.string().meta({
      description:
        'For outbound the kind of the message. For inbound the kind of the answer: button_reply, list_reply, nfm_reply.',
    }),
    button_reply: shownReply('For inbound: the button that the person pressed.'),
    list_reply: shownReply('For inbound: the row that the person chose.'),
    nfm_reply: asTheChannelSays.optional().meta({ description: 'For inbound: the answers in a flow.' }),
  }),
  file: 'inside',
  gist: ['button_reply.title', 'list_reply.title', 'body.text'],
  canBeUnread: true,
  quotes: true,
} as const satisfies SentContentType;

/** The kind of an interactive message. */
export type InteractiveType = z.output<typeof interactiveContent>['type'];
