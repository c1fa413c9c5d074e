// The client of the API: all calls of the app go through it.
import { ApiError, ConnectionError, Recado, TimeoutError } from '@recado/client';
import { hearing, isOfProxy } from './contact.ts';
import { renewSession, session } from './session.ts';

/** Nothing is repeated here: queries repeat themselves, people see the rest. */
const options = {
  url: location.origin,
  csrfToken: session.csrfToken,
  onUnauthorized: renewSession,
  retries: 0,
};

/** Rejects with the classes of the SDK. */
export const recado = new Recado({ ...options, fetch: hearing(fetch.bind(globalThis)) });

/** The same with another `fetch`, such as one that tells the progress of an upload. */
export const recadoWith = (fetcher: typeof fetch): Recado => new Recado({ ...options, fetch: hearing(fetcher) });

/** Whether the same request would be rejected again. */
export const isRejection = (error: unknown): boolean =>
  error instanceof ApiError && error.status >= 400 && error.status < 500;

/** Whether the server was not there to answer. */
export const isAway = (error: unknown): boolean =>
  error instanceof ConnectionError ||
  error instanceof TimeoutError ||
  (error instanceof ApiError && isOfProxy(error.status));
