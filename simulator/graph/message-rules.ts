// Validates calls to send a message, with Meta's error codes.
import { z } from 'zod';
import { phoneDigits } from '../kit/ids.ts';
import { isMediaKind, type MediaKind } from '../media/media-kinds.ts';
import { contents } from './content-rules.ts';
import { GraphError } from './graph-errors.ts';

/** A valid call: `to` is the recipient verbatim, `waId` their digits, `content` the object named by the type. */
export type Outgoing = {
  to: string;
  waId: string;
  type: string;
  content: unknown;
  token: string | null;
  quoted?: string;
  /** The business-scoped user id that it was sent to, in place of a number. */
  userId?: string;
};

/** The fields of a call, without the one that its type names. */
const envelope = z.strictObject({
  messaging_product: z.literal('whatsapp'),
  recipient_type: z.literal('individual').optional(),
  to: z.string().optional(),
  recipient: z.string().optional(),
  type: z.string().optional(),
  context: z.object({ message_id: z.string().min(1) }).optional(),
  biz_opaque_callback_data: z.string().max(512).optional(),
  messaging_account_id: z.string().regex(/^\d+$/).optional(),
  recipient_identity_key_hash: z.string().min(1).optional(),
  message_activity_sharing: z.boolean().optional(),
  product_policy: z.enum(['CLOUD_API_FALLBACK', 'STRICT']).optional(),
});

/**
 * Parses a call to send; `numberOf` finds the person of a user id.
 * @throws the GraphError that Meta would return
 */
export const readOutgoing = (body: unknown, numberOf: (userId: string) => string | null): Outgoing => {
  const head = check(envelope.loose(), body, '');
  const to = addressIn(head, numberOf);
  const type = head.type ?? 'text';
  const schema = Object.hasOwn(contents, type) ? contents[type as keyof typeof contents] : undefined;
  if (schema === undefined) throw new GraphError(131051, `type: ${type.slice(0, 40)} is not supported.`);
  const content = (body as Record<string, unknown>)[type];
  check(schema, content, type);
  const { [type]: _content, ...others } = body as Record<string, unknown>;
  check(envelope, others, '');
  const quoted = head.context?.message_id;
  const token = head.biz_opaque_callback_data ?? null;
  return { ...to, type, content, token, ...(quoted === undefined ? {} : { quoted }) };
};

/** The person whom a call is for. Meta prefers `to` where both are given. */
const addressIn = (
  { to, recipient }: z.infer<typeof envelope>,
  numberOf: (userId: string) => string | null,
): Pick<Outgoing, 'to' | 'waId' | 'userId'> => {
  if (to !== undefined) {
    const waId = phoneDigits(to);
    if (waId === null) throw new GraphError(131009, 'to: not a phone number.');
    return { to, waId };
  }
  if (recipient === undefined) throw new GraphError(131008, 'to: is missing, and so is recipient.');
  const waId = numberOf(recipient);
  if (waId === null) throw new GraphError(100, 'recipient: no person with this user id is known to this business.');
  return { to: recipient, waId, userId: recipient };
};

/** The file in a message: the object, its kind, its path, and whether it is a voice note. */
export type MediaReference = { kind: MediaKind; path: string; isVoice: boolean; id?: string; link?: string };

const reference = z.object({
  id: z.string().optional(),
  link: z.string().optional(),
  voice: z.boolean().optional(),
});
const header = z.object({ type: z.string() }).catchall(z.unknown());
const templateParts = z.object({
  components: z.array(z.object({ type: z.string(), parameters: z.array(header).optional() })),
});

const cardsOf = z.object({ action: z.object({ cards: z.array(z.object({ header: z.unknown() })) }) });

/** The first file of a message: in its content, in its header or in its first card. */
export const mediaOf = (outgoing: Outgoing): MediaReference | null => allMediaOf(outgoing)[0] ?? null;

/** The files of a message. */
export const allMediaOf = ({ type, content }: Outgoing): MediaReference[] => {
  const found = (reference: MediaReference | null) => (reference === null ? [] : [reference]);
  if (isMediaKind(type)) return found(referenceAt(type, content, type));
  if (type === 'interactive') {
    const cards = cardsOf.safeParse(content).data?.action.cards ?? [];
    const ofCards = cards.map((card, place) => inHeader(card.header, `interactive.action.cards[${place}].header`));
    return [inHeader((content as { header?: unknown }).header, 'interactive.header'), ...ofCards].flatMap(found);
  }
  if (type !== 'template') return [];
  const parts = templateParts.safeParse(content).data?.components.find(each => each.type.toLowerCase() === 'header');
  return found(inHeader(parts?.parameters?.[0], 'template.header'));
};

const inHeader = (value: unknown, path: string): MediaReference | null => {
  const found = header.safeParse(value).data;
  if (found === undefined) return null;
  const kind = found.type === 'gif' ? 'video' : found.type;
  return isMediaKind(kind) ? referenceAt(kind, found[found.type], `${path}.${found.type}`) : null;
};

const referenceAt = (kind: MediaKind, value: unknown, path: string): MediaReference | null => {
  const { id, link, voice } = reference.safeParse(value).data ?? {};
  const isVoice = kind === 'audio' && voice === true;
  if (id !== undefined) return { kind, path, isVoice, id };
  return link === undefined ? null : { kind, path, isVoice, link };
};

const markRead = z.object({
  messaging_product: z.literal('whatsapp'),
  status: z.literal('read'),
  message_id: z.string().min(1),
  typing_indicator: z.object({ type: z.literal('text') }).optional(),
});

/** The message of a mark-as-read call, and whether it shows typing; undefined for other calls. */
export const readMarkRead = (body: unknown): { id: string; isTyping: boolean } | undefined => {
  if (typeof body !== 'object' || body === null || !('status' in body)) return undefined;
  const { message_id: id, typing_indicator } = check(markRead, body, '');
  return { id, isTyping: typing_indicator !== undefined };
};

/** Parses the value. @throws GraphError with the code of its first mistake */
export const check = <Schema extends z.ZodType>(schema: Schema, value: unknown, name: string): z.infer<Schema> => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = issue?.path ?? [];
  if (issue?.code === 'unrecognized_keys') throw unknownField([name, ...path, issue.keys[0]].filter(Boolean).join('.'));
  const where = [name, ...path.map(String)].filter(part => part !== '').join('.') || 'body';
  const details = `${where}: ${issue?.message ?? 'not valid'}.`;
  if (valueAt(value, path) === undefined) throw new GraphError(131008, details);
  if (where === 'messaging_product' || issue?.code === 'invalid_type') throw new GraphError(100, details);
  throw new GraphError(131009, details);
};

export const unknownField = (path: string): GraphError => new GraphError(100, `${path}: is not a field of this.`);

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined), value);
