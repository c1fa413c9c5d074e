// The log: JSON lines in production, without credentials, phone numbers or texts of messages.
import { type Logger, pino } from 'pino';

export type { Logger };

/** Opens the log. `level` is one of pino's. */
export const openLog = (level: string): Logger =>
  pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: ['req.headers.authorization', 'req.headers.cookie', '*.password', '*.token'],
      censor: '[redacted]',
    },
  });
