// Errors as sockets get them: the fields of a problem document.
import type { SocketProblem } from '@recado/contract';
import { AppError, commonProblem } from '../../kit/errors.ts';
import type { Logger } from '../../kit/log.ts';

/** The problem for a client. An error of ours goes to the log. */
export function problemOf(error: unknown, log: Logger): SocketProblem {
  const known = error instanceof AppError ? error : commonProblem('internal_error');
  if (known.status >= 500) log.error({ err: error }, 'a message of a socket failed');
  const { code, title, status, detail, fields, retryAfterSeconds } = known;
  return {
    code,
    title,
    status,
    detail,
    ...(fields && { errors: fields }),
    ...(retryAfterSeconds !== undefined && { retry_after: retryAfterSeconds }),
  };
}
