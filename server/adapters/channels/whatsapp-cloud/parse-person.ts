// Reads who wrote an item of Meta's webhooks, or whom it is about.
import { asDialled } from '../../../kit/text/phone.ts';
import type { Address, IncomingPerson } from '../../../ports/channel.ts';
import { asList, asRecord, asString } from '../json.ts';
import { isAbsent, type Json, required } from './parse-values.ts';

interface Person {
  name: string | undefined;
  digits: string | undefined;
  userId: string | undefined;
  parentUserId: string | undefined;
  username: string | undefined;
}

/** The people whom a change names; `only` is the only one beside the only item, which must be theirs. */
export interface People {
  byDigits: ReadonlyMap<string, Person>;
  byUserId: ReadonlyMap<string, Person>;
  only: Person | undefined;
}

/** The people of a change that has so many items. */
export function peopleOf(value: Json, items: number): People {
  const people = asList(value.contacts).map(personIn);
  return {
    byDigits: firstBy(people, ({ digits }) => digits),
    byUserId: firstBy(people, ({ userId }) => userId),
    only: people.length === 1 && items === 1 ? people[0] : undefined,
  };
}

/** The first person of each key: thousands of items may each look for theirs. */
function firstBy(people: Person[], keyOf: (person: Person) => string | undefined): Map<string, Person> {
  const found = new Map<string, Person>();
  for (const person of people) {
    const key = keyOf(person);
    if (key !== undefined && !found.has(key)) found.set(key, person);
  }
  return found;
}

function personIn(item: unknown): Person {
  const contact = asRecord(item);
  const profile = asRecord(contact?.profile);
  const digits = digitsOf(contact?.wa_id);
  return {
    name: asString(profile?.name)?.slice(0, 200).toWellFormed(),
    digits: digits !== undefined && isNumber(digits) ? digits : undefined,
    // A person who hides their number may have the user id in place of it.
    userId: userIdIn(contact?.user_id) ?? userIdIn(contact?.wa_id),
    parentUserId: userIdIn(contact?.parent_user_id),
    username: usernameIn(profile?.username ?? contact?.username),
  };
}

/** A phone number without the + that Meta never writes. */
const digitsOf = (value: unknown) => asString(value)?.replace(/^\+/, '');

const isNumber = (digits: string) => /^\d{5,20}$/.test(digits);

/** The phone number in E.164; undefined for anything else. */
export function phoneIn(value: unknown): string | undefined {
  const digits = digitsOf(value);
  return digits !== undefined && isNumber(digits) ? asDialled(`+${digits}`) : undefined;
}

/** Meta's id of a person, as in US.13491208655302741918; undefined for anything else. */
export const userIdIn = (value: unknown): string | undefined => {
  const text = asString(value);
  return text !== undefined && /^[A-Z]{2}\.[\w.-]{1,400}$/.test(text) ? text : undefined;
};

const usernameIn = (value: unknown): string | undefined => {
  const text = asString(value)?.replace(/^@/, '');
  return text !== undefined && /^[\w.]{1,100}$/.test(text) ? text : undefined;
};

/**
 * Whom the fields `from`, `from_user_id` and `from_parent_user_id` of a record mean, or those of `to`.
 * @throws if they name nobody
 */
export function personOf(
  record: Json,
  { byDigits, byUserId, only }: People,
  side: 'from' | 'to' = 'from',
): IncomingPerson {
  const written = record[side];
  const given = digitsOf(written);
  const told = given !== undefined && isNumber(given) ? given : undefined;
  const idField = record[`${side}_user_id`];
  const toldId = userIdIn(isAbsent(idField) ? written : required(idField, `${side}_user_id`));
  if (given !== undefined && told === undefined && toldId === undefined) throw new Error(`${side} is not a number`);
  const named = told === undefined ? byUserId.get(toldId ?? '') : byDigits.get(told);
  const person = given === undefined && toldId === undefined ? only : named;
  const change = changeIn(record);
  const digits = told ?? (given === undefined ? person?.digits : undefined);
  const phone = change.phone ?? (digits === undefined ? undefined : asDialled(`+${digits}`));
  const known = toldId ?? person?.userId;
  // A change without the former id names it where others name the person.
  const formerId = change.formerId ?? (change.userId === known ? undefined : change.userId && known);
  const userId = change.userId ?? known ?? formerId;
  const from: Address | undefined = phone
    ? { kind: 'phone', value: phone }
    : userId === undefined
      ? undefined
      : { kind: 'bsuid', value: userId };
  if (!from) throw new Error(`no ${side}`);
  const former: Address[] = [];
  if (formerId !== undefined && formerId !== userId) former.push({ kind: 'bsuid', value: formerId });
  if (change.phone !== undefined && digits !== undefined && asDialled(`+${digits}`) !== change.phone)
    former.push({ kind: 'phone', value: asDialled(`+${digits}`) });
  return {
    from,
    userId,
    parentUserId: userIdIn(record[`${side}_parent_user_id`]) ?? person?.parentUserId,
    username: person?.username,
    name: person?.name,
    former,
  };
}

/** The number or the user id that a person took, where a system message says so. */
function changeIn(record: Json) {
  const system = record.type === 'system' ? asRecord(record.system) : undefined;
  const changed =
    system?.type === 'user_changed_number' || system?.type === 'user_changed_user_id' ? system : undefined;
  const previous = changed?.previous_user_id ?? (changed && record.previous_user_id);
  const number = changed?.type === 'user_changed_number' ? (changed.wa_id ?? changed.new_wa_id) : undefined;
  return { userId: userIdIn(changed?.user_id), formerId: userIdIn(previous), phone: phoneIn(number) };
}
