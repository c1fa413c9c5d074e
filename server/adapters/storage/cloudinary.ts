// Files as raw, authenticated Cloudinary assets: signed uploads, signed delivery, and links that expire.
import { createHash, randomUUID } from 'node:crypto';
import { Agent } from 'undici';
import { isKey, keyPrefix, type ListedFile, readKey, type Storage, StorageError } from '../../ports/storage.ts';
import { type Answer, type Call, callWithRepeats, textOf } from './cloudinary-calls.ts';
import { checkedContent, countedContent, inParts, mismatch, rangeHeader, wholeSize } from './content.ts';

export interface CloudinarySettings {
  cloudName: string;
  apiKey: string;
  apiSecret: string;
  /** The API base URL; Cloudinary's own by default. */
  apiUrl?: string;
  /** The delivery base URL; Cloudinary's own by default. */
  deliveryUrl?: string;
  /** Limits in milliseconds: for connecting, for a call, and for the next byte. */
  timeouts?: { connect: number; call: number; idle: number };
  attempts?: number;
  /** The pause before the first retry, in milliseconds. */
  pauseMs?: number;
}

/** The folder that separates our files from others of the same account. */
const folder = 'recado/';
/** Cloudinary requires at least 5 MB for each part but the last. */
const pieceSize = 6 * 1024 * 1024;

