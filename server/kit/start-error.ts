// A startup failure, reported to the operator as one sentence.

/** A startup failure that the operator can fix: printed as one sentence, without a stack trace. */
export class StartError extends Error {
  override name = 'StartError';
}

/** The text of an error; for a name with several addresses, that of the first. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}
