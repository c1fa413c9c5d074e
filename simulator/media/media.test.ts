// Media as a Graph API client sees it, and as the phones show it.
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer, request as httpRequest, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from 'vitest';
import type { Simulator } from '../index.ts';
import {
  business,
  call,
  createCleanup,
  hurriedClock,
  makeFolder,
  makeReceiver,
  makeSimulator,
  secrets,
} from '../test-harness.ts';
import { type MediaFaultName, mediaFaults } from './media-faults.ts';

const cleanup = createCleanup();
afterEach(cleanup.run);
const person = '+5511987654321';
const authorization = `Bearer ${secrets.accessToken}`;
const pdf = { type: 'application/pdf', name: 'menu.pdf' };

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** A clock that a test moves by hand; its timers run like those of the hurried one. */
const movableClock = () => {
  const hurried = hurriedClock();
  let moved = 0;
  const move = (ms: number) => {
    moved += ms;
  };
  return { now: () => hurried.now() + moved, after: hurried.after, move };
};

const formOf = (bytes: Uint8Array, file: { type: string; name: string }, fields: Record<string, string> = {}) => {
  const form = new FormData();
  for (const [name, value] of Object.entries({ messaging_product: 'whatsapp', ...fields })) form.set(name, value);
  form.set('file', new Blob([Uint8Array.from(bytes)], { type: file.type }), file.name);
  return form;
};

const post = async (simulator: Simulator, body: FormData, number = business) => {
  const response = await fetch(`${simulator.url}/v25.0/${number}/media`, {
    method: 'POST',
    headers: { authorization },
    body,
  });
  const json = (await response.json()) as { id?: string; error?: { code: number } };
  return { status: response.status, id: json.id ?? '', code: json.error?.code };
};

const upload = (simulator: Simulator, bytes: Uint8Array, file = pdf) => post(simulator, formOf(bytes, file));

const describeFile = async (simulator: Simulator, id: string) =>
  (await call(simulator, 'GET', `/v25.0/${id}?phone_number_id=${business}`)).json;

const download = async (url: string, headers: Record<string, string> = { authorization }) => {
  const response = await fetch(url, { headers });
  return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) };
};

const send = (simulator: Simulator, type: string, content: unknown, number = business) =>
  call(simulator, 'POST', `/v25.0/${number}/messages`, {
    messaging_product: 'whatsapp',
    to: person,
    type,
    [type]: content,
  });

const write = async (simulator: Simulator, bytes: Uint8Array, query: Record<string, string>) => {
  const response = await fetch(
    `${simulator.url}/phones/${encodeURIComponent(person)}/media?${new URLSearchParams({ to: business, ...query })}`,
    { method: 'POST', headers: { 'content-type': 'application/octet-stream' }, body: Uint8Array.from(bytes) },
  );
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of many shapes
  return { status: response.status, json: (await response.json()) as any };
};

const screen = async (simulator: Simulator) =>
  (await call(simulator, 'GET', `/phones/${person}`)).json.threads[0].messages;

