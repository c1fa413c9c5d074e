// The errors of the client as classes. Each has a stable `code`; decide by it or by the class.

/** An invalid field of a request. */
export interface FieldError {
  /** The path of the field, like `text.body`. */
  field: string;
  /** What the value must be. */
  message: string;
}

/** A message or a note that somebody else of you wrote. */
export interface Came {
  id: string;
  /** Who wrote it. Null for the phone. */
  by: { id: string; name: string } | null;
  at: string;
}

/** Any error that the client throws. `code` is stable. */
export class RecadoError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** What an error answer of the server says. */
export interface Problem {
  status: number;
  code: string;
  title: string;
  detail: string;
  errors: FieldError[];
  requestId: string | undefined;
  retryAfter: number | undefined;
  lastId: string | undefined;
  came: Came[];
}

/** The server answered with an error. */
export class ApiError extends RecadoError {
  /** The HTTP status. */
  readonly status: number;
  /** The meaning of `code`, in one sentence. */
  readonly title: string;
  /** The invalid fields, if fields were invalid. */
  readonly errors: readonly FieldError[];
  /** The id of the request. The log of the server contains it. */
  readonly requestId: string | undefined;
  /** Repeat the request after this many seconds. Undefined if waiting does not help. */
  readonly retryAfter: number | undefined;
  /** The id that an error names: of `import_repeated` and `import_open`, the earlier import of the same file. */
  readonly lastId: string | undefined;
  /** With `conversation_changed`: what others of you wrote since, the oldest first. */
  readonly came: readonly Came[];

  constructor(problem: Problem) {
    super(problem.code, problem.detail);
    this.status = problem.status;
    this.title = problem.title;
    this.errors = problem.errors;
    this.requestId = problem.requestId;
    this.retryAfter = problem.retryAfter;
    this.lastId = problem.lastId;
    this.came = problem.came;
  }
}

/** The request is not valid (400, 413, 415, 422). `errors` lists the invalid fields. */
export class InvalidRequestError extends ApiError {}
/** Credentials are missing or not valid (401). */
export class AuthenticationError extends ApiError {}
/** These credentials do not allow this (403). */
export class PermissionError extends ApiError {}
/** Not found, or not visible to the caller (404, 410). */
export class NotFoundError extends ApiError {}
/** The current state does not allow this (409). */
export class ConflictError extends ApiError {}
/** Too many requests (429). Repeat after `retryAfter` seconds. */
export class RateLimitError extends ApiError {}
/** The server failed, or is temporarily unavailable (500 and above). */
export class ServerError extends ApiError {}

/** The server could not be reached, or the connection broke. The server may have done what the request asked. */
export class ConnectionError extends RecadoError {
  constructor(message: string, cause?: unknown) {
    super('connection_failed', message, { cause });
  }
}

/** The answer did not come in time. The server may have done what the request asked. */
export class TimeoutError extends RecadoError {
  constructor(milliseconds: number) {
    super('timeout', `The server did not answer within ${milliseconds} ms.`);
  }
}

/**
 * The log does not have the event that you had last: it is older than the retention. Load what you need with the lists,
 * then go on after `lastId`, or without `after` if it is undefined.
 */
export class ResyncRequiredError extends RecadoError {
  /** The id of the newest event at that time. */
  readonly lastId: string | undefined;

  constructor(message: string, lastId?: string) {
    super('resync_required', message);
    this.lastId = lastId;
  }
}

const reasons = {
  headers_missing: 'The headers webhook-id, webhook-timestamp and webhook-signature are required.',
  timestamp_invalid: 'The header webhook-timestamp is not a time in seconds.',
  timestamp_too_old: 'The webhook is too old. Compare the clocks of both machines.',
  timestamp_too_new: 'The webhook is from the future. Compare the clocks of both machines.',
  signature_invalid: 'No signature matches. Use the secret of the endpoint and the body exactly as it came.',
  body_invalid: 'The body is not JSON.',
} as const;

/** The webhook must not be trusted; `code` says why. Answer it with 400. */
export class WebhookVerificationError extends RecadoError {
  constructor(code: keyof typeof reasons, cause?: unknown) {
    super(code, reasons[code], { cause });
  }
}

const classes: Record<number, typeof ApiError> = {
  401: AuthenticationError,
  403: PermissionError,
  404: NotFoundError,
  409: ConflictError,
  410: NotFoundError,
  429: RateLimitError,
};

/** The error for an answer that is not 2xx. */
export async function errorOf(answer: Response): Promise<RecadoError> {
  const text = await answer.text();
  const problem = parse(text);
  if (problem.code === 'resync_required')
    return new ResyncRequiredError(problem.detail ?? 'The event is gone.', problem.last_id ?? undefined);
  const Class = classes[answer.status] ?? (answer.status >= 500 ? ServerError : InvalidRequestError);
  return new Class({
    status: answer.status,
    code: problem.code ?? 'unexpected_answer',
    title: problem.title ?? `HTTP ${answer.status}`,
    // A proxy before the server answers with a page of its own.
    detail: problem.detail ?? `The server answered ${answer.status}: ${text.slice(0, 200)}`,
    errors: problem.errors ?? [],
    requestId: problem.request_id ?? answer.headers.get('x-request-id') ?? undefined,
    retryAfter: secondsIn(answer.headers.get('retry-after')),
    lastId: problem.last_id ?? undefined,
    came: problem.came ?? [],
  });
}

function parse(text: string): {
  code?: string;
  title?: string;
  detail?: string;
  errors?: FieldError[];
  request_id?: string;
  last_id?: string | null;
  came?: Came[];
} {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  } catch {
    return {};
  }
}

function secondsIn(header: string | null): number | undefined {
  return header !== null && /^\d{1,9}$/.test(header.trim()) ? Number(header) : undefined;
}
