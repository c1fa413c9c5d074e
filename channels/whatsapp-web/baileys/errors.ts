// What errors of the library mean.

/** The status code of an error of the library (a Boom), such as 428. */
export const statusOf = (error: unknown): number | undefined => {
  const output = (error as { output?: { statusCode?: unknown } } | undefined)?.output;
  return typeof output?.statusCode === 'number' ? output.statusCode : undefined;
};

/**
 * The system's code of an error by which the network failed, such as ENOTFOUND. The library wraps the error of the
 * WebSocket, which has no code where only the time was over.
 */
export const networkCodeOf = (error: unknown): string | undefined => {
  if (!(error instanceof Error && error.message.startsWith('WebSocket Error')) || statusOf(error) !== 408)
    return undefined;
  const { code } = ((error as { data?: unknown }).data ?? {}) as { code?: unknown };
  return typeof code === 'string' && /^E[A-Z_]{2,40}$/.test(code) ? code : 'ETIMEDOUT';
};

const closings = new Set([408, 428, 440, 503]);

/** Whether the cause is that the connection closed, or did not respond. A bare number is a close code of the WebSocket. */
export const isConnectionError = (error: unknown): boolean => {
  if (typeof error === 'number') return true;
  const status = statusOf(error);
  if (status !== undefined) return closings.has(status);
  return error instanceof Error && error.message.startsWith('WebSocket');
};

/** Whether the library refused to write, because the connection was closed already. */
export const isClosedBefore = (error: unknown): boolean => typeof error === 'number' || statusOf(error) === 428;
