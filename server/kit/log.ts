// The log: JSON lines in production, without credentials, phone numbers or message texts.
import { type LogFn, type Logger, pino } from 'pino';
import { isUnavailable } from './db/database.ts';
import { toId } from './ids.ts';

export type { Logger };

/** How many causes of an error are logged. */
const mostCauses = 4;

function brief(error: unknown, causes = mostCauses): object {
  if (!(error instanceof Error)) return { message: withoutValues(String(error)) };
  const { name, message, stack = '' } = error;
  return {
    type: name,
    message: withoutValues(message),
    ...('code' in error && { code: error.code }),
    stack: withoutValues(stack),
    ...(error.cause !== undefined && causes > 0 && { cause: brief(error.cause, causes - 1) }),
  };
}

/** PostgreSQL quotes values that it cannot parse, and they may contain a phone number. */
const withoutValues = (text: string): string =>
  text.replace(/(invalid input \w+ for [\w ]+): "[\s\S]*?"(?=\n|$)/g, '$1: "…"').replace(/\+?\d{9,15}(?!\d)/g, '…');

/**
 * Allows one line a second about an unavailable or full database, which every operation meets; `held_back` of the
 * next line counts the dropped ones.
 */
function sparing(now: () => number) {
  let passedAt = Number.NEGATIVE_INFINITY;
  let heldBack = 0;
  return function logMethod(this: Logger, args: Parameters<LogFn>, method: LogFn): void {
    const [fields, ...rest] = args as unknown[];
    const isOne = typeof fields === 'object' && fields !== null && 'err' in fields && isUnavailable(fields.err);
    if (!isOne) {
      method.apply(this, args);
      return;
    }
    if (now() - passedAt < 1_000) {
      heldBack++;
      return;
    }
    const more = heldBack > 0 ? { ...fields, held_back: heldBack } : fields;
    passedAt = now();
    heldBack = 0;
    method.apply(this, [more, ...rest] as Parameters<LogFn>);
  };
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Writes a UUID as the API's id, so that a line can be matched with what the API shows. */
const asId =
  (kind: Parameters<typeof toId>[0]) =>
  (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(asId(kind));
    return typeof value === 'string' && uuid.test(value) ? toId(kind, value) : value;
  };

export interface LogOutput {
  write(line: string): void;
}

export interface HeldOutput extends LogOutput {
  /** Writes the waiting lines, and passes later ones on at once. `fromLevel`: only lines of this pino level and above. */
  release(fromLevel?: number): void;
}

/** Holds lines back until they are released. */
export function holdOutput(to: LogOutput = output()): HeldOutput {
  let held: string[] | undefined = [];
  return {
    write(line) {
      if (held) held.push(line);
      else to.write(line);
    },
    release(fromLevel = 0) {
      const lines = held ?? [];
      held = undefined;
      for (const line of lines) if (levelOf(line) >= fromLevel) to.write(line);
    },
  };
}

const levelOf = (line: string): number => (JSON.parse(line) as { level: number }).level;

/** Standard output. A full disk behind it must not end the program. */
function output() {
  const stream = pino.destination({ fd: process.stdout.fd, sync: true, maxLength: 1_000_000 });
  stream.on('error', () => {});
  return stream;
}

/** Returns the log. `level` is a pino level; `now` returns milliseconds; lines go to `to`. */
export const openLog = (level: string, now = () => performance.now(), to: LogOutput = output()): Logger =>
  pino(
    {
      level,
      base: null,
      // Errors of the database driver contain their whole client.
      serializers: {
        err: (error: unknown) => brief(error),
        account: asId('account'),
        media: asId('media'),
        message: asId('message'),
        workspace: asId('workspace'),
        // The key of a lane is its account.
        key: asId('account'),
      },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: ['req.headers.authorization', 'req.headers.cookie', '*.password', '*.token'],
        censor: '[redacted]',
      },
      hooks: { logMethod: sparing(now) },
    },
    to,
  );
