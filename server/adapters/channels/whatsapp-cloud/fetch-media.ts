// Downloads a file from Meta's Cloud API: first its metadata by id, then its bytes as a stream.
import { pipeline, type Readable, Transform } from 'node:stream';
import { type Dispatcher, request } from 'undici';
import type { MediaFetch } from '../../../ports/channel.ts';
import { asString } from '../json.ts';
import {
  type Answer,
  deadline,
  failureOf,
  graphErrorIn,
  headersOf,
  type Refusal,
  readAnswer,
  refusalOf,
  succeeded,
} from './call.ts';
import { isOfPath } from './error-codes.ts';
import { hexDigest, isMediaId, type MediaEndpoint, mayHaveToken } from './media-endpoint.ts';
import { largestFile } from './media-limits.ts';
import { withProof } from './proof.ts';

type NotFound = Exclude<MediaFetch, { class: 'found' }>;

interface Description {
  url: string;
  mimeType: string | undefined;
  size: number | undefined;
  sha256: string | undefined;
}

/** Fetches one file; never throws. Read or destroy the stream of a file that was found. */
export async function fetchMedia(endpoint: MediaEndpoint, channelMediaId: string): Promise<MediaFetch> {
  if (!isMediaId(channelMediaId)) return refused('media_id', 'The file id is not a valid id of the channel.');
  try {
    const first = await attempt(endpoint, channelMediaId);
    // A URL lasts five minutes and may have expired. Meta's advice is to ask for a new one first.
    return 'refused' in first ? lastWord(await attempt(endpoint, channelMediaId)) : first;
  } catch (error) {
    return fromRefusal(failureOf(error));
  }
}

const refused = (code: string, title: string): NotFound => ({ class: 'rejected', code, title });

/** A URL that serves no file: it may have expired. */
interface RefusedUrl {
  refused: Answer;
}

/** The statuses of a URL that has expired, or leads nowhere. */
const expired: ReadonlySet<number> = new Set([401, 403, 404, 410]);

const lastWord = (found: MediaFetch | RefusedUrl): MediaFetch => {
  if (!('refused' in found)) return found;
  const { httpStatus } = found.refused;
  return httpStatus === 404 || httpStatus === 410
    ? { class: 'gone', code: 'http_404', title: 'The channel no longer has the file.' }
    : notFoundOf(found.refused);
};

async function attempt(endpoint: MediaEndpoint, id: string): Promise<MediaFetch | RefusedUrl> {
  const description = await describe(endpoint, id);
  return 'class' in description ? description : download(endpoint, description);
}

async function describe(endpoint: MediaEndpoint, id: string): Promise<Description | NotFound> {
  const { signal, clear } = deadline(endpoint.deadlineMs);
  try {
    const response = await request(withProof(`${endpoint.baseUrl()}/${id}`, endpoint.proof), {
      dispatcher: endpoint.agent,
      headers: headersOf(endpoint),
      signal,
    });
    const answer = await readAnswer(response);
    if (!succeeded(answer)) return isUnknownId(answer) ? maybeGone(answer) : fromRefusal(refusalOf(answer));
    const url = asString(answer.body?.url);
    if (url === undefined)
      return { class: 'try_again', code: 'unreadable_answer', title: 'The channel returned no URL for the file.' };
    if (!mayHaveToken(url, endpoint.baseUrl()))
      return refused('foreign_host', "The file's host must not get the token.");
    return {
      url,
      mimeType: asString(answer.body?.mime_type)?.slice(0, 200),
      // A string in Meta's documentation, a number in some responses.
      size: sizeOf(asString(answer.body?.file_size)),
      sha256: hexDigest(asString(answer.body?.sha256)),
    };
  } finally {
    clear();
  }
}

const sizeOf = (text: string | undefined) => (text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined);

