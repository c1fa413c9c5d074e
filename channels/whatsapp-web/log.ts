// The log of this process: JSON lines with named fields only, so that no key material slips in.
import { errorText, redact } from './redact.ts';

interface LogFields {
  session?: string | undefined;
  code?: string | number | undefined;
  /** Any error: only its message is logged, without numbers and keys. */
  error?: unknown;
}

export type Log = (level: 'info' | 'warn' | 'error', message: string, fields?: LogFields) => void;

/** A log that writes JSON lines. */
export const createLog =
  (writeLine: (line: string) => void): Log =>
  (level, message, { session, code, error } = {}) => {
    const text = error === undefined ? undefined : errorText(error);
    writeLine(
      JSON.stringify({ time: new Date().toISOString(), level, msg: redact(message), session, code, error: text }),
    );
  };

/** The same log, for one session. */
export const logOf =
  (log: Log, session: string): Log =>
  (level, message, fields) =>
    log(level, message, { ...fields, session });
