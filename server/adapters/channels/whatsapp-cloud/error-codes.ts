// Meta's error codes and their classes, from Meta's table (December 2025) and page (September 2026).
import type { Outcome } from '../../../ports/channel.ts';

type ErrorClass = Exclude<Outcome['class'], 'accepted' | 'not_sent'>;

// The HTTP status classifies codes that are not listed: 5xx is unknown, most 4xx are permanent for the message.
const classes: Record<string, ErrorClass> = {
  // The whole account must slow down; the message was not accepted.
  4: 'throttled',
  80007: 'throttled',
  130429: 'throttled',
  131057: 'throttled',
  133004: 'throttled',
  // An internal error at Meta. The HTTP status does not help: Meta sends code 1 with 400.
  1: 'unknown',
  2: 'unknown',
  131000: 'unknown',
  131016: 'unknown',
  // Only this recipient must wait.
  131056: 'recipient_throttled',
  // The operator must act: token, permission, lock, payment, registration.
  0: 'account_error',
  3: 'account_error',
  10: 'account_error',
  33: 'account_error',
  190: 'account_error',
  // Meta flagged the account: more calls would make it worse.
  368: 'flagged',
  131005: 'account_error',
  131031: 'flagged',
  131037: 'account_error',
  131042: 'account_error',
  131045: 'account_error',
  131048: 'flagged',
  131063: 'account_error',
  131064: 'flagged',
  133010: 'account_error',
  134011: 'account_error',
};

/** The fields that identify a Graph error. */
export interface GraphError {
  code: number;
  subcode: number | undefined;
  type: string | undefined;
}

const isPermission = (code: number) => code >= 200 && code <= 299;

/** Whether the object in the path does not exist or is not visible to the token. Meta does not distinguish the two. */
export const isOfPath = ({ code, subcode, type }: GraphError): boolean =>
  code === 100 && (subcode === 33 || type === 'GraphMethodException');

/** The class of a Graph error. `httpStatus` decides for codes that are not in Meta's table. */
export function classOf(error: GraphError, httpStatus: number): ErrorClass {
  const known = classes[error.code];
  if (known) return known;
  // The path names the phone number, so every message of the account would fail.
  if (isPermission(error.code) || isOfPath(error)) return 'account_error';
  if (httpStatus === 429) return 'throttled';
  // Not 403: Meta also uses it to reject single recipients.
  if (httpStatus === 401) return 'account_error';
  return httpStatus >= 500 ? 'unknown' : 'rejected';
}

/** What a code from a webhook (no HTTP status) says about the account; undefined if nothing. */
export function troubleOf(code: number): 'account_error' | 'flagged' | undefined {
  const kind = classOf({ code, subcode: undefined, type: undefined }, 400);
  return kind === 'account_error' || kind === 'flagged' ? kind : undefined;
}
