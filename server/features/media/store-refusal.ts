// What a store throws, as a refusal for who asked.
import { StorageError } from '../../ports/storage.ts';
import { refuse } from './errors.ts';

/** The refusal for an error of a store; other errors as they are. */
export function storeRefusal(error: unknown): unknown {
  if (error instanceof Error && error.name === 'TimeoutError') return unavailable(error);
  if (!(error instanceof StorageError)) return error;
  switch (error.code) {
    case 'not_found':
      return refuse('media_lost');
    case 'full':
      return refuse('media_store_full');
    case 'denied':
      return refuse('media_store_refuses');
    case 'out_of_range':
      return refuse('range_not_satisfiable', error.message);
    case 'busy':
      return refuse('media_store_busy', error.message, { retryAfterSeconds: 5 });
    case 'unavailable':
    case 'mismatch':
      return unavailable(error);
    case 'invalid_key':
      return error;
  }
}

const unavailable = (cause: Error) =>
  Object.assign(refuse('media_store_unavailable', undefined, { retryAfterSeconds: 5 }), { cause });