/** Meta sends the same error for an id that does not exist and for one that the token may not see. */
function isUnknownId(answer: Answer): boolean {
  const error = graphErrorIn(answer);
  return answer.httpStatus === 404 || answer.httpStatus === 410 || (error !== undefined && isOfPath(error));
}

/** A permission may come back, so one such response proves nothing. */
const maybeGone = (answer: Answer): NotFound => {
  const { code, title } = refusalOf(answer);
  return { class: 'try_again', code, title, mayBeGone: true };
};

/** Give up only on what can never succeed: a bad token may be replaced. */
function fromRefusal(refusal: Refusal): NotFound {
  const { code, title } = refusal;
  if (refusal.class === 'rejected') return { class: 'rejected', code, title };
  return {
    class: 'try_again',
    code,
    title,
    ...('waitMs' in refusal && refusal.waitMs !== undefined && { waitMs: refusal.waitMs }),
  };
}

async function download(endpoint: MediaEndpoint, description: Description): Promise<MediaFetch | RefusedUrl> {
  const { signal, clear } = deadline(endpoint.mediaDeadlineMs);
  try {
    const response = await request(description.url, {
      dispatcher: endpoint.agent,
      headers: headersOf(endpoint),
      headersTimeout: endpoint.deadlineMs,
      bodyTimeout: endpoint.deadlineMs,
      signal,
    });
    if (response.statusCode !== 200) {
      const answer = await readAnswer(response);
      clear();
      return expired.has(answer.httpStatus) ? { refused: answer } : notFoundOf(answer);
    }
    return found(response, description, clear);
  } catch (error) {
    clear();
    throw error;
  }
}

/** Any status but 200 is a failure. We do not follow redirects: they could send the token elsewhere. */
const notFoundOf = (answer: Answer): NotFound =>
  succeeded(answer)
    ? { class: 'try_again', code: `http_${answer.httpStatus}`, title: 'The channel did not send the whole file.' }
    : fromRefusal(refusalOf(answer));

function found({ headers, body }: Dispatcher.ResponseData, description: Description, clear: () => void): MediaFetch {
  const give = (answer: NotFound) => {
    clear();
    // The reader of the body gets the error.
    body.on('error', () => {}).destroy();
    return answer;
  };
  const size = description.size ?? sizeOf(textOf(headers['content-length']));
  if (size === undefined) return give({ class: 'try_again', code: 'no_size', title: 'The channel announced no size.' });
  if (size > largestFile) return give(refused('too_large', `The file has ${size} bytes; the limit is ${largestFile}.`));
  const stream: Readable = pipeline(body, exactly(size), () => clear());
  return {
    class: 'found',
    stream,
    mimeType: description.mimeType ?? textOf(headers['content-type'])?.slice(0, 200) ?? 'application/octet-stream',
    size,
    sha256: description.sha256,
    fileName: fileNameOf(textOf(headers['content-disposition'])),
  };
}

const textOf = (value: string | string[] | undefined) => (typeof value === 'string' ? value : value?.[0]);

/** Passes bytes through, and fails if their number differs from `size`. */
function exactly(size: number): Transform {
  let passed = 0;
  const wrong = () => new Error(`The channel announced ${size} bytes and sent ${passed}.`);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      passed += chunk.length;
      if (passed > size) done(wrong());
      else done(null, chunk);
    },
    flush(done) {
      done(passed === size ? null : wrong());
    },
  });
}

/** The file name in a Content-Disposition header, in either form. */
function fileNameOf(header: string | undefined): string | undefined {
  const encoded = /filename\*=UTF-8''([^;\s]+)/i.exec(header ?? '')?.[1];
  try {
    if (encoded !== undefined) return decodeURIComponent(encoded).slice(0, 255).toWellFormed();
  } catch {
    // Invalid encoding: use the plain name, if there is one.
  }
  const plain = /filename="([^"]+)"/i.exec(header ?? '')?.[1];
  return plain === undefined ? undefined : plain.slice(0, 255).toWellFormed();
}
