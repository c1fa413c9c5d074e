// The library's logger: warnings and errors pass to our log, by their text only; it logs whole stanzas and keys.
import type { SocketConfig } from 'baileys';
import type { Log } from '../../log.ts';
import { statusOf } from '../errors.ts';

type Logger = SocketConfig['logger'];

const causeOf = (logged: unknown): unknown => {
  if (typeof logged !== 'object' || logged === null) return undefined;
  const { err, error } = logged as { err?: unknown; error?: unknown };
  return err ?? error;
};

/** A logger for the library that never logs below `warn`. */
export const createLibraryLogger = (log: Log): Logger => {
  const write = (level: 'warn' | 'error') => (logged: unknown, message?: string) => {
    const text = typeof logged === 'string' ? logged : (message ?? 'The library says nothing');
    const cause = causeOf(logged);
    log(level, `Library: ${text}`, { error: cause, code: statusOf(cause) });
  };
  const nothing = () => undefined;
  const logger: Logger = {
    level: 'warn',
    child: () => logger,
    trace: nothing,
    debug: nothing,
    info: nothing,
    warn: write('warn'),
    error: write('error'),
  };
  return logger;
};
