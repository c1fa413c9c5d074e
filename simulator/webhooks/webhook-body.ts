// The wire format of a webhook: envelope, escaping, signature.
import { createHmac } from 'node:crypto';
import type { StatusName } from '../control/reserved-recipients.ts';
import { statusError } from '../graph/graph-errors.ts';

type Common = {
  id: number;
  /** When it happens, in milliseconds. */
  due: number;
  number: string;
  person: string;
  wamid: string;
};

export type StatusItem = Common & {
  kind: 'status';
  status: StatusName;
  type: string;
  price?: { category: string; type: string };
  token: string | null;
  error?: number;
  /** Why, if there is more to say than the error's title. */
  details?: string;
  byPerson?: true;
  copies?: number;
};

/** The fields of webhooks that are about people, and the list of each that has what a phone does. */
export const itemLists = {
  messages: 'messages',
  calls: 'calls',
  smb_message_echoes: 'message_echoes',
  standby: 'messages',
} as const;
export type ItemField = keyof typeof itemLists;

type MessageItem = Common & { kind: 'message'; message: Record<string, unknown>; field?: ItemField };

/** A change of another field than `messages`, with its value. */
type NoticeItem = Common & { kind: 'notice'; field: string; value: Record<string, unknown> };

/** A change of a business account, such as the approval of a template. */
export type ChangeItem = Common & {
  kind: 'change';
  account: string;
  field: string;
  value: Record<string, unknown>;
};

/** What is about a number: a receipt of a message, or a message that a person wrote, or a notice. */
type NumberItem = StatusItem | MessageItem | NoticeItem;

/** Everything that is posted to the callback. */
export type WebhookItem = NumberItem | ChangeItem;

/** What the envelope needs to know about both ends. */
export type Directory = {
  displayNumber(phoneNumberId: string): string;
  accountOf(phoneNumberId: string): string;
  nameOf(person: string): string;
  person(number: string): { userId: string | null; username: string | null; hidesNumber: boolean } | undefined;
};

/** Several items as one request body: an entry per number, a change per kind. */
export const webhookBody = (items: readonly WebhookItem[], directory: Directory): string => {
  const byNumber = groupBy(
    items.filter(item => item.kind !== 'change'),
    item => item.number,
  );
  const ofAccounts = items
    .filter(item => item.kind === 'change')
    .map(({ account, due, field, value }) => ({
      id: account,
      time: Math.floor(due / 1000),
      changes: [{ field, value }],
    }));
  const ofNumbers = [...byNumber].map(([number, ofNumber]) => ({
    id: directory.accountOf(number),
    changes: [
      ...[...groupBy(ofNumber.filter(isOfPeople), changeKind)].map(([, same]) => ({
        field: fieldOf(same[0]),
        value: changeValue(number, same, directory),
      })),
      ...ofNumber.flatMap(item => (item.kind === 'notice' ? [noticeChange(number, item, directory)] : [])),
    ],
  }));
  return escapeJson(JSON.stringify({ object: 'whatsapp_business_account', entry: [...ofNumbers, ...ofAccounts] }));
};

/** Escapes as Meta does, so that a signature is valid only for the raw bytes. */
const escapeJson = (json: string): string =>
  json
    .replace(/[\u0080-\uffff]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replaceAll('/', '\\/');

/** The value of the X-Hub-Signature-256 header. */
export const signature = (appSecret: string, bytes: Uint8Array): string =>
  `sha256=${createHmac('sha256', appSecret).update(bytes).digest('hex')}`;

const isOfPeople = (item: NumberItem): item is StatusItem | MessageItem => item.kind !== 'notice';

const noticeChange = (number: string, { field, value }: NoticeItem, directory: Directory) => ({
  field,
  // A hand-over names the number as its recipient.
  value: field === 'messaging_handovers' ? value : { ...envelopeOf(number, directory), ...value },
});

const envelopeOf = (number: string, directory: Directory) => ({
  messaging_product: 'whatsapp',
  metadata: { display_phone_number: directory.displayNumber(number), phone_number_id: number },
});

/** The field of the webhook that an item comes in. */
export const fieldOfItem = (item: WebhookItem): string =>
  item.kind === 'notice' || item.kind === 'change' ? item.field : fieldOf(item);

const fieldOf = (item: NumberItem | undefined): ItemField =>
  (item?.kind === 'message' ? item.field : undefined) ?? 'messages';

// Meta sends no contacts with a failed status or a system message, so these are separate changes.
const changeKind = (item: StatusItem | MessageItem): string =>
  `${item.kind} ${fieldOf(item)} ${item.kind === 'status' ? item.status === 'failed' : item.message.type === 'system'}`;

const groupBy = <Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> => {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
};

const changeValue = (number: string, items: readonly (StatusItem | MessageItem)[], directory: Directory) => {
  const named = items.filter(item =>
    item.kind === 'status' ? item.status !== 'failed' : item.message.type !== 'system',
  );
  const people = [...new Set(named.map(item => item.person))];
  const messages = items.flatMap(item => (item.kind === 'message' ? [item.message] : []));
  const statuses = items.flatMap(item => (item.kind === 'status' ? [statusObject(item, directory)] : []));
  if (fieldOf(items[0]) === 'standby') {
    const isEcho = (message: Record<string, unknown>) => 'message' in message;
    const heard = { messages: messages.filter(each => !isEcho(each)), message_echoes: messages.filter(isEcho) };
    const lists = Object.fromEntries(Object.entries(heard).filter(([, list]) => list.length > 0));
    const contacts = people.map(person => contactOf(person, directory));
    return { ...envelopeOf(number, directory), standby: { contacts, ...lists } };
  }
  return {
    ...envelopeOf(number, directory),
    ...(people.length === 0 ? {} : { contacts: people.map(person => contactOf(person, directory)) }),
    ...(messages.length === 0 ? {} : { [itemLists[fieldOf(items[0])]]: messages }),
    ...(statuses.length === 0 ? {} : { statuses }),
  };
};

const contactOf = (number: string, directory: Directory) => {
  const { userId = null, username = null, hidesNumber = false } = directory.person(number) ?? {};
  return {
    profile: { name: directory.nameOf(number), ...(username === null ? {} : { username }) },
    ...(hidesNumber ? {} : { wa_id: number }),
    ...(userId === null ? {} : { user_id: userId }),
  };
};

const recipientOf = (number: string, directory: Directory) => {
  const { userId = null, hidesNumber = false } = directory.person(number) ?? {};
  return {
    ...(hidesNumber ? {} : { recipient_id: number }),
    ...(userId === null ? {} : { recipient_user_id: userId }),
  };
};

const statusObject = (item: StatusItem, directory: Directory) => ({
  id: item.wamid,
  status: item.status,
  timestamp: String(Math.floor(item.due / 1000)),
  ...recipientOf(item.person, directory),
  ...(item.token === null ? {} : { biz_opaque_callback_data: item.token }),
  ...(item.status === 'sent' || item.status === 'delivered' ? { pricing: pricing(item) } : {}),
  ...(item.error === undefined ? {} : { errors: [statusError(item.error, item.details)] }),
});

const pricing = ({ price }: StatusItem) => {
  const { type, category } = price ?? { type: 'free_customer_service', category: 'service' };
  return { billable: type === 'regular', pricing_model: 'PMP', type, category };
};
