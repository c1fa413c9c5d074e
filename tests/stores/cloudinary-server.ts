// The part of Cloudinary that the adapter uses, in memory: it checks each signature as documented.
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type LocalServer, listenLocally } from './local-server.ts';

export interface CloudinaryServer extends LocalServer {
  /** Public ids of the stored assets. */
  stored(): string[];
  /** The clock for link expiry, in seconds; the real one by default. */
  setNow(now: (() => number) | undefined): void;
}

interface Account {
  cloudName: string;
  apiKey: string;
  apiSecret: string;
}

interface Asset {
  data: Buffer;
  created: Date;
}

class Refusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const leastPiece = 5 * 1024 * 1024;
/** It may answer with fewer than were asked for. */
const pageSize = 50;

export async function startCloudinary(account: Account): Promise<CloudinaryServer> {
  const assets = new Map<string, Asset>();
  const uploads = new Map<string, Buffer[]>();
  let now = () => Date.now() / 1000;

  /** All parameters except the file, cloud name, resource type and key, sorted, followed by the secret. */
  function checkSignature(parameters: Map<string, string>): void {
    const given = parameters.get('signature') ?? '';
    const algorithm = given.length === 40 ? 'sha1' : 'sha256';
    const text = [...parameters]
      .filter(([name]) => !['file', 'cloud_name', 'resource_type', 'api_key', 'signature'].includes(name))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => `${name}=${value}`)
      .join('&');
    const expected = createHash(algorithm)
      .update(text + account.apiSecret)
      .digest('hex');
    if (parameters.get('api_key') !== account.apiKey) throw new Refusal(401, 'Unknown API key');
    if (given !== expected) throw new Refusal(401, `Invalid Signature. String to sign - '${text}'.`);
    if (Math.abs(Number(parameters.get('timestamp')) - now()) > 3600) throw new Refusal(400, 'Stale request');
    if (parameters.get('type') !== 'authenticated') throw new Refusal(400, 'Only authenticated assets are expected');
  }

  function store(publicId: string, data: Buffer) {
    if (data.length === 0) throw new Refusal(400, 'Empty file');
    assets.set(publicId, { data, created: new Date() });
    return { public_id: publicId, bytes: data.length, resource_type: 'raw', type: 'authenticated' };
  }

  function upload(headers: IncomingMessage['headers'], body: Buffer) {
    const fields = readForm(headers['content-type'] ?? '', body);
    const file = fields.get('file');
    const texts = new Map(
      [...fields].filter(([name]) => name !== 'file').map(([name, value]) => [name, value.toString()]),
    );
    checkSignature(texts);
    const publicId = texts.get('public_id');
    if (!file || !publicId) throw new Refusal(400, 'Missing required parameter');
    const id = headers['x-unique-upload-id'];
    if (typeof id !== 'string') return store(publicId, file);
    const [, start, end, total] = /^bytes (\d+)-(\d+)\/(-1|\d+)$/.exec(String(headers['content-range'])) ?? [];
    const pieces = Number(start) === 0 ? [] : (uploads.get(id) ?? []);
    const held = pieces.reduce((sum, piece) => sum + piece.length, 0);
    // A repeated part replaces the first.
    if (held === Number(start) + file.length) pieces.pop();
    else if (held !== Number(start)) throw new Refusal(400, 'A piece is missing');
    if (Number(end) - Number(start) + 1 !== file.length) throw new Refusal(400, 'Content-Range is not what came');
    if (total === '-1' && file.length < leastPiece) throw new Refusal(400, 'All pieces but the last have 5 MB or more');
    uploads.set(id, [...pieces, file]);
    if (total === '-1') return { done: false, public_id: publicId };
    uploads.delete(id);
    const whole = Buffer.concat([...pieces, file]);
    if (whole.length !== Number(total)) throw new Refusal(400, 'The whole is not what was said');
    return store(publicId, whole);
  }

  function destroy(body: Buffer) {
    const fields = new Map(new URLSearchParams(body.toString()));
    checkSignature(fields);
    return { result: assets.delete(fields.get('public_id') ?? '') ? 'ok' : 'not found' };
  }

  function describe(publicId: string) {
    const asset = found(publicId);
    return { public_id: publicId, bytes: asset.data.length, created_at: asset.created.toISOString() };
  }

  function list(query: URLSearchParams) {
    const prefix = query.get('prefix') ?? '';
    const names = [...assets.keys()].filter(name => name.startsWith(prefix)).sort();
    const from = Number(query.get('next_cursor') ?? 0);
    const to = from + Math.min(pageSize, Number(query.get('max_results') ?? 10));
    return { resources: names.slice(from, to).map(describe), ...(to < names.length && { next_cursor: String(to) }) };
  }

  function found(publicId: string): Asset {
    const asset = assets.get(publicId);
    if (!asset) throw new Refusal(404, `Resource not found - ${publicId}`);
    return asset;
  }

  function deliver(
    response: ServerResponse,
    { data }: Asset,
    range: string | undefined,
    headers: Record<string, string>,
  ) {
    const [, start, end] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? [];
    if (start === undefined) {
      response.writeHead(200, { ...headers, 'content-length': data.length }).end(data);
      return;
    }
    if (Number(start) >= data.length) throw new Refusal(416, 'Range not satisfiable');
    const last = Math.min(end ? Number(end) : data.length - 1, data.length - 1);
    const part = data.subarray(Number(start), last + 1);
    response
      .writeHead(206, {
        ...headers,
        'content-length': part.length,
        'content-range': `bytes ${start}-${last}/${data.length}`,
      })
      .end(part);
  }

  function download(response: ServerResponse, query: URLSearchParams) {
    const parameters = new Map(query);
    const expires = Number(parameters.get('expires_at'));
    checkSignature(parameters);
    if (!(expires > now())) throw new Refusal(401, 'The link has expired');
    const attachment = parameters.get('attachment') === 'true';
    deliver(response, found(parameters.get('public_id') ?? ''), undefined, {
      'content-type': 'application/octet-stream',
      ...(attachment && { 'content-disposition': 'attachment' }),
    });
  }

  function answer(request: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const url = new URL(request.url ?? '', 'http://cloudinary');
    const api = `/v1_1/${account.cloudName}`;
    const call = `${request.method} ${url.pathname.startsWith(api) ? url.pathname.slice(api.length) : url.pathname}`;
    if (call === 'POST /raw/upload') reply(response, upload(request.headers, body));
    else if (call === 'POST /raw/destroy') reply(response, destroy(body));
    else if (call === 'GET /raw/download') download(response, url.searchParams);
    else if (call.startsWith('GET /resources/raw/authenticated')) {
      const basic = Buffer.from(`${account.apiKey}:${account.apiSecret}`).toString('base64');
      if (request.headers.authorization !== `Basic ${basic}`) throw new Refusal(401, 'Invalid credentials');
      const publicId = call.slice('GET /resources/raw/authenticated/'.length);
      reply(response, publicId ? describe(publicId) : list(url.searchParams));
    } else deliverSigned(request, call, response);
  }

  function deliverSigned(request: IncomingMessage, call: string, response: ServerResponse): void {
    const [, cloud, signature, publicId] =
      /^GET \/([\w-]+)\/raw\/authenticated\/s--([\w-]+)--\/v1\/(.+)$/.exec(call) ?? [];
    if (cloud !== account.cloudName || !publicId) throw new Refusal(404, 'No such route');
    const digest = createHash('sha256')
      .update(publicId + account.apiSecret)
      .digest('base64');
    if (signature !== digest.slice(0, 32).replaceAll('+', '-').replaceAll('/', '_'))
      throw new Refusal(401, 'deny or ACL failure');
    deliver(response, found(publicId), request.headers.range, { 'content-type': 'application/octet-stream' });
  }

  const server = createServer(async (request, response) => {
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      answer(request, Buffer.concat(chunks), response);
    } catch (error) {
      if (!(error instanceof Refusal)) {
        response.destroy();
        return;
      }
      response
        .writeHead(error.status, { 'content-type': 'application/json', 'x-cld-error': error.message })
        .end(JSON.stringify({ error: { message: error.message } }));
    }
  });
  const local = await listenLocally(server);
  return {
    ...local,
    stored: () => [...assets.keys()],
    setNow(next) {
      now = next ?? (() => Date.now() / 1000);
    },
  };
}

function reply(response: ServerResponse, value: object): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function readForm(type: string, body: Buffer): Map<string, Buffer> {
  const boundary = /boundary=(\S+)$/.exec(type)?.[1];
  if (!boundary) throw new Refusal(400, 'Not a form');
  const fields = new Map<string, Buffer>();
  const mark = Buffer.from(`--${boundary}\r\n`);
  const end = Buffer.from(`\r\n--${boundary}`);
  let at = body.indexOf(mark);
  while (at >= 0) {
    const head = body.indexOf('\r\n\r\n', at);
    const name = /name="([^"]+)"/.exec(body.subarray(at, head).toString())?.[1] ?? '';
    const stop = body.indexOf(end, head + 2);
    fields.set(name, body.subarray(head + 4, Math.max(stop, head + 4)));
    at = body.indexOf(mark, stop);
  }
  return fields;
}
