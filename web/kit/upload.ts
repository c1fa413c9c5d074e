// Uploads with their progress, which `fetch` does not tell.
import type { CreateOptions, Media, Recado, UploadMediaForm } from '@recado/client';
import { recadoWith } from './client.ts';

export interface Progress {
  /** Bytes that have left. */
  sent: number;
  /** All bytes. */
  total: number;
}

/** Uploads a file by the client, with its errors, repeats and renewal of the session. @throws RecadoError */
export const upload = (
  form: UploadMediaForm,
  onProgress: (progress: Progress) => void,
  options: CreateOptions,
): Promise<Media> => withProgress(onProgress).media.upload(form, options);

/** The client whose uploads tell their progress. */
export const withProgress = (onProgress: (progress: Progress) => void): Recado =>
  recadoWith(fetchWithProgress(onProgress));

/** `fetch` for requests with a body, as far as the client uses it. */
const fetchWithProgress =
  (onProgress: (progress: Progress) => void): typeof fetch =>
  (input, init = {}) =>
    new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open(init.method ?? 'GET', String(input));
      new Headers(init.headers).forEach((value, name) => {
        request.setRequestHeader(name, value);
      });
      request.upload.onprogress = ({ loaded, total }) => onProgress({ sent: loaded, total });
      request.onload = () => resolve(answerOf(request));
      request.onerror = () => reject(new TypeError('The connection failed.'));
      request.onabort = () => reject(init.signal?.reason);
      if (init.signal?.aborted) return reject(init.signal.reason);
      init.signal?.addEventListener('abort', () => request.abort(), { once: true });
      request.send(init.body as XMLHttpRequestBodyInit | null | undefined);
    });

function answerOf(request: XMLHttpRequest): Response {
  const headers = new Headers();
  for (const line of request.getAllResponseHeaders().trim().split(/\r?\n/)) {
    const at = line.indexOf(':');
    if (at > 0) headers.append(line.slice(0, at), line.slice(at + 1).trim());
  }
  return new Response(request.status === 204 ? null : request.responseText, { status: request.status, headers });
}
