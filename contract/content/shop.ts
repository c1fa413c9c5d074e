// The content of interactive messages of shops: products of a catalog, and orders to pay.
import { z } from 'zod';
import { requestObject } from '../common.ts';
import { literal, text, webLink } from './fields.ts';
import { actionName } from './interactive-parts.ts';

const catalogId = text('The id of the catalog at Meta, which must belong to the business account.', '146265584024623');
const productId = text('Your own id of the product in the catalog (SKU).', 'onion-soup');

/** One product of a catalog. */
export const productAction = requestObject({ catalog_id: catalogId, product_retailer_id: productId }).meta({
  description: 'The product.',
});

/** Products of a catalog, in sections. */
export const productsAction = requestObject({
  catalog_id: catalogId,
  sections: z
    .array(
      requestObject({
        title: text('The title of the section. Required if there are more sections.').optional(),
        product_items: z
          .array(requestObject({ product_retailer_id: productId }))
          .min(1, { error: 'Must have at least one product.' })
          .meta({ description: 'The products.' }),
      }),
    )
    .min(1, { error: 'Must have at least one section.' })
    .meta({ description: 'The sections.' }),
}).meta({ description: 'The products.' });

/** The whole catalog. */
export const catalogAction = requestObject({
  name: actionName('catalog_message'),
  parameters: requestObject({
    thumbnail_product_retailer_id: productId
      .optional()
      .meta({ description: 'The product whose picture is shown. Default: the first one of the catalog.' }),
  })
    .optional()
    .meta({ description: 'The picture.' }),
}).meta({ description: 'The button.' });

const money = {
  value: z
    .number({ error: 'Must be a whole number.' })
    .int({ error: 'Must be a whole number.' })
    .min(0, { error: 'Must be at least 0.' })
    .max(1e15)
    .meta({ description: 'The amount, multiplied by `offset`.', example: 1250 }),
  offset: z
    .number({ error: 'Must be 100.' })
    .int({ error: 'Must be 100.' })
    .min(1, { error: 'Must be at least 1.' })
    .max(10_000)
    .meta({ description: 'The factor of the amount: 100 for a currency with cents.', example: 100 }),
};
const amount = (description: string) => requestObject(money).meta({ description });
const described = (description: string) =>
  requestObject({
    ...money,
    description: text('The purpose of the amount.').optional(),
    discount_program_name: text('The name of the discount program.').optional(),
  })
    .optional()
    .meta({ description });
const fieldsOfMeta = (description: string) => z.record(z.string(), z.unknown()).meta({ description });

const item = requestObject({
  retailer_id: text('Your own id of the product.').optional(),
  name: text('The name of the product.'),
  image: requestObject({ link: webLink('The link to the picture.') })
    .optional()
    .meta({ description: 'The picture of the product.' }),
  amount: amount('The price of one.'),
  sale_amount: amount('The reduced price of one.').optional(),
  quantity: z
    .number({ error: 'Must be a whole number.' })
    .int({ error: 'Must be a whole number.' })
    .min(1, { error: 'Must be at least 1.' })
    .max(1e6)
    .meta({ description: 'The number of pieces.' }),
  country_of_origin: text('The country that the product comes from.').optional(),
  importer_name: text('The name of the importer.').optional(),
  importer_address: fieldsOfMeta('The address of the importer, with the fields of Meta.').optional(),
});

/** An order to review and pay. Meta checks the sums. */
export const orderParameters = requestObject({
  reference_id: text('Your own id of the order. It comes back with the payment.', 'order-4711'),
  type: z
    .enum(['digital-goods', 'physical-goods'], { error: 'Must be digital-goods or physical-goods.' })
    .meta({ description: 'The kind of goods.' }),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, { error: 'Must be a currency code like INR.' })
    .meta({ description: 'The ISO 4217 code of the currency.', example: 'INR' }),
  total_amount: amount('The sum to pay.'),
  payment_type: text('The way to pay, such as upi or br.').optional(),
  payment_configuration: text('The name of the payment configuration at Meta.').optional(),
  payment_settings: z
    .array(fieldsOfMeta('A setting.'))
    .max(10, { error: 'Must have at most 10 settings.' })
    .optional()
    .meta({ description: 'The ways to pay, with the fields of Meta.' }),
  beneficiaries: z
    .array(fieldsOfMeta('A person or a company.'))
    .max(10, { error: 'Must have at most 10 beneficiaries.' })
    .optional()
    .meta({ description: 'Who gets the goods, with the fields of Meta.' }),
  order: requestObject({
    status: literal('pending', 'The state of the order.'),
    catalog_id: catalogId.optional(),
    expiration: fieldsOfMeta('Until when it can be paid, with the fields of Meta.').optional(),
    items: z
      .array(item)
      .min(1, { error: 'Must have at least one item.' })
      .max(999, { error: 'Must have at most 999 items.' })
      .meta({ description: 'The items of the order.' }),
    subtotal: amount('The sum of the items.'),
    tax: described('The tax.'),
    shipping: described('The cost of shipping.'),
    discount: described('The discount.'),
  }).meta({ description: 'The order.' }),
}).meta({ description: 'The order and how it is paid.' });

const orderStates = ['pending', 'processing', 'partially_shipped', 'shipped', 'completed', 'canceled'] as const;

/** The state of an order that was sent before. */
export const orderStatusParameters = requestObject({
  reference_id: text('The id that you gave the order.', 'order-4711'),
  order: requestObject({
    status: z
      .enum(orderStates, { error: `Must be one of ${orderStates.join(', ')}.` })
      .meta({ description: 'The state of the order.' }),
    description: text('A remark on the state.').optional(),
  }).meta({ description: 'The order.' }),
}).meta({ description: 'The order.' });
