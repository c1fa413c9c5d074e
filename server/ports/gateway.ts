// The gateway port: the live sessions of linked accounts in this process, and the words of their protocol.
import type { GatewayRequest, OpenSession, SessionCall, SessionCalls, SessionNotice } from '@recado/whatsapp-web';

export type {
  CloseCode,
  GatewayRequest,
  GatewayRequests,
  LinkMethod,
  OpenSession,
  SessionNotice,
  WebVersion,
} from '@recado/whatsapp-web';

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

/** The session processes of a gateway: each connection is opened once, and says when it has ended. */
export interface SessionHost {
  /** Opens a connection. What becomes of it comes as notices, the last of which is `closed`. */
  open(open: OpenSession): void;
  /** Ends a connection. `closed` follows within seconds, also if the process hangs. */
  close(accountId: string, epoch: number, logout: boolean): void;
  /** Calls a connection. It never throws, and settles within a deadline. */
  call<Name extends SessionCall>(
    accountId: string,
    epoch: number,
    name: Name,
    args: SessionCalls[Name]['args'],
  ): Promise<CallResult<Name>>;
  /** Ends all processes. */
  stop(): Promise<void>;
}

/** What a gateway does for its session processes. */
export interface SessionListener {
  noticed(accountId: string, epoch: number, notice: SessionNotice): void;
  /** Answers a request. It rejects with a RefusedRequest, or with an error of ours. */
  asked(accountId: string, epoch: number, request: GatewayRequest, args: unknown): Promise<unknown>;
}

/** A request of a session that the gateway rejects: its code is `fenced` or `unavailable`. */
export class RefusedRequest extends Error {
  readonly code: 'fenced' | 'unavailable';

  constructor(code: RefusedRequest['code'], message: string) {
    super(message);
    this.code = code;
  }
}
