// The trouble in Meta's notices about numbers and business accounts: which messages wait, and until when.
import type { Signal } from '../../../ports/channel.ts';
import { asList, asRecord, asString } from '../json.ts';
import type { Json } from './parse-values.ts';

type Trouble = Pick<Signal, 'class' | 'title' | 'until' | 'appId'> & Partial<Pick<Signal, 'phone'>>;

/** The number that a notice is about, in E.164; undefined for one about all numbers of a business account. */
export function phoneOf(value: Json): string | undefined {
  return phoneIn(value.display_phone_number);
}

const phoneIn = (number: unknown): string | undefined => {
  const digits = asString(number)?.replace(/\D/g, '');
  return digits ? `+${digits}` : undefined;
};

/** The trouble of sending that a notice reports; none for good news and for a notice that changes nothing. */
export function troublesIn(field: string, value: Json): Trouble[] {
  if (field === 'phone_number_quality_update') return qualityTrouble(asString(value.event));
  if (field === 'account_review_update') return reviewTrouble(asString(value.decision));
  return field === 'account_update' ? accountTroubles(asString(value.event), value) : [];
}

const says = (what: string, field: string) => `WhatsApp says ${what} (${field}).`;

const qualityTrouble = (event: string | undefined): Trouble[] =>
  event === 'FLAGGED' || event === 'DOWNGRADE'
    ? [{ class: 'warned', title: says(event, 'phone_number_quality_update') }]
    : [];

function reviewTrouble(decision: string | undefined): Trouble[] {
  const title = says(`${decision}`, 'account_review_update');
  if (decision === 'REJECTED') return [{ class: 'ended', title: ended(title) }];
  return decision === 'APPROVED' ? [{ class: 'reconnected', title }] : [];
}

const ended = (title: string) => `${title} Connect the number at Meta again, then resume.`;

/** Events after which the number, or our app, is no longer part of the business account. */
const endings: ReadonlySet<string> = new Set([
  'ACCOUNT_DELETED',
  'ACCOUNT_OFFBOARDED',
  'PARTNER_REMOVED',
  'PARTNER_APP_UNINSTALLED',
]);

function accountTroubles(event: string | undefined, value: Json): Trouble[] {
  if (event === undefined) return [];
  const title = says(event, 'account_update');
  // These may be about one number of the business account.
  const phone = phoneIn(value.phone_number);
  if (endings.has(event)) {
    const reason = asString(asRecord(value.disconnection_info)?.reason);
    const appId = asString(asRecord(value.waba_info)?.partner_app_id ?? value.partner_app_id);
    const what = reason === undefined ? event : `${event}, ${reason}`;
    const isOfApp = event === 'PARTNER_APP_UNINSTALLED' && appId !== undefined;
    return [{ class: 'ended', phone, title: ended(says(what, 'account_update')), ...(isOfApp && { appId }) }];
  }
  switch (event) {
    case 'ACCOUNT_RECONNECTED':
      return [{ class: 'reconnected', phone, title }];
    case 'ACCOUNT_VIOLATION':
      return [{ class: 'warned', title }];
    case 'ACCOUNT_RESTRICTION':
      return restrictions(value);
    case 'DISABLED_UPDATE':
      return banTrouble(value);
    default:
      return [];
  }
}

/** The states of a ban may be a list; the last state that stands for a ban counts. */
function banTrouble(value: Json): Trouble[] {
  const state = asRecord(value.ban_info)?.waba_ban_state;
  const states = (Array.isArray(state) ? state : [state]).flatMap(each => asString(each) ?? []);
  const title = says(['DISABLED_UPDATE', ...states].join(', '), 'account_update');
  if (states.includes('REINSTATE')) return [];
  const isPlanned = states.length > 0 && states.every(each => each === 'SCHEDULE_FOR_DISABLE');
  return [{ class: isPlanned ? 'warned' : 'flagged', title }];
}

const restricted: Record<string, Trouble['class'] | undefined> = {
  RESTRICTED_BIZ_INITIATED_MESSAGING: 'templates_restricted',
  RESTRICTED_CUSTOMER_INITIATED_MESSAGING: 'replies_restricted',
};

/** Restrictions that do not concern messages. */
const harmless: ReadonlySet<string> = new Set(['RESTRICTED_ADD_PHONE_NUMBER_ACTION']);

function restrictions(value: Json): Trouble[] {
  const list = asList(value.restriction_info).map(asRecord);
  if (list.length === 0) return [{ class: 'warned', title: says('ACCOUNT_RESTRICTION', 'account_update') }];
  return list.flatMap((each): Trouble[] => {
    const type = asString(each?.restriction_type);
    if (type !== undefined && harmless.has(type)) return [];
    const title = says(['ACCOUNT_RESTRICTION', ...(type === undefined ? [] : [type])].join(', '), 'account_update');
    const kind = type === undefined ? undefined : restricted[type];
    return [kind === undefined ? { class: 'warned', title } : { class: kind, title, until: timeIn(each?.expiration) }];
  });
}

/** A time in seconds, or as ISO text; undefined if it cannot be read. */
function timeIn(value: unknown): Date | undefined {
  const text = asString(value);
  if (text === undefined) return undefined;
  const seconds = Number(text);
  const time = new Date(Number.isFinite(seconds) ? seconds * 1_000 : text);
  return Number.isFinite(time.getTime()) && time.getTime() < 8.64e14 ? time : undefined;
}
