// Rejects passwords that attackers try first.
import { invalid } from '../../kit/http/routes.ts';
import { isCommon } from '../../kit/text/common-password.ts';

/** @throws AppError */
export function demandUncommon(field: string, password: string, words: readonly string[]): void {
  if (isCommon(password, words))
    throw invalid(
      field,
      'Is easy to guess: it is mostly common words, keyboard rows, repetitions, or your address and names. Choose a longer one.',
    );
}
