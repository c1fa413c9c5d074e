// The filters of contacts as requests write them.
import type { exportContactsQuery } from '@recado/contract';
import type { z } from 'zod';
import type { Queryable } from '../../kit/db/database.ts';
import { invalid } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import { callingCodeOf } from '../../kit/text/country.ts';
import { compileSegment, type Realm } from '../segments/index.ts';
import { valueOfText } from './field.ts';
import { listFields } from './field-store.ts';
import type { ContactFilter } from './list-store.ts';
import { readPhoneQuery } from './phone.ts';

const flag = (value: 'true' | 'false' | undefined) => (value === undefined ? undefined : value === 'true');

async function fieldOf(db: Queryable, workspaceId: string, text: string): Promise<ContactFilter['field']> {
  const colon = text.indexOf(':');
  const key = text.slice(0, colon);
  const rule = (await listFields(db, workspaceId)).find(each => each.key === key);
  if (!rule) throw invalid('field', `The workspace has no field ${key}.`);
  return { key, value: valueOfText(rule, text.slice(colon + 1)) };
}

function codeOf(country: string): string {
  const code = callingCodeOf(country);
  if (code === undefined) throw invalid('country', 'Is not a country with phone numbers.');
  return code;
}

/** Reads the filters of a request. @throws AppError that names the wrong filter */
export async function readFilter(
  db: Queryable,
  realm: Realm,
  query: z.output<typeof exportContactsQuery>,
): Promise<ContactFilter> {
  const { workspaceId } = realm;
  const { phone, field, country, label_id, segment_id, opted_out, unread } = query;
  return {
    ids: query.ids?.map(id => toUuid(id)),
    phone: phone === undefined ? undefined : await readPhoneQuery(db, workspaceId, phone),
    reference: query.reference,
    search: query.search,
    labelId: label_id && toUuid(label_id),
    segment: segment_id === undefined ? undefined : (await compileSegment(db, realm, toUuid(segment_id))).whole,
    field: field === undefined ? undefined : await fieldOf(db, workspaceId, field),
    language: query.language,
    callingCode: country === undefined ? undefined : codeOf(country),
    optedOut: flag(opted_out),
    unread: flag(unread),
    createdFrom: query.created_from === undefined ? undefined : new Date(query.created_from),
    createdUntil: query.created_until === undefined ? undefined : new Date(query.created_until),
  };
}