/** Opens the store in a Cloudinary account, without calling it yet. */
export function cloudinaryStorage(settings: CloudinarySettings, now: () => number = Date.now): Storage {
  const { cloudName, apiKey, apiSecret } = settings;
  const timeouts = settings.timeouts ?? { connect: 5_000, call: 120_000, idle: 30_000 };
  const agent = new Agent({
    connect: { timeout: timeouts.connect },
    bodyTimeout: timeouts.idle,
  });
  const api = `${settings.apiUrl ?? 'https://api.cloudinary.com'}/v1_1/${cloudName}`;
  const delivery = `${settings.deliveryUrl ?? 'https://res.cloudinary.com'}/${cloudName}`;
  const basic = `Basic ${Buffer.from(`${apiKey}:${apiSecret}`).toString('base64')}`;
  const seconds = () => Math.floor(now() / 1000);

  const call = (request: Call): Promise<Answer> =>
    callWithRepeats(
      { agent, callMs: timeouts.call, attempts: settings.attempts ?? 4, pauseMs: settings.pauseMs ?? 300 },
      request,
    );

  const signed = (parameters: Record<string, string>): Record<string, string> => {
    const all = { ...parameters, timestamp: String(seconds()) };
    return { ...all, signature: signParameters(all, apiSecret), api_key: apiKey };
  };

  async function upload(key: string, data: Buffer, headers: Record<string, string>, signal?: AbortSignal) {
    const boundary = `recado-${randomUUID()}`;
    const fields = signed({ overwrite: 'true', public_id: `${folder}${key}`, type: 'authenticated' });
    return call({
      method: 'POST',
      url: `${api}/raw/upload`,
      headers: { ...headers, 'content-type': `multipart/form-data; boundary=${boundary}` },
      body: asForm(boundary, fields, data),
      ...(signal && { signal }),
    });
  }

  const remove = async (key: string): Promise<void> => {
    // Without `invalidate` the CDN would keep serving it from its cache.
    const fields = signed({ invalidate: 'true', public_id: `${folder}${key}`, type: 'authenticated' });
    const answer = await call({
      method: 'POST',
      url: `${api}/raw/destroy`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: [Buffer.from(new URLSearchParams(fields).toString())],
    });
    const { result } = await answer.json();
    if (result !== 'ok' && result !== 'not found')
      throw new StorageError('unavailable', `Cloudinary did not delete the file: ${textOf(result)}.`);
  };

  return {
    kind: 'cloudinary',
    async put(key, source, { size, signal }) {
      const content = checkedContent(key, source, { size, signal });
      // Identifies the parts of one upload. Cloudinary itself drops unfinished uploads.
      const id = randomUUID();
      const pieces = inParts(content.chunks, pieceSize);
      let stored: unknown;
      try {
        for await (const { data, start, last } of pieces) {
          const end = start + data.length;
          const range = `bytes ${start}-${end - 1}/${last ? end : -1}`;
          const headers: Record<string, string> =
            last && start === 0 ? {} : { 'content-range': range, 'x-unique-upload-id': id };
          const answer = await (await upload(key, data, headers, signal)).json();
          if (last) stored = answer.bytes;
        }
      } catch (error) {
        content.stop(error);
        if (signal?.aborted) throw signal.reason;
        throw error;
      }
      if (stored !== content.stored().size) {
        await remove(key);
        throw mismatch(`${content.stored().size} bytes, but Cloudinary stored ${textOf(stored)}`);
      }
      return content.stored();
    },
    async read(key, { range, signal } = {}) {
      readKey(key);
      const publicId = `${folder}${key}`;
      const answer = await call({
        method: 'GET',
        url: `${delivery}/raw/authenticated/${signDelivery(publicId, apiSecret)}/v1/${publicId}`,
        headers: { 'accept-encoding': 'identity', ...(range && { range: rangeHeader(range) }) },
        ...(signal && { signal }),
      });
      const length = Number(answer.headers['content-length']);
      const partOf = wholeSize(answer.headers['content-range']);
      if (!Number.isSafeInteger(length) || (range !== undefined) !== (partOf !== undefined)) {
        answer.body.destroy();
        throw new StorageError('unavailable', 'Cloudinary sent an unexpected range, or none.');
      }
      return { content: countedContent(answer.body, length, signal), size: partOf ?? length, length };
    },
    async head(key) {
      readKey(key);
      const answer = await call({
        method: 'GET',
        url: `${api}/resources/raw/authenticated/${folder}${key}`,
        headers: { authorization: basic },
      });
      const { bytes, created_at } = await answer.json();
      return { size: Number(bytes), modified: new Date(String(created_at)) };
    },
    async remove(key) {
      readKey(key);
      await remove(key);
    },
    async *list(workspaceId): AsyncGenerator<ListedFile, void> {
      const prefix = `${folder}${keyPrefix(workspaceId)}`;
      let cursor: string | undefined;
      do {
        const query = new URLSearchParams({ prefix, max_results: '500', ...(cursor && { next_cursor: cursor }) });
        const url = `${api}/resources/raw/authenticated?${query}`;
        const page = await (await call({ method: 'GET', url, headers: { authorization: basic } })).json();
        for (const { public_id, bytes, created_at } of Array.isArray(page.resources) ? page.resources : []) {
          const key = String(public_id).slice(folder.length);
          if (isKey(key)) yield { key, size: Number(bytes), modified: new Date(String(created_at)) };
        }
        cursor = typeof page.next_cursor === 'string' ? page.next_cursor : undefined;
      } while (cursor);
    },
    // Signed delivery URLs never expire, so we use the API's download URL, which does. It always responds with
    // application/octet-stream as an attachment named by the key.
    async link(key, { seconds: good, disposition }) {
      readKey(key);
      const fields = signed({
        ...(/^\s*attachment/i.test(disposition) && { attachment: 'true' }),
        expires_at: String(seconds() + good),
        public_id: `${folder}${key}`,
        type: 'authenticated',
      });
      return `${api}/raw/download?${new URLSearchParams(fields)}`;
    },
    removeLeftovers: async () => 0,
    close: () => agent.destroy(),
  };
}

/** The signature of a call: the parameters sorted by name, followed by the secret. */
export function signParameters(
  parameters: Record<string, string>,
  apiSecret: string,
  algorithm: 'sha1' | 'sha256' = 'sha256',
): string {
  const text = Object.entries(parameters)
    .map(([name, value]) => `${name}=${value.replaceAll('&', '%26')}`)
    .sort()
    .join('&');
  return createHash(algorithm).update(`${text}${apiSecret}`).digest('hex');
}

/** The signature part of a delivery URL: the long form of 32 characters. */
export function signDelivery(publicId: string, apiSecret: string): string {
  return `s--${createHash('sha256').update(`${publicId}${apiSecret}`).digest('base64url').slice(0, 32)}--`;
}

/** A multipart/form-data body. Its part headers contain only text that we wrote. */
function asForm(boundary: string, fields: Record<string, string>, data: Buffer): Buffer[] {
  const head = Object.entries(fields)
    .map(([name, value]) => `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
    .join('');
  const file = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="file"\r\ncontent-type: application/octet-stream\r\n\r\n`;
  return [Buffer.from(head + file), data, Buffer.from(`\r\n--${boundary}--\r\n`)];
}
