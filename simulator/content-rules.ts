// What Meta accepts as the content of each type of message.
import { z } from 'zod';

const text = (max: number) => z.string().min(1).max(max);
const caption = z.string().max(1024).optional();
const coordinate = z.union([z.number(), z.string().regex(/^-?\d+(\.\d+)?$/)]);
const link = z.url({ protocol: /^https?$/ });

const media = <Extra extends z.ZodRawShape>(extra: Extra) =>
  z
    .object({ id: z.string().min(1).optional(), link: link.optional(), ...extra })
    .superRefine((value: { id?: unknown; link?: unknown }, context) => {
      if ((value.id === undefined) === (value.link === undefined)) {
        context.addIssue({ code: 'custom', path: ['link'], message: 'give either id or link' });
      }
    });

const textHeader = z.object({ type: z.literal('text'), text: text(60) });
const header = z.discriminatedUnion('type', [
  textHeader,
  z.object({ type: z.literal('image'), image: media({}) }),
  z.object({ type: z.literal('video'), video: media({}) }),
  z.object({ type: z.literal('document'), document: media({ filename: z.string().optional() }) }),
]);

const isUnique = (values: string[]) => new Set(values).size === values.length;

const parts = (mostBody: number) => ({
  header: header.optional(),
  body: z.object({ text: text(mostBody) }),
  footer: z.object({ text: text(60) }).optional(),
});

const buttons = z
  .array(z.object({ type: z.literal('reply'), reply: z.object({ id: text(256), title: text(20) }) }))
  .min(1)
  .max(3)
  .refine(all => isUnique(all.map(({ reply }) => reply.title)), { error: 'titles must be unique' })
  .refine(all => isUnique(all.map(({ reply }) => reply.id)), { error: 'ids must be unique' });

const row = z.object({ id: text(200), title: text(24), description: z.string().max(72).optional() });
const sections = z
  .array(z.object({ title: z.string().max(24).optional(), rows: z.array(row).min(1) }))
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
  })
  .refine(({ flow_id, flow_name }) => (flow_id === undefined) !== (flow_name === undefined), {
    error: 'give either flow_id or flow_name',
  });

const interactive = z.discriminatedUnion('type', [
  z.object({ type: z.literal('button'), ...parts(1024), action: z.object({ buttons }) }),
  z.object({
    type: z.literal('list'),
    ...parts(4096),
    header: textHeader.optional(),
    action: z.object({ button: text(20), sections }),
  }),
  z.object({
    type: z.literal('cta_url'),
    ...parts(1024),
    action: z.object({
      name: z.literal('cta_url'),
      parameters: z.object({ display_text: text(20), url: link }),
    }),
  }),
  z.object({
    type: z.literal('flow'),
    ...parts(1024),
    action: z.object({ name: z.literal('flow'), parameters: flow }),
  }),
  z.object({
    type: z.literal('location_request_message'),
    body: z.object({ text: text(1024) }),
    action: z.object({ name: z.literal('send_location') }),
  }),
  z.object({
    type: z.literal('request_contact_info'),
    body: z.object({ text: text(1024) }),
    action: z.object({ name: z.literal('request_contact_info') }),
  }),
]);

const contact = z.object({
  name: z
    .object({ formatted_name: z.string().min(1) })
    .catchall(z.string())
    .refine(name => Object.keys(name).length > 1, { error: 'needs one more part of the name' }),
  phones: z.array(z.object({ phone: z.string().optional() })).optional(),
  birthday: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/)
    .optional(),
});

/** The rule of each type that can be sent. */
export const contents: Record<string, z.ZodType> = {
  text: z.object({ body: text(4096), preview_url: z.boolean().optional() }),
  image: media({ caption }),
  video: media({ caption }),
  audio: media({ voice: z.boolean().optional(), caption: z.never().optional() }),
  document: media({ caption, filename: z.string().optional() }),
  sticker: media({}),
  location: z.object({ latitude: coordinate, longitude: coordinate }),
  contacts: z.array(contact).min(1).max(257),
  reaction: z.object({ message_id: z.string().min(1), emoji: z.string() }),
  interactive,
  template: z.object({ name: z.string().min(1), language: z.object({ code: z.string().min(1) }) }),
};
