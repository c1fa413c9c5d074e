// The driver port: what the session process needs of a library that speaks WhatsApp Web. Another library fits in here.
import type { Log } from './log.ts';
import type {
  GatewayRequest,
  GatewayRequests,
  OpenSession,
  ProcessSettings,
  SessionCall,
  SessionCalls,
  SessionNotice,
} from './protocol.ts';

/** The gateway, as a session sees it. */
export interface Gateway {
  /** Rejects if the gateway refused or could not store. */
  request<Name extends GatewayRequest>(
    name: Name,
    args: GatewayRequests[Name]['args'],
  ): Promise<GatewayRequests[Name]['result']>;
}

export interface ConnectionOptions {
  settings: ProcessSettings;
  open: OpenSession;
  gateway: Gateway;
  /** The last notice of a connection is `closed`. */
  notify(notice: SessionNotice): void;
  log: Log;
}

/** One connection of one session. It never connects again by itself. */
export interface Connection {
  /** Undefined if the connection is not open. */
  call<Name extends SessionCall>(
    name: Name,
    args: SessionCalls[Name]['args'],
  ): Promise<SessionCalls[Name]['result']> | undefined;
  close(options: { logout: boolean }): void;
  /** Ends it with the code 500, because of an error that nobody expects. */
  fail(title: string): void;
}

export type Driver = (options: ConnectionOptions) => Connection;
