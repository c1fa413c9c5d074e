// The demo uses the API like any client, with the credentials of the request: nothing is made in another way.
import type { Problem } from '@recado/contract';
import type { FastifyRequest } from 'fastify';
import { problem } from './errors.ts';

export interface Answer<Body> {
  status: number;
  body: Body & Pick<Partial<Problem>, 'detail'>;
  /** Seconds, where the answer says when to repeat. */
  retryAfter: number | undefined;
}

/** Calls a route whose answer has this body. */
export type Api = <Body = object>(
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  body?: object | FormFile,
) => Promise<Answer<Body>>;

/** A file to upload. */
export class FormFile {
  constructor(
    readonly name: string,
    readonly mimeType: string,
    readonly bytes: Buffer,
  ) {}
}

const passedOn = ['authorization', 'cookie', 'x-csrf-token'];
const patienceMs = 60_000;

/** Calls routes of this server, which is at a local URL, as the caller of a request. */
export function apiAs(localUrl: string, request: FastifyRequest): Api {
  const credentials = Object.fromEntries(
    passedOn.flatMap(name => (request.headers[name] === undefined ? [] : [[name, String(request.headers[name])]])),
  );
  return async (method, path, body) => {
    const isFile = body instanceof FormFile;
    const response = await fetch(`${localUrl}/api/v1${path}`, {
      method,
      headers: { ...credentials, ...(body !== undefined && !isFile && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: isFile ? formOf(body) : JSON.stringify(body) }),
      redirect: 'error',
      signal: AbortSignal.timeout(patienceMs),
    });
    const text = await response.text();
    const wait = response.headers.get('retry-after');
    return {
      status: response.status,
      body: text.startsWith('{') ? JSON.parse(text) : {},
      retryAfter: wait === null ? undefined : Number(wait),
    };
  };
}

function formOf({ name, mimeType, bytes }: FormFile): FormData {
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(bytes)], { type: mimeType }), name);
  return form;
}

/** The body of an answer. @throws AppError if the request was rejected */
export async function done<Body>(answer: Promise<Answer<Body>>): Promise<Body> {
  const { status, body } = await answer;
  if (status >= 300) throw problem('demo_rejected', body.detail);
  return body;
}
