// What of a person a caller sees: the one place that masks names, numbers and texts for callers who see no numbers.
import { idPrefixes } from '@recado/contract';
import { commonProblem } from '../errors.ts';
import { readsAsNumber } from '../text/phone.ts';

/** A number as we and the channels write it. */
const plainNumber = /^\+?\d{7,15}$/;
/** A number in a text of WhatsApp, with or without separators. */
const numberWithin = /\+?\(?\d(?:[\s().-]*\d){6,}/gu;
/** The number of its creator in the id of an older group. */
const creator = /^\d{7,15}(?=-)/;

/** Fields with a number or with several. */
const numberFields: ReadonlySet<string> = new Set(['phone', 'other_phones', 'to', 'from', 'number', 'wa_id']);

/** Fields with a text of the caller that finds people by name or number. */
const searchFields: ReadonlySet<string> = new Set(['search']);

/** Fields that tell a number to people who compute: the ids of Meta encode it, and a hash is found by trying. */
const encodingFields: Readonly<Record<string, unknown>> = { channel_message_id: '•••', address_hashes: [] };

/** Fields with what people wrote, also cards of contacts that they shared. */
const writtenFields: ReadonlySet<string> = new Set(['content', 'contacts']);

const isObject = (shown: unknown): shown is Record<string, unknown> =>
  typeof shown === 'object' && shown !== null && shown.constructor === Object;

const lastFour = (text: string): string => `•••${text.replaceAll(/\D/g, '').slice(-4)}`;

/** A number as `•••` and its last four digits; any other text as it is. */
const maskNumber = (text: string): string => (plainNumber.test(text) ? lastFour(text) : text);

/** A name, or the number that stands for one. */
const maskName = (text: string): string => (readsAsNumber(text) ? lastFour(text) : text);

/** A text of WhatsApp, such as `A changed from 351912662345 to 351912662346`. */
const maskWithin = (text: string): string => text.replaceAll(numberWithin, lastFour);

/** Masks each text in a value. */
function eachText(value: unknown, mask: (text: string) => string): unknown {
  if (typeof value === 'string') return mask(value);
  if (Array.isArray(value)) return value.map(each => eachText(each, mask));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([field, each]) => [field, eachText(each, mask)]));
}

const hasId = ({ id }: Record<string, unknown>, prefix: string): boolean =>
  typeof id === 'string' && id.startsWith(`${prefix}_`);

/** Whether the `name` of an object is that of a contact. */
const isOfContact = (shown: Record<string, unknown>): boolean =>
  'phone' in shown ||
  'contact_id' in shown ||
  hasId(shown, idPrefixes.contact) ||
  hasId(shown, idPrefixes.conversation);

function maskField(field: string, value: unknown, owner: Record<string, unknown>): unknown {
  if (field in encodingFields) return value === null ? null : encodingFields[field];
  if (numberFields.has(field)) return eachText(maskNumbers(value), maskNumber);
  // A condition of a segment.
  if (field === 'value' && owner.field === 'name') return eachText(value, maskName);
  if (typeof value === 'string') {
    if (field === 'name') return isOfContact(owner) || value.startsWith('+') ? maskName(value) : value;
    if (field === 'text' && owner.type === 'system') return maskWithin(value);
    return searchFields.has(field) ? maskName(value) : value;
  }
  if (writtenFields.has(field)) return value;
  if (field === 'system') return eachText(maskNumbers(value), maskWithin);
  if (field === 'group') return eachText(value, text => text.replace(creator, lastFour));
  return maskNumbers(value);
}

/** A copy of what the API shows, with the numbers of contacts masked. Numbers of accounts are public, and stay. */
export function maskNumbers<Shown>(shown: Shown): Shown {
  if (Array.isArray(shown)) return shown.map(each => maskNumbers(each)) as Shown;
  if (!isObject(shown)) return shown;
  const isOwn = 'phone_number_id' in shown || 'linked_at' in shown;
  const masked = Object.entries(shown).map(([field, value]) => [
    field,
    isOwn && typeof value === 'string' ? value : maskField(field, value, shown),
  ]);
  return Object.fromEntries(masked) as Shown;
}

/** Who a presenter presents for. */
export interface Sight {
  seesNumbers: boolean;
}

/** What a caller sees of people. */
export interface Presenter {
  /** An answer, an event, or a part of one, as the API shows it. */
  shown: <Shown>(shown: Shown) => Shown;
  /** The name of a contact, or the number in place of one. */
  name: (name: string) => string;
}

const whole: Presenter = { shown: shown => shown, name: name => name };
const masking: Presenter = { shown: maskNumbers, name: maskName };

/** How people are shown to a caller. Every reader shows them so: answers, streams, webhooks, notifications, letters. */
export const presenterFor = ({ seesNumbers }: Sight): Presenter => (seesNumbers ? whole : masking);

/** Rejects callers who do not see numbers, for files full of them. @throws AppError */
export function demandNumbers({ seesNumbers }: Sight): void {
  if (!seesNumbers) throw commonProblem('forbidden', 'This file has the numbers of contacts, which you do not see.');
}
