// Shared by the steps of a start: the plan of one server, and fixed names.
import type { ServerUser } from './run-as.ts';

/** The log for the server's events; a pino logger fits. */
export interface EmbeddedPostgresLog {
  info(message: string): void;
  warn(message: string): void;
}

/** Paths of postgres and initdb, and their version, such as `18.4`. */
export interface Programs {
  postgres: string;
  initdb: string;
  version: string;
}

/** Everything that a launch needs. */
export interface Plan {
  cluster: string;
  user: ServerUser;
  programs: Programs;
  /** The folder of the socket. */
  host: string;
  logFile: string;
  log: EmbeddedPostgresLog;
  maxConnections: number;
}

/** How long a step took, for its line in the log. */
export const secondsSince = (began: number): string => ((performance.now() - began) / 1_000).toFixed(1);

/** The server's only role, which is also the name of its database. */
export const role = 'recado';
export const port = 5432;
/** In milliseconds: how long a start waits for a silent server, and a stop for each way to end it. */
export const patience = { silence: 300_000, fast: 10_000, immediate: 10_000 };
