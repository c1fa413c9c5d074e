// The expected errors: each has a code, an HTTP status and a title in its feature's table.
import type { Problem } from '@recado/contract';

export interface ErrorEntry {
  status: number;
  title: string;
  /** What the reader of the error can do about it; for the reference. */
  remedy: string;
}

export type ErrorTable = Record<string, ErrorEntry>;

export interface FieldError {
  field: string;
  message: string;
}

/** The details of an error, in addition to its code. */
export interface Refinement {
  fields?: FieldError[];
  retryAfterSeconds?: number;
  /** For resync_required: the id of the newest event. */
  lastId?: string | null;
  /** For conversation_changed: what came. */
  came?: Problem['came'];
  /** The original error. The log has it for failures of ours; the response never does. */
  cause?: unknown;
}

/** The meaning of an error, and its remedy. */
export const inFull = ({ title, remedy }: Pick<ErrorEntry, 'title' | 'remedy'>): string => `${title} ${remedy}`;

/** An error with a stable code. Features throw it, and the HTTP server turns it into a problem. */
export class AppError extends Error {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  /** What was wrong this time and what to do; where nothing more is known, what the table says. */
  readonly detail: string;
  readonly fields: FieldError[] | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly lastId: string | null | undefined;
  readonly came: Problem['came'];

  constructor(code: string, entry: ErrorEntry, detail?: string, more: Refinement = {}) {
    super(detail ?? entry.title, more.cause === undefined ? {} : { cause: more.cause });
    this.code = code;
    this.status = entry.status;
    this.title = entry.title;
    this.detail = detail ?? inFull(entry);
    this.fields = more.fields;
    this.retryAfterSeconds = more.retryAfterSeconds;
    this.lastId = more.lastId;
    this.came = more.came;
  }
}

/** Returns a function that creates the errors of one table: `problem('not_found', 'No such message.')`. */
export function problems<Table extends ErrorTable>(table: Table) {
  return (code: keyof Table & string, detail?: string, more?: Refinement): AppError =>
    new AppError(code, table[code] as ErrorEntry, detail, more);
}

/** The errors that any route can return. */
export const commonErrors = {
  invalid_request: {
    status: 400,
    title: 'The request is not valid.',
    remedy: 'Correct the fields that `errors` lists. Unknown fields and parameters are invalid too.',
  },
  unauthorized: {
    status: 401,
    title: 'Credentials are missing or not valid.',
    remedy: 'Send `Authorization: Bearer <access token or API key>`. Get a token from `POST /api/v1/auth/login`.',
  },
  forbidden: {
    status: 403,
    title: 'These credentials do not allow this.',
    remedy: 'Use credentials with the permission that `detail` names.',
  },
  not_found: {
    status: 404,
    title: 'Not found.',
    remedy: 'Check the path and the id. An id of another workspace is not found.',
  },
  method_not_allowed: {
    status: 405,
    title: 'This path does not support this method.',
    remedy: 'Use a method from the header `Allow`.',
  },
  request_timeout: {
    status: 408,
    title: 'The request arrived too slowly.',
    remedy: 'Repeat the request: headers within 10 seconds, body within 30 seconds, a file within 15 minutes.',
  },
  payload_too_large: { status: 413, title: 'The body is too large.', remedy: 'Send a smaller body.' },
  unsupported_media_type: {
    status: 415,
    title: 'The route does not accept this content type.',
    remedy:
      'Send JSON with `Content-Type: application/json`. Upload files to `POST /api/v1/media` as `multipart/form-data`.',
  },
  headers_too_large: {
    status: 431,
    title: 'The headers are too large.',
    remedy: 'Send less than 16 KB of headers. Large cookies of other pages on this host count too.',
  },
  idempotency_key_reused: {
    status: 422,
    title: 'Another body or another caller used this Idempotency-Key.',
    remedy: 'Use a new key for each new request. Repeat a request with the same body.',
  },
  idempotency_key_in_use: {
    status: 409,
    title: 'The first request with this Idempotency-Key is still running.',
    remedy: 'Repeat the request after the seconds in `Retry-After`. It then gets the first answer.',
  },
  idempotency_answer_lost: {
    status: 409,
    title: 'The first answer under this Idempotency-Key cannot be decrypted.',
    remedy:
      'The server lacks the `SECRET_KEY` of that time; the operator can add it to `SECRET_KEY_PREVIOUS`. The object exists: find it in the list. If you lack its secret, delete it and use a new key.',
  },
  rate_limited: {
    status: 429,
    title: 'Too many requests.',
    remedy:
      'Repeat after the seconds in `Retry-After`. The header `RateLimit` shows the remaining requests. Send many messages with `POST /api/v1/messages/batch`.',
  },
  export_running: {
    status: 429,
    title: 'Another export of the workspace is running.',
    remedy: 'Repeat after the seconds in `Retry-After`, once the other export is over.',
  },
  too_many_look_ups: {
    status: 429,
    title: 'You looked up too many numbers.',
    remedy: 'Repeat after the seconds in `Retry-After`. Callers who see no numbers may look up 20 in ten minutes.',
  },
  internal_error: {
    status: 500,
    title: 'Internal error.',
    remedy: 'Report the `request_id` to the operator. The log of the server has details under it.',
  },
  list_too_slow: {
    status: 503,
    title: 'Reading the list took too long.',
    remedy:
      'Ask for less: a shorter time range, one account, or at least three letters of a name. Use `cursor` instead of `offset`. If the list is short, repeat after the seconds in `Retry-After`.',
  },
  unavailable: {
    status: 503,
    title: 'Temporarily unavailable.',
    remedy: 'Repeat the request after the seconds in `Retry-After`, with the same Idempotency-Key. `detail` says why.',
  },
  database_busy: {
    status: 503,
    title: 'All connections to the database are in use.',
    remedy:
      'Repeat the request after the seconds in `Retry-After`, with the same Idempotency-Key. If it lasts, send less at once, and ask the operator for a faster database.',
  },
  storage_full: {
    status: 503,
    title: 'The disk of the server is full.',
    remedy:
      'Free space on the disk of `DATA_DIR` or of the database. Recado then continues by itself. Repeat the request with the same Idempotency-Key.',
  },
} as const satisfies ErrorTable;

/** Creates the errors that any route can return. */
export const commonProblem = problems(commonErrors);

/** The error for a value that passed the schema, but that the database cannot store or read. */
export const unstorableProblem = (cause: unknown) =>
  commonProblem('invalid_request', 'The request contains a value that the database cannot store or search.', { cause });

/** The error of a request that would write to a full disk. */
export const storageFullProblem = () =>
  commonProblem(
    'storage_full',
    'The disk of the server is full. The operator must free space. Then repeat the request with the same Idempotency-Key. Accepted messages are safe.',
    { retryAfterSeconds: 5 },
  );
