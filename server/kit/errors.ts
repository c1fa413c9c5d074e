// The refusals that we foresaw: each has a code, an HTTP status and a title in its feature's table.
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

/** What a refusal says beside its code. */
export interface Refinement {
  fields?: FieldError[];
  retryAfterSeconds?: number;
  /** What it was made of; the log tells it where the refusal is a failure of ours, the answer does not. */
  cause?: unknown;
}

/** What a refusal is, and what to do about it. */
export const inFull = ({ title, remedy }: Pick<ErrorEntry, 'title' | 'remedy'>): string => `${title} ${remedy}`;

/** A refusal with a stable code. It is thrown by features and turned into a problem at the edge. */
export class AppError extends Error {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  /** What was wrong this time and what to do; where nothing more is known, what the table says. */
  readonly detail: string;
  readonly fields: FieldError[] | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: string, entry: ErrorEntry, detail?: string, more: Refinement = {}) {
    super(detail ?? entry.title, more.cause === undefined ? {} : { cause: more.cause });
    this.code = code;
    this.status = entry.status;
    this.title = entry.title;
    this.detail = detail ?? inFull(entry);
    this.fields = more.fields;
    this.retryAfterSeconds = more.retryAfterSeconds;
  }
}

/** A function that makes the refusals of one table: `refuse('not_found', 'No such message.')`. */
export function refusals<Table extends ErrorTable>(table: Table) {
  return (code: keyof Table & string, detail?: string, more?: Refinement): AppError =>
    new AppError(code, table[code] as ErrorEntry, detail, more);
}

/** The refusals that any route can give. */
export const commonErrors = {
  invalid_request: {
    status: 400,
    title: 'The request is not valid.',
    remedy: 'Correct the fields that `errors` names. Unknown fields and parameters are refused too.',
  },
  unauthorized: {
    status: 401,
    title: 'Credentials are missing or not valid.',
    remedy:
      'Send `Authorization: Bearer <access token or API key>`; get a token from `POST /api/v1/auth/login`, or refresh it.',
  },
  forbidden: {
    status: 403,
    title: 'These credentials do not allow this.',
    remedy: 'Use credentials with the permission that the detail names.',
  },
  not_found: {
    status: 404,
    title: 'There is no such thing.',
    remedy: 'Check the address and the id. Ids of another workspace are answered like ids that do not exist.',
  },
  method_not_allowed: {
    status: 405,
    title: 'This address does not take this method.',
    remedy: 'See the API reference for the methods of the address.',
  },
  request_timeout: {
    status: 408,
    title: 'The request came too slowly.',
    remedy: 'Send it again, all of it within 30 seconds (a file within 15 minutes) and its headers within 10.',
  },
  payload_too_large: { status: 413, title: 'The body is too large.', remedy: 'Send less at once.' },
  unsupported_media_type: {
    status: 415,
    title: 'The body has a type that this route does not take.',
    remedy:
      'Send JSON with `Content-Type: application/json`; a file goes to `POST /api/v1/media` as `multipart/form-data`.',
  },
  headers_too_large: {
    status: 431,
    title: 'The headers are too large.',
    remedy: 'Send less than 16 KB of headers; a large cookie of another page of this host may be among them.',
  },
  idempotency_key_reused: {
    status: 422,
    title: 'This Idempotency-Key was used with another body, or by somebody else.',
    remedy: 'Use a new key for each new request; repeat a request with exactly the same body.',
  },
  idempotency_key_in_use: {
    status: 409,
    title: 'The first request with this Idempotency-Key is still at work.',
    remedy: 'Repeat the request after the seconds of `Retry-After`; it then gets the first answer.',
  },
  idempotency_answer_lost: {
    status: 409,
    title: 'The first answer under this Idempotency-Key cannot be opened any more.',
    remedy:
      'It was sealed with a SECRET_KEY that this server does not have. What the first request made is there: find it in the list and remove it if you lack its secret, then use a new key. The operator can name the earlier key in `SECRET_KEY_PREVIOUS`.',
  },
  rate_limited: {
    status: 429,
    title: 'There were too many requests.',
    remedy:
      'Wait for the seconds of `Retry-After`. `RateLimit` in each answer tells what is left; send many messages at once with `POST /api/v1/messages/batch`.',
  },
  internal_error: {
    status: 500,
    title: 'Something went wrong on our side.',
    remedy: 'Report it with the `request_id`; the log of the server tells more under it.',
  },
  list_too_slow: {
    status: 503,
    title: 'The list took too long to read.',
    remedy:
      'Ask for less: a shorter range of time (`from` and `until`), one account, three letters or more of a name; and page with `cursor`, as `offset` reads what it skips. A list that is small by itself waits for a busy database: repeat it after the seconds of `Retry-After`.',
  },
  unavailable: {
    status: 503,
    title: 'This cannot be done at the moment.',
    remedy: 'Repeat the request after the seconds of `Retry-After`, with the same Idempotency-Key; `detail` says why.',
  },
  storage_full: {
    status: 503,
    title: 'The disk of the server is full.',
    remedy:
      'Make room on the disk of `DATA_DIR`, or of the database: Recado then goes on by itself. Repeat the request with the same Idempotency-Key.',
  },
} as const satisfies ErrorTable;

/** Makes the refusals that any route can give. */
export const refuseCommon = refusals(commonErrors);

/** The refusal of a value that came past every schema, and that the database then could not hold or read. */
export const refuseUnstorable = (cause: unknown) =>
  refuseCommon('invalid_request', 'The request holds a value that cannot be stored or looked for.', { cause });

/** The refusal of whatever would write to a full disk. */
export const refuseStorageFull = () =>
  refuseCommon(
    'storage_full',
    'The disk of the server is full, so nothing can be accepted. Its operator has to make room; then repeat the request with the same Idempotency-Key. What was accepted before is kept.',
    { retryAfterSeconds: 5 },
  );
