// Why a command fails.

/** A reason that the operator can fix: printed as one sentence, without a stack trace. */
export class CommandError extends Error {
  override name = 'CommandError';
}
