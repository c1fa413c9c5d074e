// What Meta accepts as the content of each type of message.
import type { MessageType } from '@recado/contract';
import { z } from 'zod';

const text = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine(value => value.trim() !== '', { error: 'is blank' });
const caption = z.string().max(1024).optional();
const coordinate = (most: number) =>
  z
    .union([z.number(), z.string().regex(/^-?\d+(\.\d+)?$/)])
    .refine(value => Math.abs(Number(value)) <= most, { error: `is not from -${most} to ${most}` });
const link = z.url({ protocol: /^https?$/ });

const media = <Extra extends z.ZodRawShape>(extra: Extra) =>
  z
    .strictObject({ id: z.string().min(1).optional(), link: link.optional(), ...extra })
    .superRefine((value: { id?: unknown; link?: unknown }, context) => {
      if ((value.id === undefined) === (value.link === undefined)) {
        context.addIssue({ code: 'custom', path: ['link'], message: 'give either id or link' });
      }
    });

const textHeader = z.strictObject({ type: z.literal('text'), text: text(60) });
const header = z.discriminatedUnion('type', [
  textHeader,
  z.strictObject({ type: z.literal('image'), image: media({}) }),
  z.strictObject({ type: z.literal('video'), video: media({}) }),
  z.strictObject({ type: z.literal('document'), document: media({ filename: z.string().optional() }) }),
]);

const isUnique = (values: string[]) => new Set(values).size === values.length;

const parts = (mostBody: number) => ({
  header: header.optional(),
  body: z.strictObject({ text: text(mostBody) }),
  footer: z.strictObject({ text: text(60) }).optional(),
});

const buttons = z
  .array(z.strictObject({ type: z.literal('reply'), reply: z.strictObject({ id: text(256), title: text(20) }) }))
  .min(1)
  .max(3)
  .refine(all => isUnique(all.map(({ reply }) => reply.title.trim())), { error: 'titles must be unique' })
  .refine(all => isUnique(all.map(({ reply }) => reply.id)), { error: 'ids must be unique' });

const row = z.strictObject({ id: text(200), title: text(24), description: z.string().max(72).optional() });
const sections = z
  .array(z.strictObject({ title: z.string().max(24).optional(), rows: z.array(row).min(1) }))
  .min(1)
  .max(10)
  .refine(all => all.length === 1 || all.every(({ title }) => title), { error: 'each of several needs a title' })
  .refine(all => all.flatMap(({ rows }) => rows).length <= 10, { error: 'at most 10 rows in total' })
  .refine(all => isUnique(all.flatMap(({ rows }) => rows.map(({ id }) => id))), { error: 'row ids must be unique' });

const flow = z
  .object({
    flow_message_version: z.literal('3'),
    flow_id: z.string().optional(),
    flow_name: z.string().optional(),
    flow_cta: z.string().min(1),
    flow_token: z.string().optional(),
    mode: z.enum(['draft', 'published']).optional(),
    flow_action: z.enum(['navigate', 'data_exchange']).optional(),
    flow_action_payload: z.looseObject({ screen: z.string() }).optional(),
  })
  .refine(({ flow_id, flow_name }) => (flow_id === undefined) !== (flow_name === undefined), {
    error: 'give either flow_id or flow_name',
  });

const card = z.strictObject({
  card_index: z.number().int().min(0).max(9),
  type: z.literal('cta_url').optional(),
  header: z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('image'), image: media({}) }),
    z.strictObject({ type: z.literal('video'), video: media({}) }),
  ]),
  body: z.strictObject({ text: text(160) }).optional(),
  action: z.union([
    z.strictObject({
      name: z.literal('cta_url'),
      parameters: z.strictObject({ display_text: text(20), url: link }),
    }),
    z.strictObject({
      buttons: z
        .array(
          z.strictObject({
            type: z.literal('quick_reply'),
            quick_reply: z.strictObject({ id: text(256), title: text(20) }),
          }),
        )
        .min(1),
    }),
  ]),
});
const cards = z
  .array(card)
  .min(2)
  .max(10)
  .refine(all => new Set(all.map(({ header }) => header.type)).size === 1, { error: 'headers must be of one kind' })
  .refine(all => new Set(all.map(({ action }) => ('buttons' in action ? action.buttons.length : 0))).size === 1, {
    error: 'buttons must be the same on all cards',
  })
  .refine(all => new Set(all.map(({ card_index }) => card_index)).size === all.length, {
    error: 'indexes must be unique',
  });

const product = z.strictObject({ product_retailer_id: text(200) });
const products = z
  .array(z.strictObject({ title: z.string().max(24).optional(), product_items: z.array(product).min(1) }))
  .min(1)
  .max(10)
  .refine(all => all.length === 1 || all.every(({ title }) => title), { error: 'each of several needs a title' })
  .refine(all => all.flatMap(each => each.product_items).length <= 30, { error: 'at most 30 products in total' });

