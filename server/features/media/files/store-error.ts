// Translates store errors to API errors.
import { StorageError } from '../../../ports/storage.ts';
import { problem } from '../errors.ts';

/** The API error for a store error, which becomes its cause; other errors pass through. */
export function storeProblem(error: unknown): unknown {
  if (error instanceof Error && error.name === 'TimeoutError') return unavailable(error);
  if (!(error instanceof StorageError)) return error;
  switch (error.code) {
    case 'not_found':
      return problem('media_lost', undefined, { cause: error });
    case 'full':
      return problem('media_store_full', undefined, { cause: error });
    case 'denied':
      return problem('media_store_rejects', undefined, { cause: error });
    case 'out_of_range':
      return problem('range_not_satisfiable', error.message, { cause: error });
    // The store works, so there is nothing to log.
    case 'busy':
      return problem('media_store_busy', error.message, { retryAfterSeconds: 5 });
    case 'unavailable':
    case 'mismatch':
      return unavailable(error);
    case 'invalid_key':
      return error;
  }
}

const unavailable = (cause: Error) => problem('media_store_unavailable', undefined, { retryAfterSeconds: 5, cause });
