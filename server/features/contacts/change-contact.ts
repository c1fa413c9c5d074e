// Changes of a contact beside its number: names, fields and labels, checked and stored together.
import type { FieldValue } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { type Caller, invalid } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import { checkValues } from './field.ts';
import { holdFields } from './field-store.ts';
import * as labels from './label-store.ts';
import { setFields } from './store.ts';

/** The fields and labels of a contact in a request. */
export interface GivenFacts {
  fields?: Record<string, FieldValue | null> | undefined;
  label_ids?: string[] | undefined;
}

/** Sets the fields and the labels of a contact that is there. @throws AppError that names each wrong value */
export async function setFacts(tx: Queryable, caller: Caller, contactId: string, given: GivenFacts): Promise<void> {
  const { workspaceId } = caller;
  if (given.fields !== undefined) {
    const rules = await holdFields(tx, workspaceId, Object.keys(given.fields));
    await setFields(tx, contactId, checkValues(given.fields, rules), { kind: caller.kind, id: caller.id });
  }
  if (given.label_ids === undefined) return;
  const wanted = given.label_ids.map(id => toUuid(id));
  const known = await labels.holdLabels(tx, workspaceId, wanted);
  const unknown = wanted.findIndex(id => known.get(id) !== 'contact');
  if (unknown >= 0) throw invalid(`label_ids[${unknown}]`, 'Is not a label for contacts.');
  const before = await labels.labelIdsOf(tx, contactId);
  const gone = before.filter(id => !known.has(id));
  const added = wanted.filter(id => !before.includes(id));
  if (gone.length > 0) await labels.removeLabels(tx, workspaceId, [contactId], gone);
  if (added.length > 0) await labels.addLabels(tx, workspaceId, [contactId], added);
}
