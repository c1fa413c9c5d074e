// The reason a start is given up.

/** A reason why Recado cannot start that its operator can remedy: printed as one sentence, without a stack. */
export class StartError extends Error {
  override name = 'StartError';
}
