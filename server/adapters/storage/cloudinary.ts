// Files as raw, authenticated assets of Cloudinary: signed uploads, signed delivery, and links that expire.
import { createHash, randomUUID } from 'node:crypto';
import { Agent } from 'undici';
import { isKey, keyPrefix, type ListedFile, readKey, type Storage, StorageError } from '../../ports/storage.ts';
import { type Answer, type Call, callWithRepeats, textOf } from './cloudinary-calls.ts';
import { checkedContent, countedContent, inPieces, mismatch, rangeHeader, wholeSize } from './content.ts';

export interface CloudinarySettings {
  cloudName: string;
  apiKey: string;
  apiSecret: string;
  /** Where the API is; Cloudinary's own by default. */
  apiUrl?: string;
  /** Where files are delivered from; Cloudinary's own by default. */
  deliveryUrl?: string;
  /** How long, in milliseconds, a call may take, and how long the next byte. */
  timeouts?: { connect: number; call: number; idle: number };
  attempts?: number;
  /** The pause before the first repetition, in milliseconds. */
  pauseMs?: number;
}

/** Our files lie beside others of the same account, below this name. */
const folder = 'recado/';
/** At least 5 MB each, says Cloudinary, but for the last. */
const pieceSize = 6 * 1024 * 1024;

/** Opens the store in an account of Cloudinary. Nothing is asked of it yet. */
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
    // Without `invalidate` it would go on being delivered from where it has been delivered before.
    const fields = signed({ invalidate: 'true', public_id: `${folder}${key}`, type: 'authenticated' });
    const answer = await call({
      method: 'POST',
      url: `${api}/raw/destroy`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: [Buffer.from(new URLSearchParams(fields).toString())],
    });
    const { result } = await answer.json();
    if (result !== 'ok' && result !== 'not found')
      throw new StorageError('unavailable', `Cloudinary did not remove the file: ${textOf(result)}.`);
  };

  return {
    kind: 'cloudinary',
    async put(key, source, { size, signal }) {
      const content = checkedContent(key, source, { size, signal });
      // All pieces of one upload are known by this. Those of one that never ended are dropped by Cloudinary itself.
      const id = randomUUID();
      const pieces = inPieces(content.chunks, pieceSize);
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
        throw mismatch(`${content.stored().size} bytes, of which Cloudinary stored ${textOf(stored)}`);
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
        throw new StorageError('unavailable', 'Cloudinary did not say what it sends, or not what was asked for.');
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
    // A signed address of the delivery is good for ever, so this is the one of the API that expires. It answers with
    // application/octet-stream, and as an attachment under the name of the key: it can be told no other.
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

/** The signature of a call: the parameters in the order of their names, and the secret behind them. */
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

/** The part of a delivery address that shows it to be ours: the long form of 32 letters. */
export function signDelivery(publicId: string, apiSecret: string): string {
  return `s--${createHash('sha256').update(`${publicId}${apiSecret}`).digest('base64url').slice(0, 32)}--`;
}

/** A body of multipart/form-data. Only texts of our own making stand in its heads. */
function asForm(boundary: string, fields: Record<string, string>, data: Buffer): Buffer[] {
  const head = Object.entries(fields)
    .map(([name, value]) => `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
    .join('');
  const file = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="file"\r\ncontent-type: application/octet-stream\r\n\r\n`;
  return [Buffer.from(head + file), data, Buffer.from(`\r\n--${boundary}--\r\n`)];
}