const amount = z.looseObject({ value: z.number().int(), offset: z.number().int() });
const sumOf = ({ value, offset }: { value: number; offset: number }) => value / offset;
const orderDetails = z
  .looseObject({
    reference_id: text(35),
    type: z.enum(['digital-goods', 'physical-goods']),
    currency: z.string().regex(/^[A-Z]{3}$/),
    total_amount: amount,
    order: z.looseObject({
      status: z.literal('pending'),
      items: z
        .array(
          z.looseObject({ name: text(60), amount, sale_amount: amount.optional(), quantity: z.number().int().min(1) }),
        )
        .min(1),
      subtotal: amount,
      tax: amount.optional(),
      shipping: amount.optional(),
      discount: amount.optional(),
    }),
  })
  .refine(
    ({ total_amount, order: { subtotal, tax, shipping, discount } }) => {
      const more = [tax, shipping].map(each => (each ? sumOf(each) : 0));
      const sum = more.reduce((total, each) => total + each, sumOf(subtotal)) - (discount ? sumOf(discount) : 0);
      return Math.abs(sum - sumOf(total_amount)) < 1e-6;
    },
    { error: 'total_amount is not the sum of the order' },
  );

const interactive = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('button'), ...parts(1024), action: z.strictObject({ buttons }) }),
  z.strictObject({
    type: z.literal('list'),
    ...parts(4096),
    header: textHeader.optional(),
    action: z.strictObject({ button: text(20), sections }),
  }),
  z.strictObject({
    type: z.literal('cta_url'),
    ...parts(1024),
    action: z.strictObject({
      name: z.literal('cta_url'),
      parameters: z.strictObject({ display_text: text(20), url: link }),
    }),
  }),
  z.strictObject({
    type: z.literal('flow'),
    ...parts(1024),
    action: z.strictObject({ name: z.literal('flow'), parameters: flow }),
  }),
  z.strictObject({ type: z.literal('carousel'), body: parts(1024).body, action: z.strictObject({ cards }) }),
  z.strictObject({
    type: z.literal('product'),
    body: parts(1024).body.optional(),
    footer: parts(1024).footer,
    action: product.extend({ catalog_id: text(40) }),
  }),
  z.strictObject({
    type: z.literal('product_list'),
    ...parts(1024),
    header: textHeader,
    action: z.strictObject({ catalog_id: text(40), sections: products }),
  }),
  z.strictObject({
    type: z.literal('catalog_message'),
    body: parts(1024).body,
    footer: parts(1024).footer,
    action: z.strictObject({
      name: z.literal('catalog_message'),
      parameters: z.strictObject({ thumbnail_product_retailer_id: text(200).optional() }).optional(),
    }),
  }),
  z.strictObject({
    type: z.literal('address_message'),
    ...parts(1024),
    action: z.strictObject({
      name: z.literal('address_message'),
      parameters: z.looseObject({ country: z.string().regex(/^[A-Z]{2}$/) }),
    }),
  }),
  z.strictObject({
    type: z.literal('voice_call'),
    ...parts(1024),
    action: z.strictObject({
      name: z.literal('voice_call'),
      parameters: z
        .strictObject({
          display_text: text(20).optional(),
          ttl_minutes: z.number().int().min(1).max(43_200).optional(),
          payload: text(512).optional(),
        })
        .optional(),
    }),
  }),
  z.strictObject({
    type: z.literal('call_permission_request'),
    body: parts(1024).body,
    action: z.strictObject({ name: z.literal('call_permission_request') }),
  }),
  z.strictObject({
    type: z.literal('order_details'),
    ...parts(1024),
    action: z.strictObject({ name: z.literal('review_and_pay'), parameters: orderDetails }),
  }),
  z.strictObject({
    type: z.literal('order_status'),
    body: parts(1024).body,
    footer: parts(1024).footer,
    action: z.strictObject({
      name: z.literal('review_order'),
      parameters: z.strictObject({
        reference_id: text(35),
        order: z.strictObject({
          status: z.enum(['pending', 'processing', 'partially_shipped', 'shipped', 'completed', 'canceled']),
          description: text(120).optional(),
        }),
      }),
    }),
  }),
  z.strictObject({
    type: z.literal('location_request_message'),
    body: z.strictObject({ text: text(1024) }),
    action: z.strictObject({ name: z.literal('send_location') }),
  }),
  z.strictObject({
    type: z.literal('request_contact_info'),
    body: z.strictObject({ text: text(1024) }),
    action: z.strictObject({ name: z.literal('request_contact_info') }),
  }),
]);

const contact = z.looseObject({
  name: z
    .object({ formatted_name: z.string().min(1) })
    .catchall(z.string())
    .refine(name => Object.keys(name).length > 1, { error: 'needs one more part of the name' }),
  phones: z.array(z.looseObject({ phone: z.string().optional() })).optional(),
  birthday: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/)
    .optional(),
});

/** The rule of each type that can be sent. */
export const contents: Record<MessageType, z.ZodType> = {
  text: z.strictObject({ body: text(4096), preview_url: z.boolean().optional() }),
  image: media({ caption }),
  video: media({ caption }),
  audio: media({ voice: z.boolean().optional(), caption: z.never().optional() }),
  document: media({ caption, filename: z.string().optional() }),
  sticker: media({}),
  location: z.strictObject({
    latitude: coordinate(90),
    longitude: coordinate(180),
    name: z.string().optional(),
    address: z.string().optional(),
  }),
  contacts: z.array(contact).min(1).max(257),
  reaction: z.strictObject({
    message_id: z.string().min(1),
    emoji: z
      .string()
      .regex(/^$|\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u, { error: 'is not an emoji' }),
  }),
  interactive,
  template: z.strictObject({
    name: z.string().min(1),
    language: z.strictObject({ code: z.string().min(1), policy: z.literal('deterministic').optional() }),
    components: z.array(z.looseObject({ type: z.string() })).nullish(),
    namespace: z.string().optional(),
  }),
};
