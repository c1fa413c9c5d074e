// What is tried with files beyond the form: what phones send, what links say of themselves, bombs, and readers that leave.
import { readdir, readlink } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { crc32, deflateRawSync, deflateSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bytesAfter, download, fileOf, leftOn, makers, png, upload, write } from '../setup/media-files.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

let scenario: Scenario;
let host: string;
const page = '<!doctype html><html><script>alert(1)</script></html>';
const injected = 'x"\r\nSet-Cookie: a=b\r\n\r\n<script>.png';
/** A site that lies about what it gives. */
const site = createServer((request, response) => {
  if (request.url === '/page') response.writeHead(200, { 'content-type': 'image/png' }).end(page);
  else response.writeHead(200, { 'content-type': 'application/pdf' }).end(makers.document.make());
});

beforeAll(async () => {
  await new Promise<void>(resolve => site.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(site.address() as AddressInfo).port}`;
  scenario = await startScenario({ env: { AWS_S3_MAX_FILE_SIZE: '20MB', MEDIA_ALLOWED_HOSTS: host } });
});
afterAll(async () => {
  await scenario.close();
  site.closeAllConnections();
  site.close();
});

const headersOf = async (id: string) => (await download(scenario, `/api/v1/media/${id}/content`)).headers;
/** One header with one name in it, and no header of the sender's. */
async function isHarmless(id: string): Promise<void> {
  const headers = await headersOf(id);
  expect(headers.get('set-cookie')).toBeNull();
  expect(headers.get('content-disposition')).toMatch(
    /^(inline|attachment); filename="[^"\\\r\n]+"; filename\*=UTF-8''[\w.!#$&+^`|~%-]+$/,
  );
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('content-security-policy')).toBe("sandbox; default-src 'none'");
}
const isNeverShown = async (id: string) => {
  const headers = await headersOf(id);
  expect(headers.get('content-type')).toBe('application/octet-stream');
  expect(headers.get('content-disposition')).toMatch(/^attachment; /);
};

/** Whatever it is, a phone can send it as a document; gives its id once it is here. */
async function comes(bytes: Buffer, name: string, type: string): Promise<string> {
  const look = await write(scenario, 'document', bytes, { mime_type: type, filename: name });
  const file = fileOf(await look());
  expect(file).toMatchObject({ status: 'stored', size: bytes.length });
  return String(file?.id);
}

test('a page that a phone sends as an image, or a site as a picture, is never shown', async () => {
  const look = await write(scenario, 'image', Buffer.from(page), { mime_type: 'image/png' });
  const file = fileOf(await look());
  expect(file).toMatchObject({ status: 'stored', mime_type: 'text/html' });
  await isNeverShown(String(file?.id));
  for (const more of [{}, { kind: 'image' }]) {
    const linked = await scenario.api('POST', '/api/v1/media', { link: `http://${host}/page`, ...more });
    expect(linked).toMatchObject({ status: 400, body: { code: 'media_type_not_allowed' } });
  }
});

test.each([
  ['a picture with a page behind its first bytes', () => bytesAfter(['GIF89a', [1, 0, 1, 0, 0, 0, 0], page]), /^image/],
  [
    'an image with an archive behind it',
    async () => Buffer.concat([await png(), zipOf('a.txt', Buffer.from('x'))]),
    /^image/,
  ],
  ['a page with a mark of byte order', () => Buffer.from(`\ufeff  \n${page}`), /html|octet-stream|plain/],
  ['a page in UTF-16', () => Buffer.from(`\ufeff${page}`, 'utf16le'), /^application\/octet-stream|^text\/plain/],
])('%s comes as one thing, and no browser makes another of it', async (_name, make, type) => {
  const id = await comes(await make(), 'x.html', 'text/html');
  const headers = await headersOf(id);
  expect(headers.get('content-type')).toMatch(type);
  expect(headers.get('content-type')).not.toMatch(/html/);
  await isHarmless(id);
});

test('names with line ends in them, from a body, a form and a phone', async () => {
  const linked = await scenario.api('POST', '/api/v1/media', { link: `http://${host}/pdf`, filename: injected });
  expect(linked.status).toBe(201);
  const { body } = await upload(scenario, { bytes: makers.document.make(), fields: { filename: injected } });
  const look = await write(scenario, 'document', makers.document.make(), { filename: `../../${injected}` });
  const received = fileOf(await look());
  expect(received).toMatchObject({ status: 'stored' });
  for (const { id, filename: name } of [linked.body, body, received]) {
    expect(name).not.toMatch(/[\r\n/\\]/);
    await isHarmless(String(id));
  }
});