describe('a file that a business sends', () => {
  test('comes back byte for byte, and is on the phone', async () => {
    const receiver = await makeReceiver(cleanup);
    const simulator = await makeSimulator(cleanup, { callbackUrl: receiver.url });
    const bytes = randomBytes(7_000_001);
    const { status, id } = await upload(simulator, bytes, { ...pdf, name: 'Ménu (à la carte)*.pdf' });
    expect([status, id]).toEqual([200, expect.stringMatching(/^\d{18}$/)]);
    const told = await describeFile(simulator, id);
    expect(told).toEqual({
      messaging_product: 'whatsapp',
      url: expect.stringMatching(`^${simulator.url}/`),
      mime_type: 'application/pdf',
      sha256: sha256(bytes),
      file_size: '7000001',
      id,
    });
    const got = await download(told.url);
    expect([got.status, got.headers.get('content-type')]).toEqual([200, 'application/pdf']);
    expect(got.headers.get('content-disposition')).toBe(
      "attachment; filename*=UTF-8''M%C3%A9nu%20%28%C3%A0%20la%20carte%29%2a.pdf",
    );
    expect(sha256(got.bytes)).toBe(sha256(bytes));
    expect((await send(simulator, 'document', { id, filename: 'menu.pdf' })).status).toBe(200);
    await simulator.webhooksIdle();
    expect(simulator.ledger.entries()).toMatchObject([{ media: { id, sha256: sha256(bytes), size: 7_000_001 } }]);
    expect(simulator.media.entries()).toMatchObject([
      { id, source: 'uploaded', phone_number_id: business, sha256: sha256(bytes), size: 7_000_001 },
    ]);
    expect((await buffer(simulator.media.read(id))).equals(bytes)).toBe(true);
    expect(await screen(simulator)).toMatchObject([
      { type: 'document', media: { id, mime_type: 'application/pdf', size: 7_000_001 } },
    ]);
    expect((await download(`${simulator.url}/media/${id}`, {})).bytes.equals(bytes)).toBe(true);
  });

  test.each([
    ['an image', 'image/jpeg', 5_242_880],
    ['a video', 'video/mp4', 16_777_216],
    ['audio with parameters', 'audio/ogg; codecs=opus', 16_777_216],
    ['a sticker', 'image/webp', 512_000],
  ])('%s may be as large as Meta allows, and not a byte more', async (_what, type, most) => {
    const simulator = await makeSimulator(cleanup);
    const file = { type, name: 'file' };
    expect((await upload(simulator, Buffer.alloc(most), file)).status).toBe(200);
    expect(await upload(simulator, Buffer.alloc(most + 1), file)).toMatchObject({ status: 400, code: 131053 });
    expect(simulator.media.entries()).toHaveLength(1);
  });

  test.each([
    ['another product', formOf(Buffer.of(1), pdf, { messaging_product: 'sms' }), 100],
    ['a type that nobody may upload', formOf(Buffer.of(1), { type: 'text/html', name: 'a.html' }), 100],
    ['a type that the form contradicts', formOf(Buffer.of(1), pdf, { type: 'text/html' }), 100],
    ['an empty file', formOf(Buffer.alloc(0), pdf), 100],
  ])('%s is rejected, and nothing is kept', async (_what, form, code) => {
    const dataDir = await makeFolder(cleanup);
    const simulator = await makeSimulator(cleanup, { dataDir });
    expect(await post(simulator, form)).toMatchObject({ status: 400, code });
    expect(await readdir(join(dataDir, 'media'))).toEqual([]);
  });

  test('a form without its parts, and one that is none, are rejected', async () => {
    const simulator = await makeSimulator(cleanup);
    const form = new FormData();
    form.set('messaging_product', 'whatsapp');
    expect((await post(simulator, form)).code).toBe(131008);
    form.delete('messaging_product');
    form.set('file', new Blob(['x'], { type: pdf.type }), pdf.name);
    expect((await post(simulator, form)).code).toBe(131008);
    expect((await call(simulator, 'POST', `/${business}/media`, {})).json.error.code).toBe(100);
    const response = await fetch(`${simulator.url}/${business}/media`, { method: 'POST', body: form });
    expect(response.status).toBe(401);
  });

  test('a caller that goes away in the middle leaves nothing', async () => {
    const dataDir = await makeFolder(cleanup);
    const simulator = await makeSimulator(cleanup, { dataDir });
    const calling = httpRequest(`${simulator.url}/${business}/media`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'multipart/form-data; boundary=b', 'content-length': 1_000_000 },
    });
    const broken = once(calling, 'error');
    calling.write(
      '--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\nhalf',
    );
    const folder = join(dataDir, 'media');
    await expect.poll(() => readdir(folder)).toHaveLength(1);
    calling.destroy(new Error('gone'));
    await broken;
    await expect.poll(() => readdir(folder)).toEqual([]);
    expect(simulator.media.entries()).toEqual([]);
  });

  test('an id that is unknown, of another number, deleted or too old cannot be sent', async () => {
    const clock = movableClock();
    const simulator = await makeSimulator(cleanup, { clock });
    const bytes = Buffer.from('a jpeg');
    const jpeg = { type: 'image/jpeg', name: 'a.jpg' };
    const foreign = (await post(simulator, formOf(bytes, jpeg), '999')).id;
    const deleted = (await upload(simulator, bytes, jpeg)).id;
    const old = (await upload(simulator, bytes, jpeg)).id;
    expect((await call(simulator, 'DELETE', `/${deleted}?phone_number_id=999`)).json.error.code).toBe(100);
    expect((await call(simulator, 'DELETE', `/v25.0/${deleted}?phone_number_id=${business}`)).json).toEqual({
      success: true,
    });
    clock.move(30 * 24 * 3_600_000);
    const fresh = (await upload(simulator, bytes, jpeg)).id;
    for (const id of ['123', foreign, deleted, old]) {
      expect((await send(simulator, 'image', { id })).json.error).toMatchObject({ code: 100 });
    }
    for (const id of ['770000000000000000', deleted, old]) {
      expect((await call(simulator, 'GET', `/${id}`)).json.error).toMatchObject({ code: 100, error_subcode: 33 });
    }
    expect((await send(simulator, 'image', { id: fresh })).status).toBe(200);
    const buttons = [{ type: 'reply', reply: { id: 'yes', title: 'Yes' } }];
    const header = {
      ...{ type: 'button', body: { text: 'b' }, action: { buttons } },
      header: { type: 'image', image: { id: fresh } },
    };
    expect((await send(simulator, 'interactive', header)).status).toBe(200);
    header.header.image.id = foreign;
    expect((await send(simulator, 'interactive', header)).status).toBe(400);
    const components = [{ type: 'header', parameters: [{ type: 'image', image: { id: '1' } }] }];
    expect((await send(simulator, 'template', { name: 'a', language: { code: 'en' }, components })).status).toBe(400);
  });

  test('an address is good for five minutes, and only with the token and a name', async () => {
    const clock = movableClock();
    const simulator = await makeSimulator(cleanup, { clock });
    const { id } = await upload(simulator, Buffer.from('%PDF'));
    const { url } = await describeFile(simulator, id);
    expect((await download(url, {})).status).toBe(401);
    expect(await download(url, { authorization, 'user-agent': '' })).toMatchObject({ status: 400 });
    expect((await download(url.replace(/hash=./, 'hash=_'))).status).toBe(404);
    expect((await download(url)).status).toBe(200);
    clock.move(5 * 60_000 + 1_000);
    expect((await download(url)).status).toBe(404);
    expect((await download((await describeFile(simulator, id)).url)).status).toBe(200);
    expect((await call(simulator, 'GET', `/${id}?phone_number_id=1`)).json.error.code).toBe(100);
  });

  test('a file of another kind is accepted, and then fails', async () => {
    const receiver = await makeReceiver(cleanup);
    const simulator = await makeSimulator(cleanup, { callbackUrl: receiver.url });
    const { id } = await upload(simulator, Buffer.from('%PDF'));
    const still = Buffer.alloc(102_401);
    const sticker = (await upload(simulator, still, { type: 'image/webp', name: 's.webp' })).id;
    still.write('RIFF....WEBPVP8X', 'latin1');
    still[20] = 0x02;
    const moving = (await upload(simulator, still, { type: 'image/webp', name: 's.webp' })).id;
    for (const [type, file] of [
      ['image', id],
      ['sticker', sticker],
      ['sticker', moving],
    ]) {
      expect((await send(simulator, String(type), { id: file })).status).toBe(200);
    }
    await simulator.webhooksIdle();
    expect(receiver.statuses().flatMap(each => each.errors ?? [])).toMatchObject([
      { code: 131053, error_data: { details: 'application/pdf cannot be sent as image.' } },
      { code: 131053, error_data: { details: '102401 bytes; this sticker has at most 102400.' } },
    ]);
    expect(simulator.ledger.entries().map(each => each.outcome)).toEqual(['media-failed', 'media-failed', 'accepted']);
  });

  test('a voice note has to be ogg with opus, on one channel of sound', async () => {
    const receiver = await makeReceiver(cleanup);
    const simulator = await makeSimulator(cleanup, { callbackUrl: receiver.url });
    const opus = (channels: number) =>
      Buffer.concat([Buffer.from('OggS\0\x02'), Buffer.alloc(22), Buffer.from('OpusHead\x01'), Buffer.of(channels, 0)]);
    const file = { type: 'audio/ogg; codecs=opus', name: 'a.ogg' };
    const mono = (await upload(simulator, opus(1), file)).id;
    const stereo = (await upload(simulator, opus(2), file)).id;
    const mp3 = (await upload(simulator, Buffer.from('ID3'), { type: 'audio/mpeg', name: 'a.mp3' })).id;
    for (const id of [mono, stereo, mp3]) {
      expect((await send(simulator, 'audio', { id, voice: true })).status).toBe(200);
      expect((await send(simulator, 'audio', { id, voice: false })).status).toBe(200);
    }
    await simulator.webhooksIdle();
    const details = 'A voice note has to be ogg with opus, on one channel of sound.';
    expect(receiver.statuses().flatMap(each => each.errors ?? [])).toMatchObject([
      { code: 131053, error_data: { details } },
      { code: 131053, error_data: { details } },
    ]);
    expect(simulator.ledger.entries().filter(each => each.outcome === 'accepted')).toHaveLength(4);
  });

  test('outlives a restart, but for what was cut short', async () => {
    const dataDir = await makeFolder(cleanup);
    const first = await makeSimulator(cleanup, { dataDir });
    const { id } = await upload(first, Buffer.from('%PDF'));
    const removed = (await upload(first, Buffer.from('%PDF'))).id;
    await call(first, 'DELETE', `/${removed}`);
    await first.close();
    const next = await makeSimulator(cleanup, { dataDir });
    expect((await download((await describeFile(next, id)).url)).bytes.toString()).toBe('%PDF');
    expect((await call(next, 'GET', `/${removed}`)).status).toBe(400);
    expect(await readdir(join(dataDir, 'media'))).toEqual([id]);
  });
});

