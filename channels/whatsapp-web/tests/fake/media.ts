// WhatsApp's media servers: they keep encrypted files. Also the encryption of a file, as phones do it.
import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hkdf } from 'baileys';
import { makeCertificate } from './certificate.ts';

/** What a kind of file is called in the derivation of its keys, and where it lives. */
const kinds = {
  image: ['Image', '/mms/image'],
  sticker: ['Image', '/mms/image'],
  video: ['Video', '/mms/video'],
  audio: ['Audio', '/mms/audio'],
  document: ['Document', '/mms/document'],
  history: ['History', '/mms/md-app-state'],
} as const;
export type MediaKind = keyof typeof kinds;

/** The fields of a message that lead to its file. */
export interface MediaFields {
  url: string;
  directPath: string;
  mediaKey: Uint8Array;
  fileSha256: Uint8Array;
  fileEncSha256: Uint8Array;
  fileLength: number;
}

/** What fetching a file needs, as messages carry it. */
interface MediaPlace {
  directPath?: string | null | undefined;
  mediaKey?: Uint8Array | null | undefined;
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();

function keysOf(mediaKey: Uint8Array, kind: MediaKind) {
  const all = Buffer.from(hkdf(Buffer.from(mediaKey), 112, { info: `WhatsApp ${kinds[kind][0]} Keys` }));
  return { iv: all.subarray(0, 16), cipher: all.subarray(16, 48), mac: all.subarray(48, 80) };
}

export class MediaServer {
  /** The encrypted files by their path. Who deletes one makes it gone for clients. */
  readonly files = new Map<string, Buffer>();
  /** What phones uploaded, by the path: they can upload it again. */
  readonly originals = new Map<string, Uint8Array>();
  /** Answers of the next requests: an HTTP status instead of what they want. */
  readonly failures: { method: string; status: number }[] = [];
  private server: Server | undefined;
  private folder = '';

  /** The file of the certificate that clients have to trust. */
  get caFile(): string {
    return join(this.folder, 'ca.pem');
  }

  get host(): string {
    return `127.0.0.1:${(this.server?.address() as AddressInfo | undefined)?.port}`;
  }

  async start(): Promise<void> {
    this.folder = await mkdtemp(join(tmpdir(), 'fake-whatsapp-'));
    const { key, certificate } = makeCertificate();
    await writeFile(this.caFile, certificate);
    this.server = createServer({ key, cert: readFileSync(this.caFile) }, async (request, response) => {
      const path = decodeURIComponent((request.url ?? '').split('?')[0] ?? '');
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const failure = this.failures.findIndex(({ method }) => method === request.method);
      const [failed] = failure < 0 ? [] : this.failures.splice(failure, 1);
      const file = this.files.get(path);
      if (failed) response.writeHead(failed.status).end();
      else if (request.method === 'POST') {
        this.files.set(path, Buffer.concat(chunks));
        response.end(JSON.stringify({ url: this.urlOf(path), direct_path: path }));
      } else if (file) response.end(file);
      else response.writeHead(404).end();
    });
    await new Promise<void>(resolve => this.server?.listen(0, '127.0.0.1', resolve));
  }

  /** Encrypts a file and keeps it, as a phone does. */
  upload(plain: Uint8Array, kind: MediaKind, mediaKey: Uint8Array = randomBytes(32)): MediaFields {
    const { iv, cipher, mac } = keysOf(mediaKey, kind);
    const encoder = createCipheriv('aes-256-cbc', cipher, iv);
    const sealed = Buffer.concat([encoder.update(plain), encoder.final()]);
    const tag = createHmac('sha256', mac).update(iv).update(sealed).digest().subarray(0, 10);
    const file = Buffer.concat([sealed, tag]);
    const directPath = `${kinds[kind][1]}/${randomBytes(12).toString('hex')}`;
    this.files.set(directPath, file);
    this.originals.set(directPath, plain);
    return {
      url: this.urlOf(directPath),
      directPath,
      mediaKey,
      fileSha256: sha256(plain),
      fileEncSha256: sha256(file),
      fileLength: plain.length,
    };
  }

  /** Fetches a file and decrypts it, as a phone does. Fails if it is gone or was changed. */
  download({ directPath, mediaKey }: MediaPlace, kind: MediaKind): Buffer {
    const file = this.files.get(decodeURIComponent(directPath ?? ''));
    if (!file || !mediaKey) throw new Error(`There is no file at ${directPath}.`);
    const { iv, cipher, mac } = keysOf(mediaKey, kind);
    const sealed = file.subarray(0, -10);
    const tag = createHmac('sha256', mac).update(iv).update(sealed).digest().subarray(0, 10);
    if (!tag.equals(file.subarray(-10))) throw new Error(`The file at ${directPath} was changed.`);
    const decoder = createDecipheriv('aes-256-cbc', cipher, iv);
    return Buffer.concat([decoder.update(sealed), decoder.final()]);
  }

  async close(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise(resolve => this.server?.close(resolve));
    await rm(this.folder, { recursive: true, force: true });
  }

  private urlOf(path: string): string {
    return `https://${this.host}${path}`;
  }
}
