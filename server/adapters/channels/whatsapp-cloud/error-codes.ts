// The class of an error: by the table of codes, else by the HTTP status.
import { channelCodes } from '@recado/contract';
import type { Outcome, Trouble } from '../../../ports/channel.ts';

type ErrorClass = Exclude<Outcome['class'], 'accepted' | 'not_sent'>;

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
  // The path names the phone number, so every message of the account would fail.
  if (isPermission(error.code) || isOfPath(error)) return 'account_error';
  const known = channelCodes[error.code];
  if (known) return known.class;
  if (httpStatus === 429) return 'throttled';
  // Not 403: Meta also uses it to reject single recipients.
  if (httpStatus === 401) return 'account_error';
  // Meta answered, gave no id, and says so itself.
  return httpStatus >= 500 ? 'unavailable' : 'rejected';
}

/** What a code from a webhook (no HTTP status) says about the account; undefined if nothing. */
export function troubleOf(code: number): Trouble | undefined {
  const kind = classOf({ code, subcode: undefined, type: undefined }, 400);
  return isTrouble(kind) ? kind : undefined;
}

/** How long Meta asks to wait after a code, in milliseconds; undefined if it does not say. */
export function waitOf(code: number): number | undefined {
  const minutes = channelCodes[code]?.waitMinutes;
  return minutes === undefined ? undefined : minutes * 60_000;
}

const troubles: ReadonlySet<string> = new Set<Trouble>([
  'account_error',
  'flagged',
  'templates_restricted',
  'marketing_restricted',
]);

const isTrouble = (kind: string): kind is Trouble => troubles.has(kind);