describe('a link', () => {
  const jpeg = randomBytes(20_000);
  const serve = async (answer: RequestListener) => {
    const server = createServer(answer).listen(0, '127.0.0.1');
    await once(server, 'listening');
    cleanup.add(async () => void server.close());
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.jpg`;
  };

  test('is not fetched unless that is allowed, and shown as it is', async () => {
    const asked: unknown[] = [];
    const link = await serve((request, response) => {
      asked.push(request.url);
      response.end();
    });
    const receiver = await makeReceiver(cleanup);
    const simulator = await makeSimulator(cleanup, { callbackUrl: receiver.url });
    expect((await send(simulator, 'image', { link })).status).toBe(200);
    const reached = await makeSimulator(cleanup, { fetchLinks: 'loopback', callbackUrl: receiver.url });
    expect((await send(reached, 'image', { link: 'http://localhost.invalid/a.jpg' })).status).toBe(200);
    await reached.webhooksIdle();
    await simulator.webhooksIdle();
    expect(asked).toEqual([]);
    expect(simulator.ledger.entries()).toMatchObject([{ media: { link } }]);
    expect((await screen(simulator))[0]).not.toHaveProperty('media');
  });

  test('is fetched before the message arrives, where that is allowed', async () => {
    const link = await serve((_request, response) =>
      response.writeHead(200, { 'content-type': 'image/jpeg' }).end(jpeg),
    );
    const receiver = await makeReceiver(cleanup);
    const simulator = await makeSimulator(cleanup, { fetchLinks: 'loopback', callbackUrl: receiver.url });
    const { json } = await send(simulator, 'image', { link });
    await simulator.webhooksIdle();
    expect(receiver.statuses().map(each => each.status)).toEqual(['sent', 'delivered', 'read']);
    expect(simulator.media.entries()).toMatchObject([
      { source: 'linked', wamid: json.messages[0].id, sha256: sha256(jpeg), size: 20_000 },
    ]);
    expect(await screen(simulator)).toMatchObject([{ media: { mime_type: 'image/jpeg', size: 20_000 } }]);
  });

  test.each<[string, RequestListener, string]>([
    ['that answers 404', (_request, response) => response.writeHead(404).end(), 'HTTP status 404'],
    [
      'of another kind',
      (_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
      'text/html cannot be sent as image.',
    ],
    ['that is cut', request => request.socket.destroy(), 'could not be fetched'],
    ['that leads elsewhere', (_request, response) => response.writeHead(302, { location: '/b' }).end(), 'status 302'],
  ])('%s fails the message afterwards', async (_what, answer, details) => {
    const receiver = await makeReceiver(cleanup);
    const simulator = await makeSimulator(cleanup, { fetchLinks: 'loopback', callbackUrl: receiver.url });
    expect((await send(simulator, 'image', { link: await serve(answer) })).status).toBe(200);
    await simulator.webhooksIdle();
    expect(receiver.statuses()).toMatchObject([
      { status: 'failed', errors: [{ code: 131053, error_data: { details: expect.stringContaining(details) } }] },
    ]);
    expect(simulator.media.entries()).toEqual([]);
  });
});

describe('a file that a person sends', () => {
  test.each([
    ['image', 'image/jpeg', { caption: 'Look' }, { caption: 'Look' }],
    ['document', 'text/csv', { filename: 'fées.csv', caption: 'x' }, { filename: 'fées.csv', caption: 'x' }],
    ['audio', 'audio/ogg; codecs=opus', { voice: 'true' }, { voice: true }],
    ['video', 'video/mp4', {}, {}],
    ['sticker', 'image/webp', {}, { animated: false }],
  ])('%s becomes a webhook, and can be fetched by its id', async (type, mime_type, query, extra) => {
    const receiver = await makeReceiver(cleanup);
    const simulator = await makeSimulator(cleanup, { callbackUrl: receiver.url });
    const bytes = randomBytes(50_000);
    const { status, json } = await write(simulator, bytes, { type, mime_type, ...query });
    expect(status).toBe(202);
    await simulator.webhooksIdle();
    expect(receiver.messages()).toEqual([
      {
        from: '5511987654321',
        id: json.id,
        timestamp: expect.any(String),
        type,
        [type]: {
          id: json.media.id,
          mime_type,
          sha256: createHash('sha256').update(bytes).digest('base64'),
          url: expect.any(String),
          ...extra,
        },
      },
    ]);
    const told = await describeFile(simulator, json.media.id);
    expect(told).toMatchObject({ mime_type, sha256: sha256(bytes), file_size: '50000' });
    expect((await download(told.url)).bytes.equals(bytes)).toBe(true);
    expect(await screen(simulator)).toMatchObject([{ direction: 'written', type, media: { mime_type, size: 50_000 } }]);
  });

  test('lives for seven days, and needs a kind and a content type that asks first', async () => {
    const clock = movableClock();
    const simulator = await makeSimulator(cleanup, { clock });
    const { json } = await write(simulator, Buffer.of(1), { type: 'image', mime_type: 'image/png' });
    clock.move(7 * 24 * 3_600_000);
    expect((await call(simulator, 'GET', `/${json.media.id}`)).json.error.error_subcode).toBe(33);
    expect((await write(simulator, Buffer.of(1), { type: 'text', mime_type: 'image/png' })).status).toBe(400);
    expect((await write(simulator, Buffer.of(1), { type: 'image', mime_type: 'image' })).status).toBe(400);
    const plain = await fetch(`${simulator.url}/phones/${person}/media?type=image&mime_type=image/png&to=${business}`, {
      method: 'POST',
      body: 'x',
    });
    expect(plain.status).toBe(400);
  });

  test('runs nothing in the browser', async () => {
    const simulator = await makeSimulator(cleanup);
    const { json } = await write(simulator, Buffer.from('<script>'), { type: 'document', mime_type: 'text/html' });
    const { headers } = await download(`${simulator.url}/media/${json.media.id}`, {});
    expect(headers.get('content-disposition')).toBe('attachment');
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    const page = await download(`${simulator.url}/phones`, { accept: 'text/html' });
    expect(page.headers.get('content-security-policy')).toMatch(/img-src 'self' data:; media-src 'self'/);
  });
});

describe('faults', () => {
  const bytes = randomBytes(200_000);

  /** What a caller sees of a file under a fault. */
  const playOn = async (simulator: Simulator, fault: MediaFaultName, step?: string) => {
    const { json } = await write(simulator, bytes, { type: 'image', mime_type: 'image/jpeg' });
    const rule = { fault, media_id: json.media.id, ...(step === undefined ? {} : { step }) };
    expect((await call(simulator, 'POST', '/script/media', rule)).status).toBe(201);
    const told = await describeFile(simulator, json.media.id);
    const code = told.error?.code ?? null;
    if (code !== null) return { code, got: null, told };
    return { code, told, got: await download(told.url).catch(() => 'broken' as const) };
  };

  test('change what a file seems to be', async () => {
    const simulator = await makeSimulator(cleanup);
    const play = (fault: MediaFaultName, step?: string) => playOn(simulator, fault, step);
    expect((await play('gone')).code).toBe(100);
    expect((await play('gone', 'download')).got).toMatchObject({ status: 404 });
    expect((await play('expired')).got).toMatchObject({ status: 404 });
    expect((await play('slow')).got).toMatchObject({ status: 200, bytes });
    expect((await play('cut')).got).toBe('broken');
    expect((await play('wrong-size')).told.file_size).toBe('200001');
    expect((await play('forbidden')).code).toBe(10);
    expect((await play('forbidden', 'download')).got).toMatchObject({ status: 403 });
    expect((await play('server-error')).code).toBe(131000);
    expect((await play('server-error', 'download')).got).toMatchObject({ status: 500 });
    expect((await play('rate-limited', 'download')).got).toMatchObject({ status: 400 });
    const { got } = await play('wrong-hash');
    if (got === null || got === 'broken') throw new Error('no bytes');
    expect([got.bytes.length, got.bytes.equals(bytes)]).toEqual([bytes.length, false]);
  });

  test('a stalled download ends when the caller gives up', async () => {
    const simulator = await makeSimulator(cleanup);
    const { id } = await upload(simulator, bytes);
    simulator.setMediaFault(({ step }) => (step === 'download' ? 'stalled' : null));
    const { url } = await describeFile(simulator, id);
    const giveUp = new AbortController();
    const response = await fetch(url, { headers: { authorization }, signal: giveUp.signal });
    let size = 0;
    const reading = (async () => {
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
        size += chunk.length;
        if (size === 100_000) giveUp.abort();
      }
    })();
    await expect(reading).rejects.toThrow();
    expect(size).toBe(100_000);
  });

  test('of an upload, so many times as they should', async () => {
    const simulator = await makeSimulator(cleanup);
    await call(simulator, 'POST', '/script/media', { fault: 'server-error', step: 'upload', times: 2 });
    const codes = [];
    for (let i = 0; i < 3; i++) codes.push((await upload(simulator, bytes)).code);
    expect(codes).toEqual([131000, 131000, undefined]);
    expect(simulator.media.entries()).toHaveLength(1);
    await call(simulator, 'POST', '/script/media', { fault: 'cut' });
    await expect(upload(simulator, bytes)).rejects.toThrow();
    expect(simulator.media.entries()).toHaveLength(2);
    await call(simulator, 'DELETE', '/script/media');
    expect((await upload(simulator, bytes)).status).toBe(200);
    expect((await call(simulator, 'POST', '/script/media', { fault: 'fire' })).status).toBe(400);
    expect((await call(simulator, 'GET', '/ledger/media')).json.entries).toHaveLength(3);
  });

  test('are all in the README', async () => {
    const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
    const rows = [...readme.matchAll(/^\| `([a-z-]+)` +\| ([^|]+?) +\|$/gm)].map(([, name, does]) => [name, does]);
    expect(rows.filter(([name]) => String(name) in mediaFaults)).toEqual(Object.entries(mediaFaults));
  });
});
