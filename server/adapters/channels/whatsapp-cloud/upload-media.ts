// Uploads a file to Meta's Cloud API as a stream, never whole in memory.
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { request } from 'undici';
import type { MediaUpload, UploadOutcome } from '../../../ports/channel.ts';
import { asString } from '../json.ts';
import { deadline, failureOf, headersOf, readAnswer, refusalOf, succeeded } from './call.ts';
import { isMediaId, type MediaEndpoint } from './media-endpoint.ts';
import { withProof } from './proof.ts';

/** How long Meta keeps an upload. */
const keptMs = 30 * 86_400_000;

/** Uploads one file; never throws, and leaves no stream open. */
export async function uploadMedia(
  endpoint: MediaEndpoint,
  numberId: string,
  file: MediaUpload,
): Promise<UploadOutcome> {
  const { signal, goesOn, clear } = deadline(endpoint.mediaDeadlineMs, endpoint.deadlineMs);
  const source = new Source(file, goesOn);
  const begun = Date.now();
  try {
    if (!/^[\x20-\x7e]{1,200}$/.test(file.mimeType))
      return { class: 'rejected', code: 'mime_type', title: "The file's MIME type is not valid in a form." };
    const form = formOf(file);
    const response = await request(
      withProof(`${endpoint.baseUrl()}/${encodeURIComponent(numberId)}/media`, endpoint.proof),
      {
        method: 'POST',
        dispatcher: endpoint.agent,
        headers: {
          ...headersOf(endpoint),
          'content-type': `multipart/form-data; boundary=${form.boundary}`,
          'content-length': String(form.head.length + file.size + form.tail.length),
        },
        body: source.between(form.head, form.tail),
        // undici would count from the first byte even while the upload makes progress.
        headersTimeout: 0,
        signal,
      },
    );
    const answer = await readAnswer(response);
    if (!succeeded(answer)) return refusalOf(answer);
    const channelMediaId = asString(answer.body?.id);
    if (channelMediaId !== undefined && isMediaId(channelMediaId))
      return { class: 'uploaded', channelMediaId, expiresAt: new Date(begun + keptMs) };
    return { class: 'unknown', code: 'unreadable_answer', title: 'The channel reported success without an id.' };
  } catch (error) {
    // The form was never complete, so Meta cannot have stored it.
    if (source.problem !== undefined) return { class: 'not_sent', code: 'source_failed', title: source.problem };
    return failureOf(error);
  } finally {
    clear();
    file.stream.destroy();
  }
}

/** The file's stream, which must deliver exactly the announced number of bytes. */
class Source {
  problem: string | undefined;

  constructor(
    private readonly file: MediaUpload,
    private readonly goesOn: () => void,
  ) {
    // It may fail before anyone reads it.
    file.stream.on('error', () => {
      this.problem ??= 'The file could not be read.';
    });
  }

  between(head: Buffer, tail: Buffer): Readable {
    // A failed stream fails the call.
    return Readable.from(this.parts(head, tail), { objectMode: false }).on('error', () => {});
  }

  private async *parts(head: Buffer, tail: Buffer): AsyncGenerator<Buffer> {
    yield head;
    let sent = 0;
    for await (const chunk of this.file.stream as AsyncIterable<Buffer>) {
      sent += chunk.length;
      if (sent > this.file.size) break;
      this.goesOn();
      yield chunk;
    }
    if (sent !== this.file.size) {
      this.problem = "The file's size differs from the announced size.";
      throw new Error(this.problem);
    }
    this.goesOn();
    yield tail;
  }
}

function formOf({ mimeType, fileName }: MediaUpload) {
  const boundary = `recado-${randomBytes(18).toString('hex')}`;
  // Escaped as browsers do, so that no name can end its quotes or its line.
  const quoted = fileName
    .toWellFormed()
    .replace(/["\r\n]/g, each => `%${each.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
  const field = (name: string, value: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  return {
    boundary,
    head: Buffer.from(
      `${field('messaging_product', 'whatsapp')}${field('type', mimeType)}--${boundary}\r\n` +
        `Content-Disposition: form-data; name="file"; filename="${quoted}"\r\nContent-Type: ${mimeType}\r\n\r\n`,
    ),
    tail: Buffer.from(`\r\n--${boundary}--\r\n`),
  };
}
