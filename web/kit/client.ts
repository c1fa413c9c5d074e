// The API as this browser's session sees it.
import { Recado } from '@recado/client';

const options = {
  url: location.origin,
  csrfToken: () => localStorage.getItem('recado.csrf') ?? undefined,
};

export const recado = new Recado(options);

/** The same with another `fetch`, such as one that tells the progress of an upload. */
export const recadoWith = (fetcher: typeof fetch): Recado => new Recado({ ...options, fetch: fetcher });
