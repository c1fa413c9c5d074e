// What errors of the library mean.

/** The status code of an error of the library (a Boom), such as 428. */
export const statusOf = (error: unknown): number | undefined => {
  const output = (error as { output?: { statusCode?: unknown } } | undefined)?.output;
  return typeof output?.statusCode === 'number' ? output.statusCode : undefined;
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
