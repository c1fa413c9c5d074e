// The client of the API: all calls of the app go through it.
import { ApiError, Recado } from '@recado/client';
import { renewSession, session } from './session.ts';

/** Nothing is repeated here: queries repeat themselves, people see the rest. */
const options = {
  url: location.origin,
  csrfToken: session.csrfToken,
  onUnauthorized: renewSession,
  retries: 0,
};

/** Rejects with the classes of the SDK. */
export const recado = new Recado(options);

/** The same with another `fetch`, such as one that tells the progress of an upload. */
export const recadoWith = (fetcher: typeof fetch): Recado => new Recado({ ...options, fetch: fetcher });

/** Whether the same request would be rejected again. */
export const isRejection = (error: unknown): boolean =>
  error instanceof ApiError && error.status >= 400 && error.status < 500;
