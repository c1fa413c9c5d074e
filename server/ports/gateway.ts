// The gateway port: the live sessions of linked accounts in this process.
import type { SessionCall, SessionCalls } from '@recado/whatsapp-web';

/**
 * The result of a call about a session.
 * - not_open: the account has no open session here; nothing was sent
 * - process_lost: the session process ended or did not respond; what became of the call is unknown
 */
export type CallResult<Name extends SessionCall> =
  | { ok: true; result: SessionCalls[Name]['result'] }
  | { ok: false; code: 'not_open' | 'process_lost'; message: string };

export interface LiveSessions {
  /** Whether the account has an open session in this process. */
  isOpen(accountId: string): boolean;
  /** Calls an open session. It never throws, and settles within the deadline. */
  call<Name extends SessionCall>(
    accountId: string,
    name: Name,
    args: SessionCalls[Name]['args'],
  ): Promise<CallResult<Name>>;
}
