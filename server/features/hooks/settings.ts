// What people set of a hook, checked as a message that it would send.
import type { CreateHook, UpdateHook } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { AppError, commonProblem } from '../../kit/errors.ts';
import { type Caller, fieldsInWords, invalid } from '../../kit/http/routes.ts';
import { toId, toUuid } from '../../kit/ids.ts';
import { knownAccounts } from '../accounts/index.ts';
import { countContacts, type HookSettings } from './hook-store.ts';
import { letterOf } from './letter.ts';
import { bodiesOf } from './message.ts';
import type { HookNeeds } from './needs.ts';

/** What a new hook says where nobody says more. */
const usual = {
  ...{ template: null, language: null, variables: null, format: null },
  ...{ tells_resolved: true, group_s: 30, limit_n: 20, limit_s: 3_600 },
} as const;

/** What is stored of a new hook. */
export const newSettings = (body: CreateHook): HookSettings =>
  changedSettings({ ...usual, name: body.name, account_id: '', contacts: [] }, body);

/** What is stored after a change. */
export function changedSettings(before: HookSettings, body: UpdateHook): HookSettings {
  const { template } = body;
  return {
    name: body.name ?? before.name,
    account_id: body.account_id === undefined ? before.account_id : toUuid(body.account_id),
    contacts: body.contact_ids === undefined ? before.contacts : [...new Set(body.contact_ids.map(toUuid))],
    template: template === undefined ? before.template : (template?.name ?? null),
    language: template === undefined ? before.language : (template?.language ?? null),
    variables: template === undefined ? before.variables : (template?.variables ?? null),
    format: body.format === undefined ? before.format : body.format,
    tells_resolved: body.tells_resolved ?? before.tells_resolved,
    group_s: body.group_seconds ?? before.group_s,
    limit_n: body.limit?.messages ?? before.limit_n,
    limit_s: body.limit?.seconds ?? before.limit_s,
  };
}

/** @throws AppError where an account or a contact does not exist */
export async function demandKnown(tx: Queryable, workspaceId: string, settings: HookSettings): Promise<void> {
  if ((await knownAccounts(tx, workspaceId, [settings.account_id])).length === 0)
    throw invalid('account_id', 'Account not found.');
  if ((await countContacts(tx, workspaceId, settings.contacts)) < settings.contacts.length)
    throw invalid('contact_ids', 'Not all of these contacts exist.');
}

const sample = letterOf([
  {
    ...{
      id: '',
      seq: 0,
      hook_id: '',
      at: new Date(0),
      format: 'text',
      state: 'firing',
      title: 'A title',
      source: 'A source',
    },
    ...{
      link: null,
      body: 'A text.',
      outcome: 'waiting',
      error: null,
      group_id: null,
      attempts: 0,
      told: [],
      messages: [],
    },
  },
]);

/**
 * Checks what the hook would send to each of its contacts, as if it were sent: also that its template is approved and has
 * as many variables. @throws AppError that names the field of the hook
 */
export async function demandSendable({ check }: HookNeeds, caller: Caller, settings: HookSettings): Promise<void> {
  const { text, template } = bodiesOf(settings, sample);
  const account_id = toId('account', settings.account_id);
  for (const [place, contact] of settings.contacts.entries())
    try {
      await check(caller, { account_id, contact_id: toId('contact', contact), ...(template ?? text) });
    } catch (error) {
      if (!(error instanceof AppError) || error.status >= 500) throw error;
      throw asOfHook(error, place);
    }
}

/** The fields of a message as the fields of a hook. */
function asOfHook(error: AppError, place: number): AppError {
  const fieldOf = (field: string): string => {
    if (/^(to|contact_id)$/.test(field)) return `contact_ids[${place}]`;
    if (field.startsWith('template.language')) return 'template.language';
    if (field.startsWith('template.components')) return 'template.variables';
    return field;
  };
  const fields = (error.fields ?? []).map(({ field, message }) => ({ field: fieldOf(field), message }));
  return fields.length > 0 ? commonProblem('invalid_request', fieldsInWords(fields), { fields }) : error;
}