/** An archive of one file, made small. */
function zipOf(name: string, content: Buffer): Buffer {
  const [packed, sum] = [deflateRawSync(content, { level: 9 }), crc32(content)];
  const fields = (begin: number[], more: number) => {
    const head = Buffer.alloc(more);
    Buffer.from(begin).copy(head);
    return head;
  };
  const local = fields([0x50, 0x4b, 3, 4, 20, 0, 0, 0, 8, 0], 30);
  local.writeUInt32LE(sum, 14);
  local.writeUInt32LE(packed.length, 18);
  local.writeUInt32LE(content.length, 22);
  local.writeUInt16LE(name.length, 26);
  const central = fields([0x50, 0x4b, 1, 2, 20, 0, 20, 0, 0, 0, 8, 0], 46);
  local.copy(central, 16, 14, 28);
  const offset = local.length + name.length + packed.length;
  const end = fields([0x50, 0x4b, 5, 6, 0, 0, 0, 0, 1, 0, 1, 0], 22);
  end.writeUInt32LE(central.length + name.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([local, Buffer.from(name), packed, central, Buffer.from(name), end]);
}

function pngChunk(type: string, data: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(data.length);
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([head, named, sum]);
}

const zeros = Buffer.alloc(300 * 1024 * 1024);
/** A picture that carries a text, or a profile, of 300 MB, made small. */
async function pngWith(type: 'zTXt' | 'iCCP'): Promise<Buffer> {
  const whole = await png();
  const chunk = pngChunk(type, Buffer.concat([Buffer.from('name\0\0', 'latin1'), deflateSync(zeros, { level: 9 })]));
  return Buffer.concat([whole.subarray(0, 33), chunk, whole.subarray(33)]);
}

test.each([
  ['an archive of 300 MB', () => zipOf('zeros.bin', zeros)],
  ['a document whose table of contents has 300 MB', () => zipOf('[Content_Types].xml', zeros)],
  ['a text whose type is to be read from 300 MB', () => zipOf('mimetype', zeros)],
  ['a picture with a text of 300 MB', () => pngWith('zTXt')],
  ['a picture with a profile of 300 MB', () => pngWith('iCCP')],
])('%s is kept as it is, and not unpacked', async (_name, make) => {
  const bytes = await make();
  expect(bytes.length).toBeLessThan(1_000_000);
  const before = process.memoryUsage().rss;
  let highest = before;
  const watch = setInterval(() => {
    highest = Math.max(highest, process.memoryUsage().rss);
  }, 5);
  try {
    const id = await comes(bytes, 'bomb.docx', 'application/octet-stream');
    expect((await download(scenario, `/api/v1/media/${id}/content`)).bytes.equals(bytes)).toBe(true);
    expect([201, 400]).toContain((await upload(scenario, { bytes, name: 'bomb.docx' })).status);
  } finally {
    clearInterval(watch);
  }
  expect((highest - before) / 1e6).toBeLessThan(100);
});

test('ranges that overlap, are many or are huge are rejected on every route that serves a file', async () => {
  const { body } = await upload(scenario, { bytes: await png(90, 60) });
  const { link } = (await scenario.api('POST', `/api/v1/media/${body.id}/link`, { valid_for_seconds: 60 })).body;
  for (const path of [`/api/v1/media/${body.id}/content`, `/api/v1/media/${body.id}/thumbnail`, new URL(link).pathname])
    for (const range of [
      'bytes=0-,0-,0-',
      'bytes=0-9,5-14',
      `bytes=${'0-,'.repeat(1_000)}0-`,
      'bytes=0-18446744073709551615',
      'bytes=99999999999999999999-',
      'bytes=-99999999999999999999',
      'bytes=0--1',
      'bytes=1e1-2e1',
      'bytes=0x0-0x1',
      'bytes= 0-1',
      'bytes=0-1;2-3',
    ]) {
      const answer = await download(scenario, path, { range });
      expect([path, range, answer.status]).toEqual([path, range, 416]);
    }
});

test('readers that go away in the middle leave no file open', async () => {
  const { body } = await upload(scenario, { bytes: bytesAfter(['%PDF-1.7\n'], 10_000_000) });
  const { hostname, port } = new URL(scenario.recado.url ?? '');
  const token = await scenario.token();
  const opened = async () => {
    const names = await readdir('/proc/self/fd');
    const paths = await Promise.all(names.map(name => readlink(`/proc/self/fd/${name}`).catch(() => '')));
    return paths.filter(path => path.startsWith(`${scenario.dataDir}/media`)).length;
  };
  const readers = Array.from({ length: 30 }, () => {
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {});
    socket.write(`GET /api/v1/media/${body.id}/content HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\n\r\n`);
    return new Promise<void>(resolve => socket.once('data', () => resolve(void socket.destroy())));
  });
  await Promise.all(readers);
  await expect.poll(opened, { timeout: 20_000 }).toBe(0);
  expect((await download(scenario, `/api/v1/media/${body.id}/content`)).bytes.length).toBe(10_000_009);
  expect((await leftOn(scenario.dataDir)).spool).toEqual([]);
});
