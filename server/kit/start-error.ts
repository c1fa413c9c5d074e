// The reason a start is given up, and the words of others about it.

/** A reason why Recado cannot start that its operator can remedy: printed as one sentence, without a stack. */
export class StartError extends Error {
  override name = 'StartError';
}

/** What an error says; of a name with several addresses, what was said of the first. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}
