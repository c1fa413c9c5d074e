// Meta's error codes and what the engine has to do about each; from Meta's table of December 2025 and its page of September 2026.
import type { Outcome } from '../../../ports/channel.ts';

type ErrorClass = Exclude<Outcome['class'], 'accepted' | 'not_sent'>;

// What is not listed is told apart by the HTTP status: unknown with 5xx, and permanent for the message with most of 4xx.
const classes: Record<string, ErrorClass> = {
  // The whole account has to slow down: proven not accepted.
  4: 'throttled',
  80007: 'throttled',
  130429: 'throttled',
  131057: 'throttled',
  133004: 'throttled',
  // Something broke on their side, and they do not say where. The HTTP status is no help: Meta gives 1 with 400.
  1: 'unknown',
  2: 'unknown',
  131000: 'unknown',
  131016: 'unknown',
  // Only this recipient has to wait.
  131056: 'recipient_throttled',
  // Somebody has to act: token, permission, lock, payment, registration.
  0: 'account_error',
  3: 'account_error',
  10: 'account_error',
  33: 'account_error',
  190: 'account_error',
  // Meta distrusts the account: going on would make it worse.
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

/** What tells Graph errors apart. */
export interface GraphError {
  code: number;
  subcode: number | undefined;
  type: string | undefined;
}

const isPermission = (code: number) => code >= 200 && code <= 299;

/** Whether what the path names does not exist, or is nothing that the token may use: Meta tells no difference. */
export const isOfPath = ({ code, subcode, type }: GraphError): boolean =>
  code === 100 && (subcode === 33 || type === 'GraphMethodException');

/** The class of a Graph error by its code; `httpStatus` decides for codes that are not in Meta's table. */
export function classOf(error: GraphError, httpStatus: number): ErrorClass {
  const known = classes[error.code];
  if (known) return known;
  // The path of a call names the number, which then is wrong for every message of the account.
  if (isPermission(error.code) || isOfPath(error)) return 'account_error';
  if (httpStatus === 429) return 'throttled';
  // Not 403, with which Meta also refuses single recipients.
  if (httpStatus === 401) return 'account_error';
  return httpStatus >= 500 ? 'unknown' : 'rejected';
}

/** What a code that comes without a call, and so without an HTTP status, says of the account; undefined for nothing. */
export function troubleOf(code: number): 'account_error' | 'flagged' | undefined {
  const kind = classOf({ code, subcode: undefined, type: undefined }, 400);
  return kind === 'account_error' || kind === 'flagged' ? kind : undefined;
}
