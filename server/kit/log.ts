// The log: JSON lines in production, without credentials, phone numbers or texts of messages.
import { type Logger, pino } from 'pino';

export type { Logger };

function brief(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack } = error;
  return { type: name, message, ...('code' in error && { code: error.code }), stack };
}

/** Opens the log. `level` is one of pino's. */
export const openLog = (level: string): Logger =>
  pino({
    level,
    base: null,
    // Errors of the database driver carry their whole client along.
    serializers: { err: brief },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: ['req.headers.authorization', 'req.headers.cookie', '*.password', '*.token'],
      censor: '[redacted]',
    },
  });
