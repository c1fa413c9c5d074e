// What follows when a connection of WhatsApp Web ends, by its code. A rule without side effects.
import type { LinkCause, LinkState } from '@recado/contract';
import { backoff } from '../../kit/backoff.ts';
import type { CloseCode } from '../../ports/gateway.ts';

/** How a connection ended. */
export interface Disconnect {
  /** As the library says it; undefined if the session process ended, or gave none. */
  code: CloseCode | undefined;
  title: string;
  /** The system's code of a failure of the network, such as ENOTFOUND. */
  network?: string | undefined;
  /** Whether a phone is linked: there are credentials. */
  isLinked: boolean;
  /** Whether somebody could use a code to link a phone. */
  hasShownCode: boolean;
  /** How often in a row the connection ended without having been open for a while; 1 at the first time. */
  failures: number;
  /** How often in a row another program took the connection, this time included. */
  replaced: number;
}

/**
 * What follows:
 * - reopen: at once, with the same credentials
 * - wait: open again after this time
 * - end: nothing until somebody acts; `forgets`: the credentials and keys are worthless
 */
export type Consequence =
  | { kind: 'reopen' }
  | { kind: 'wait'; ms: number; reason: string; cause?: LinkCause }
  | {
      kind: 'end';
      state: Extract<LinkState, 'logged_out' | 'banned' | 'outdated' | 'failed' | 'reconnecting'>;
      reason: string;
      cause?: LinkCause;
      forgets: boolean;
    };

/** Two programs with the same link take the connection from each other for ever. Ours stops after this number. */
const mostReplaced = 5;

const firstWaitMs = 1_000;
const longestWaitMs = 300_000;
/** The unknown errors in a row that need a person. */
const alertAfter = 5;

/** After each failure twice as long, from a second to five minutes. `random` is from 0 to 1, so that not all come at once. */
export function backoffMs(failures: number, random: number): number {
  const longest = backoff(firstWaitMs, longestWaitMs, failures);
  return Math.round(Math.max(firstWaitMs, longest / 2 + (longest / 2) * random));
}

const banned: Record<number, string> = {
  402: 'WhatsApp has restricted the number for a while (402). Open WhatsApp on the phone: it says until when. Then resume the account.',
  403: 'WhatsApp has banned the number (403). Open WhatsApp on the phone: it says what you can do. Then resume the account.',
  406: 'WhatsApp rejects the number (406). Open WhatsApp on the phone: it says why. Then resume the account.',
};

const outdated =
  'WhatsApp rejects this version of WhatsApp Web (405). The operator sets a newer one with npx recado web-version.';

const passkey =
  'WhatsApp demands a passkey to link a device to this number, and Recado cannot give one. Neither another code nor another attempt helps. Connect the number by the Cloud API.';

const usedElsewhere = `Another program uses the same link, and took the connection ${mostReplaced} times in a row (440). Stop it, such as a copy or a restored backup of Recado. Then resume the account.`;

/** What follows when a connection has ended. */
export function consequenceOf(disconnect: Disconnect, random: number): Consequence {
  const { code, isLinked, network, failures, replaced } = disconnect;
  if (code === 515) return { kind: 'reopen' };
  if (code === 405) return { kind: 'end', state: 'outdated', reason: outdated, forgets: false };
  if (code === 'passkey_required')
    return { kind: 'end', state: 'failed', reason: passkey, cause: 'passkey_required', forgets: true };
  if (!isLinked) return { kind: 'end', state: 'failed', ...failure(disconnect), forgets: true };
  if (code === 401)
    return {
      kind: 'end',
      state: 'logged_out',
      reason: 'The phone or WhatsApp ended the link (401). Link the phone again.',
      forgets: true,
    };
  if (code === 440 && replaced >= mostReplaced)
    return { kind: 'end', state: 'reconnecting', reason: usedElsewhere, cause: 'used_elsewhere', forgets: false };
  const ban = code === undefined ? undefined : banned[code];
  if (ban !== undefined) return { kind: 'end', state: 'banned', reason: ban, forgets: false };
  if (network !== undefined)
    return {
      kind: 'wait',
      ms: backoffMs(failures, random),
      reason: `${unreachable(network)} Recado connects again.`,
      cause: 'unreachable',
    };
  // 500 is the library's code for everything that it does not know: never a reason to forget keys.
  const reason = waitReason(code, failures, code === 500 && failures >= alertAfter);
  return { kind: 'wait', ms: backoffMs(failures, random), reason };
}

const unreachable = (why: string) => `WhatsApp cannot be reached from this machine (${why}).`;

/** Why linking ended without a phone. 408 is the library's code for all that takes too long. */
function failure({ code, title, network, hasShownCode }: Disconnect): { reason: string; cause?: LinkCause } {
  if (!hasShownCode && (network !== undefined || code === 408))
    return {
      reason: `${unreachable(network ?? 'no answer')} Check its connection to the internet, then start again.`,
      cause: 'unreachable',
    };
  if (network !== undefined)
    return { reason: `The connection broke while a phone was being linked (${network}). Start again.` };
  if (code === 408) return { reason: 'Nobody used a code in time. Start again.' };
  if (code === undefined) return { reason: 'The connection ended while a phone was being linked. Start again.' };
  return { reason: `WhatsApp ended the linking (${code}${title === '' ? '' : `: ${title}`}). Start again.` };
}

function waitReason(code: number | undefined, failures: number, alert: boolean): string {
  if (alert)
    return `WhatsApp has closed the connection ${failures} times in a row for an unknown reason (500). If it goes on, unlink the account and link it again.`;
  if (code === 440) return 'Another program uses the same link (440). Recado connects again.';
  return `The connection to WhatsApp is lost${code === undefined ? '' : ` (${code})`}. Recado connects again.`;
}
