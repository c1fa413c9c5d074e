// The reason a command is given up.

/** A reason that the operator can remedy: printed as one sentence, without a stack. */
export class CommandError extends Error {
  override name = 'CommandError';
}
