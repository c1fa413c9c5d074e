// What the chapters of a start hand on to each other: the plan of one server, and the names that it always has.
import type { ServerUser } from './run-as.ts';

/** Where the server's news go; a pino logger is one. */
export interface EmbeddedPostgresLog {
  info(message: string): void;
  warn(message: string): void;
}

/** The files of the server and of the maker of its data, and their version, such as `18.4`. */
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
}

/** The server's only role, and the name of its database. */
export const role = 'recado';
export const port = 5432;
/** How long a start waits for a server that says nothing, and a stop for each of its ways to end, in milliseconds. */
export const patience = { silence: 300_000, fast: 10_000, immediate: 10_000 };
