// Files: what an upload accepts, how files are served, and attacks on both.
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { type Media, mediaPage, problemSchema } from '@recado/contract';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mediaErrors } from '../../server/features/media/index.ts';
import { newUuid, toId, toUuid } from '../../server/kit/ids.ts';
import { download, type Form, leftOn, pdf, png, sha256, upload } from '../setup/media-files.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

/** A person sends a document; gives the id of the file once it is here. */
async function receive(scenario: Scenario, bytes: Uint8Array, type: string): Promise<string> {
  const words = new URLSearchParams({ to: scenario.account.phone_number_id, type: 'document', mime_type: type });
  const answer = await fetch(
    `${scenario.simulator.url}/phones/${encodeURIComponent('+5511987654321')}/media?${words}`,
    {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: Uint8Array.from(bytes),
    },
  );
  expect(answer.status).toBe(202);
  await scenario.settle();
  const [row] = await scenario.sql<{ id: string }>(
    "select id from media where direction = 'received' and status = 'stored' order by id desc limit 1",
  );
  return toId('media', row?.id ?? '');
}

describe('accepted files', () => {
  let scenario: Scenario;
  let dataDir: string;
  beforeAll(async () => {
    scenario = await startScenario({ env: { AWS_S3_MAX_FILE_SIZE: '20MB' } });
    dataDir = scenario.dataDir;
  });
  afterAll(() => scenario.close());

  const refusal = async (form: Form, status: number, code: string) => {
    const before = await scenario.sql('select count(*) from media');
    const answer = await upload(scenario, form);
    const problem = problemSchema.parse(answer.body);
    expect([answer.status, problem.code]).toEqual([status, code]);
    if (code.startsWith('media_')) expect(problem.errors).toMatchObject([{ field: 'file' }]);
    const remedy = mediaErrors[code as keyof typeof mediaErrors]?.remedy;
    if (remedy !== undefined) expect(problem.errors?.[0]?.message).toContain(remedy);
    expect(await scenario.sql('select count(*) from media')).toEqual(before);
    expect((await leftOn(dataDir)).spool).toEqual([]);
  };

  test('a file of another kind, empty, or too large is rejected', async () => {
    await refusal({ bytes: pdf(), fields: { kind: 'image' } }, 400, 'media_type_not_allowed');
    await refusal({ bytes: Buffer.alloc(0) }, 400, 'media_empty');
    await refusal({ bytes: randomBytes(100), fields: { kind: 'picture' } }, 400, 'invalid_request');
    await refusal({ bytes: randomBytes(100), fields: { sort: 'image' } }, 400, 'invalid_request');
    await refusal({ bytes: Buffer.concat([await png(), randomBytes(16_900_000)]) }, 413, 'media_too_large');
    // Such as no message could carry; what is drawn by lot begins like a sound now and then.
    await refusal({ bytes: Buffer.alloc(100, 0x80) }, 400, 'media_type_not_allowed');
    await refusal({ bytes: await png(), fields: { kind: 'audio' } }, 400, 'media_type_not_allowed');
    await refusal({ bytes: (await png()).subarray(0, 60) }, 400, 'media_type_not_allowed');
    await refusal({ bytes: randomBytes(21 * 1024 * 1024) }, 413, 'media_too_large');
  });

  test('too much without saying so is cut off, and nothing is left', async () => {
    const { hostname, port } = new URL(scenario.recado.url ?? '');
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {});
    const answer = new Promise<string>(resolve => socket.once('data', data => resolve(String(data))));
    socket.write(
      `POST /api/v1/media HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${await scenario.token()}\r\ntransfer-encoding: chunked\r\ncontent-type: multipart/form-data; boundary=b\r\n\r\n`,
    );
    const chunk = (data: Buffer) =>
      Buffer.concat([Buffer.from(`${data.length.toString(16)}\r\n`), data, Buffer.from('\r\n')]);
    socket.write(chunk(Buffer.from('--b\r\ncontent-disposition: form-data; name="file"; filename="x"\r\n\r\n')));
    const piece = chunk(Buffer.alloc(1024 * 1024, 1));
    for (let sent = 0; sent < 30 && socket.writable; sent++) await new Promise(resolve => socket.write(piece, resolve));
    expect(await answer).toMatch(/^HTTP\/1.1 413 /);
    socket.destroy();
    expect((await leftOn(dataDir)).spool).toEqual([]);
  });

  test('gone at each tenth of an upload: nothing is left', async () => {
    const before = await leftOn(dataDir);
    const rows = await scenario.sql('select count(*) from media_content');
    const file = pdf(1_000_000);
    const body = Buffer.concat([
      Buffer.from('--b\r\ncontent-disposition: form-data; name="file"; filename="x"\r\n\r\n'),
      file,
      Buffer.from('\r\n--b--\r\n'),
    ]);
    const { hostname, port } = new URL(scenario.recado.url ?? '');
    for (let tenth = 0; tenth < 10; tenth++) {
      const socket = connect(Number(port), hostname);
      socket.write(
        `POST /api/v1/media HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${await scenario.token()}\r\ncontent-length: ${body.length}\r\ncontent-type: multipart/form-data; boundary=b\r\n\r\n`,
      );
      await new Promise(resolve => socket.write(body.subarray(0, Math.floor((body.length * tenth) / 10)), resolve));
      // Gone only once the server is at it, or there would be nothing to be left.
      const underWay = async () => (await leftOn(dataDir)).spool.length;
      if (tenth > 0) await expect.poll(underWay, { timeout: 20_000 }).toBe(1);
      socket.destroy();
      await expect.poll(underWay, { timeout: 20_000 }).toBe(0);
    }
    expect(await leftOn(dataDir)).toEqual(before);
    expect(await scenario.sql('select count(*) from media_content')).toEqual(rows);
  });

  test.each([
    ['a page that calls itself an image', '<html><script>alert(1)</script></html>', 'image/png', 'text/html'],
    [
      'a drawing with a program in it',
      '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
      'image/png',
      'image/svg+xml',
    ],
    ['XML', '<?xml version="1.0"?><a/>', 'image/gif', 'application/xml'],
  ])('%s is what its bytes say: refused where it is to be sent, never shown inline where it came', async (...given) => {
    const [_name, text, type, sniffed] = given;
    await refusal({ bytes: Buffer.from(text), type }, 400, 'media_type_not_allowed');
    await refusal({ bytes: Buffer.from(text), type, fields: { kind: 'image' } }, 400, 'media_type_not_allowed');
    const id = await receive(scenario, Buffer.from(text), type);
    expect((await scenario.api('GET', `/api/v1/media/${id}`)).body).toMatchObject({
      mime_type: sniffed,
      kind: 'document',
    });
    await expectHarmless(id);
  });

  test.each([
    ['a text', 'hello', 'image/jpeg'],
    // WhatsApp knows no finer type than that.
    ['a table', 'a,b\n1,2', 'text/csv'],
  ])('%s is a text, and is never shown inline', async (_name, text, type) => {
    const { status, body } = await upload(scenario, { bytes: Buffer.from(text), name: 'table.csv', type });
    expect([status, body.mime_type, body.kind]).toEqual([201, 'text/plain', 'document']);
    await expectHarmless(body.id);
  });

  async function expectHarmless(id: string): Promise<void> {
    const down = await download(scenario, `/api/v1/media/${id}/content`);
    expect(down.headers.get('content-disposition')).toMatch(/^attachment; /);
    expect(down.headers.get('content-type')).not.toMatch(/html|xml|svg/);
    expect(down.headers.get('x-content-type-options')).toBe('nosniff');
    expect(down.headers.get('content-security-policy')).toBe("sandbox; default-src 'none'");
    expect(down.headers.get('cross-origin-resource-policy')).toBe('same-site');
    expect(down.headers.get('cache-control')).toMatch(/^private/);
  }

  test.each([
    ['../../etc/passwd', 'passwd'],
    ['..\\..\\windows\\win.ini', 'win.ini'],
    ['a\u0000b\u0007.txt', 'ab.txt'],
    ['inv\u202egpj.exe', 'invgpj.exe'],
    ['x"; filename="evil.html', 'x%22; filename=%22evil.html'],
    ['...', null],
    [`${'é'.repeat(300)}.pdf`, `${'é'.repeat(196)}.pdf`],
    ['照片 1.png', '照片 1.png'],
  ])('the name %j is kept as %j', async (given, kept) => {
    const { body, status, text } = await upload(scenario, { bytes: pdf(10), fields: {}, name: given });
    expect([status, text]).toEqual([201, expect.anything()]);
    expect(body.filename).toBe(kept);
    const { headers } = await download(scenario, `/api/v1/media/${body.id}/content`);
    const disposition = headers.get('content-disposition') ?? '';
    expect(disposition).toMatch(/^attachment; filename="[\x20-\x7e]+"; filename\*=UTF-8''[\w.!#$&+^`|~%-]+$/);
    if (kept) expect(decodeURIComponent(disposition.split("UTF-8''")[1] ?? '')).toBe(kept);
  });

  test('with a key the first answer comes again; another content under it is rejected', async () => {
    const bytes = pdf(1_000);
    const headers = { 'idempotency-key': 'k1' };
    const first = await upload(scenario, { bytes, headers });
    const again = await upload(scenario, { bytes, headers });
    expect([again.status, again.text]).toEqual([201, first.text]);
    const other = await upload(scenario, { bytes: pdf(1_000), headers });
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
    const at = await Promise.all(
      Array.from({ length: 6 }, () => upload(scenario, { bytes, headers: { 'idempotency-key': 'k2' } })),
    );
    const made = at.filter(answer => answer.status === 201);
    expect(new Set(made.map(answer => answer.text)).size).toBe(1);
    for (const answer of at) if (answer.status !== 201) expect(answer.body.code).toBe('idempotency_key_in_use');
    expect(await scenario.sql('select holders from media_content where holders > 0')).toEqual([]);
  });

  test('forms that are none, with two files, or with the file elsewhere', async () => {
    const send = async (type: string, body: string) =>
      fetch(`${scenario.recado.url}/api/v1/media`, {
        method: 'POST',
        headers: { authorization: `Bearer ${await scenario.token()}`, 'content-type': type },
        body,
      });
    const part = (name: string) =>
      `--b\r\ncontent-disposition: form-data; name="${name}"; filename="x"\r\n\r\nhello\r\n`;
    const form = 'multipart/form-data; boundary=b';
    expect((await send(form, '')).status).toBe(400);
    expect((await send('multipart/form-data', 'x')).status).toBe(400);
    const two = await send(form, `${part('file')}${part('file')}--b--\r\n`);
    expect(await two.json()).toMatchObject({
      status: 400,
      errors: [{ field: 'file', message: 'Is given twice: send each file in its own request.' }],
    });
    const field = (name: string) => `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\nx\r\n`;
    const many = Array.from({ length: 9 }, (_, n) => field(`f${n}`)).join('');
    expect(await (await send(form, `${many}--b--\r\n`)).json()).toMatchObject({
      status: 400,
      errors: [{ field: 'body', message: 'Has too many fields: send only file, kind and filename.' }],
    });
    expect((await send(form, `${part('elsewhere')}--b--\r\n`)).status).toBe(400);
    expect((await send(form, `${part('__proto__')}--b--\r\n`)).status).toBe(400);
    expect((await send(form, `${part('file')}`)).status).toBe(400);
    expect((await send('text/plain', 'x')).status).toBe(415);
    expect((await send('application/json', '{}')).status).toBe(400);
    expect((await leftOn(dataDir)).spool).toEqual([]);
  });

  test('the list shows the requested files, page by page', async () => {
    for (const bytes of [pdf(100), pdf(100), await png(), pdf(100), pdf(100)])
      expect((await upload(scenario, { bytes })).status).toBe(201);
    const all = mediaPage.parse((await scenario.api('GET', '/api/v1/media?limit=100')).body);
    const documents = mediaPage.parse(
      (await scenario.api('GET', '/api/v1/media?limit=100&kind=document&status=stored&direction=uploaded')).body,
    );
    expect(documents.data.length).toBeGreaterThan(3);
    const isUpload = (media: Media) => media.kind === 'document' && media.direction === 'uploaded';
    expect(documents.data).toEqual(all.data.filter(isUpload));
    const first = (await scenario.api('GET', '/api/v1/media?limit=2')).body;
    const second = (await scenario.api('GET', `/api/v1/media?limit=2&cursor=${first.page.next_cursor}`)).body;
    expect([...first.data, ...second.data]).toEqual(all.data.slice(0, 4));
    expect((await scenario.api('GET', '/api/v1/media?kind=picture')).status).toBe(400);
  });

  test('ranges, tags and HEAD', async () => {
    const bytes = pdf(10_000);
    const { body } = await upload(scenario, { bytes });
    const path = `/api/v1/media/${body.id}/content`;
    for (const [range, from, to] of [
      ['bytes=0-0', 0, 1],
      ['bytes=100-', 100, 10_000],
      ['bytes=9999-99999999', 9_999, 10_000],
      ['bytes=-10', 9_990, 10_000],
      ['bytes=-999999', 0, 10_000],
    ] as const) {
      const part = await download(scenario, path, { range });
      expect([range, part.status]).toEqual([range, 206]);
      expect(part.bytes.equals(bytes.subarray(from, to))).toBe(true);
      expect(part.headers.get('content-range')).toBe(`bytes ${from}-${to - 1}/10000`);
    }
    const many = `bytes=${Array.from({ length: 500 }, (_, n) => `${n}-${n}`).join(',')}`;
    for (const range of [
      'bytes=10000-',
      'bytes=5-4',
      'bytes=-0',
      'bytes=-',
      'bytes=0-1,5-6',
      many,
      `bytes=0-${'9'.repeat(400)}`,
      'bytes=x',
    ]) {
      const refused = await download(scenario, path, { range });
      expect([range, refused.status, refused.headers.get('content-range')]).toEqual([range, 416, 'bytes */10000']);
    }
    const tag = `"${sha256(bytes)}"`;
    expect((await download(scenario, path, { 'if-none-match': tag })).status).toBe(304);
    expect((await download(scenario, path, { 'if-none-match': `"x", W/${tag}` })).status).toBe(304);
    expect((await download(scenario, path, { 'if-none-match': '"x"' })).status).toBe(200);
    expect((await download(scenario, path, { range: 'bytes=0-0', 'if-range': '"x"' })).status).toBe(200);
    const head = await download(scenario, path, {}, 'HEAD');
    expect([head.status, head.headers.get('content-length'), head.bytes.length]).toEqual([200, '10000', 0]);
  });

  test('a link of ours is good for its file and its time only', async () => {
    const { body } = await upload(scenario, { bytes: pdf(100) });
    const { link } = (await scenario.api('POST', `/api/v1/media/${body.id}/link`, { valid_for_seconds: 10 })).body;
    const token: string = new URL(link).pathname.split('/').at(-1) ?? '';
    const status = async (text: string) => (await fetch(`${scenario.recado.url}/media/${text}`)).status;
    expect(await status(token)).toBe(200);
    // Nothing of the body has to be given, so that it may be left out.
    const plain = await scenario.api('POST', `/api/v1/media/${body.id}/link`);
    expect([plain.status, (await fetch(plain.body.link)).status]).toEqual([201, 200]);
    // Anyone with the link may show the file, also in pages of other sites.
    const { headers } = await fetch(`${scenario.recado.url}/media/${token}`);
    expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    for (let place = 0; place < token.length; place += 7) {
      const other = token[place] === 'A' ? 'B' : 'A';
      expect(await status(token.slice(0, place) + other + token.slice(place + 1))).toBe(404);
    }
    for (const text of ['x', '..%2f..%2fetc%2fpasswd', token.slice(1), `${token}A`])
      expect(await status(text)).toBe(404);
    for (const seconds of [0, -1, 86_401, 1.5])
      expect((await scenario.api('POST', `/api/v1/media/${body.id}/link`, { seconds })).status).toBe(400);
    // No body is one that says nothing; this one says something else.
    expect((await scenario.api('POST', `/api/v1/media/${body.id}/link`, null)).status).toBe(400);
    await scenario.api('DELETE', `/api/v1/media/${body.id}`);
    expect(await status(token)).toBe(404);
  });

  test('ids of another workspace, and ids that are none', async () => {
    const stranger = await scenario.stranger();
    const { body } = await upload(scenario, { bytes: pdf(100) });
    for (const [method, path, given] of [
      ['GET', '', undefined],
      ['GET', '/content', undefined],
      ['GET', '/thumbnail', undefined],
      ['DELETE', '', undefined],
      ['POST', '/link', {}],
    ] as const) {
      const answer = await stranger.api(method, `/api/v1/media/${body.id}${path}`, given);
      expect([path, answer.status, answer.body.code]).toEqual([path, 404, 'media_not_found']);
      const none = await scenario.api(method, `/api/v1/media/${toId('media', newUuid())}${path}`, given);
      expect(none.status).toBe(404);
      expect((await scenario.api(method, `/api/v1/media/..%2f..%2fetc${path}`, given)).status).toBe(400);
    }
    expect((await stranger.api('GET', '/api/v1/media')).body.data).toEqual([]);
    expect((await scenario.api('GET', `/api/v1/media/${body.id}`)).status).toBe(200);
  });

  test('a file that a message still needs stays', async () => {
    const { body } = await upload(scenario, { bytes: pdf() });
    const sent = await scenario.api('POST', '/api/v1/messages', {
      account_id: scenario.account.id,
      to: '+33612345678',
      type: 'document',
      document: { id: body.id },
      send_at: new Date(Date.now() + 86_400_000).toISOString(),
    });
    expect(sent.status).toBe(202);
    const kept = await scenario.api('DELETE', `/api/v1/media/${body.id}`);
    expect([kept.status, kept.body.code]).toEqual([409, 'media_in_use']);
    expect((await scenario.api('POST', `/api/v1/messages/${sent.body.id}/cancel`)).status).toBe(200);
    expect((await scenario.api('DELETE', `/api/v1/media/${body.id}`)).status).toBe(204);
  });

  test('the audit log has each action, without names', async () => {
    const { body } = await upload(scenario, { bytes: pdf(100), name: 'secret name.txt' });
    expect((await scenario.api('POST', `/api/v1/media/${body.id}/link`, { valid_for_seconds: 60 })).status).toBe(201);
    await scenario.api('DELETE', `/api/v1/media/${body.id}`);
    const rows = await scenario.sql('select action, detail from audit_entry where target_id = $1 order by at', [
      toUuid(body.id),
    ]);
    expect(rows).toEqual([
      { action: 'media.uploaded', detail: { kind: 'document', size: 100, type: 'application/pdf' } },
      { action: 'media.linked', detail: { seconds: 60 } },
      { action: 'media.deleted', detail: {} },
    ]);
  });

  test('another image that is to be a sticker is made one', async () => {
    const { status, body } = await upload(scenario, { bytes: await png(300, 100), fields: { kind: 'sticker' } });
    expect([status, body.mime_type, body.kind, body.width, body.height]).toEqual([
      201,
      'image/webp',
      'sticker',
      512,
      512,
    ]);
    const down = await download(scenario, `/api/v1/media/${body.id}/content`);
    expect(await sharp(down.bytes).metadata()).toMatchObject({ format: 'webp', width: 512, height: 512 });
  });
});

describe('images as cameras and printers make them', () => {
  let scenario: Scenario;
  beforeAll(async () => {
    scenario = await startScenario();
  });
  afterAll(() => scenario.close());

  /** The left half red, the right half blue, 600 × 400 as it lies in the file. */
  const halves = () =>
    sharp({ create: { width: 600, height: 400, channels: 3, background: '#ff0000' } }).composite([
      { input: { create: { width: 300, height: 400, channels: 3, background: '#0000ff' } }, left: 300, top: 0 },
    ]);
  const look = async (bytes: Buffer) => {
    const { body } = await upload(scenario, { bytes, type: 'image/jpeg' });
    expect(body).toMatchObject({ kind: 'image', mime_type: 'image/jpeg', has_thumbnail: true });
    const small = await download(scenario, `/api/v1/media/${body.id}/thumbnail`);
    expect(small.headers.get('content-disposition')).toContain(`filename="${body.id}.webp"`);
    const { data, info } = await sharp(small.bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    const { space } = await sharp(small.bytes).metadata();
    return {
      seen: [body.width, body.height],
      small: [info.width, info.height],
      first: [...data.subarray(0, 3)],
      space,
    };
  };

  test.each([
    [1, [600, 400], [320, 213], 'red'],
    [3, [600, 400], [320, 213], 'blue'],
    [6, [400, 600], [213, 320], 'red'],
    [8, [400, 600], [213, 320], 'blue'],
  ])('a JPEG of a phone that was held as %i says is seen upright', async (orientation, seen, small, colour) => {
    const looked = await look(await halves().jpeg().withMetadata({ orientation }).toBuffer());
    expect(looked).toMatchObject({ seen, small });
    const [red = 0, , blue = 0] = looked.first;
    expect(red > blue ? 'red' : 'blue').toBe(colour);
  });

  test.each([
    ['progressive', () => halves().jpeg({ progressive: true }).toBuffer()],
    ['in the colours of printers', () => halves().toColourspace('cmyk').jpeg().toBuffer()],
    ['grey', () => halves().greyscale().jpeg().toBuffer()],
  ])('a JPEG that is %s has a small picture in the colours of screens', async (_name, make) => {
    expect(await look(await make())).toMatchObject({ seen: [600, 400], small: [320, 213], space: 'srgb' });
  });
});

describe('pictures that are traps', () => {
  let scenario: Scenario;
  beforeAll(async () => {
    scenario = await startScenario();
  });
  afterAll(() => scenario.close());

  /** The header of a PNG that says it is this large, with a few rows of it or none. */
  const bomb = async (width: number, height: number) => {
    const bytes = Buffer.from(await png(10, 10));
    bytes.writeUInt32BE(width, 16);
    bytes.writeUInt32BE(height, 20);
    const { crc32 } = await import('node:zlib');
    bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
    return bytes;
  };

  test.each([
    ['50,000 × 50,000 pixels', () => bomb(50_000, 50_000)],
    ['2³¹ × 1 pixels', () => bomb(2 ** 31 - 1, 1)],
    ['no pixels', () => bomb(0, 0)],
    ['cut off', async () => (await png(400, 400)).subarray(0, 60)],
    ['only a signature', async () => Buffer.from('89504e470d0a1a0a', 'hex')],
    [
      'boxes of no length',
      async () => Buffer.concat([Buffer.from('0000001c667479706d703432', 'hex'), Buffer.alloc(200_000)]),
    ],
    ['a real one, evenly 12,000 × 12,000', () => png(12_000, 12_000)],
  ])('%s: kept without a small picture or refused, and the server goes on', async (_name, make) => {
    const bytes = await make();
    const answer = await upload(scenario, { bytes });
    expect([201, 400]).toContain(answer.status);
    if (answer.status === 201) expect(answer.body.has_thumbnail).toBe(false);
    expect((await fetch(`${scenario.recado.url}/livez`)).status).toBe(200);
    expect((await upload(scenario, { bytes: await png(100, 50) })).body).toMatchObject({
      width: 100,
      has_thumbnail: true,
    });
  });
});

test('while a large image is looked at, others are answered', async () => {
  const scenario = await startScenario();
  try {
    // Large, and still far from what takes so long that it is given up on a busy machine.
    const bytes = await png(3_000, 3_000);
    const ended: string[] = [];
    const uploading = upload(scenario, { bytes }).then(answer => {
      ended.push('upload');
      return answer;
    });
    for (let n = 0; n < 5; n++) {
      expect((await fetch(`${scenario.recado.url}/livez`)).status).toBe(200);
      ended.push('livez');
    }
    expect((await uploading).body).toMatchObject({ status: 'stored', width: 3_000 });
    expect(ended.at(-1)).toBe('upload');
  } finally {
    await scenario.close();
  }
});

test('a quota limits all uploads together, and counts stored files only', async () => {
  const scenario = await startScenario({ env: { MEDIA_QUOTA: '1000000' } });
  try {
    const answers = await Promise.all(Array.from({ length: 6 }, () => upload(scenario, { bytes: pdf(300_000) })));
    expect(answers.filter(answer => answer.status === 201)).toHaveLength(3);
    expect(answers.filter(answer => answer.status === 507 && answer.body.code === 'media_quota_exceeded')).toHaveLength(
      3,
    );
    expect(answers.find(answer => answer.status === 507)?.body.errors).toMatchObject([{ field: 'file' }]);
    const kept = answers.find(answer => answer.status === 201);
    await scenario.api('DELETE', `/api/v1/media/${kept?.body.id}`);
    expect((await upload(scenario, { bytes: pdf(300_000) })).status).toBe(201);
    const stranger = await scenario.stranger();
    expect((await stranger.api('GET', '/api/v1/media/capabilities')).body).toMatchObject({
      quota_bytes: 1_000_000,
      used_bytes: 0,
    });
  } finally {
    await scenario.close();
  }
});

test('a small file counts 4 KB in the quota: each takes a block and a row', async () => {
  const scenario = await startScenario({ env: { MEDIA_QUOTA: '16384' } });
  try {
    const small = (n: number) => upload(scenario, { bytes: Buffer.from(`%PDF-1.4 ${n}`) });
    const answers = [];
    for (let n = 0; n < 6; n++) answers.push(await small(n));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 507, 507]);
    const shown = await scenario.api('GET', '/api/v1/media/capabilities');
    expect(shown.body).toMatchObject({ quota_bytes: 16_384, used_bytes: 16_384 });
    // A content that is there already counts once.
    expect((await small(0)).status).toBe(507);
    await scenario.api('DELETE', `/api/v1/media/${answers[0]?.body.id}`);
    expect((await small(7)).status).toBe(201);
  } finally {
    await scenario.close();
  }
});

test('a repeat with the same key gets the first answer also where the quota is full by then', async () => {
  const bytes = pdf(50_000);
  const server = createServer((_request, response) => response.end(bytes));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const link = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const env = { MEDIA_QUOTA: '100000', MEDIA_ALLOWED_HOSTS: new URL(link).host };
  const scenario = await startScenario({ env });
  try {
    const file = pdf(50_000);
    const form = () => upload(scenario, { bytes: file, headers: { 'idempotency-key': 'form' } });
    const fromLink = (key: string) => scenario.api('POST', '/api/v1/media', { link }, { 'idempotency-key': key });
    const [one, other] = [await form(), await fromLink('link')];
    expect([one.status, other.status]).toEqual([201, 201]);
    expect(await form()).toMatchObject({ status: 201, text: one.text });
    expect(await fromLink('link')).toMatchObject({ status: 201, text: other.text });
    const refused = await fromLink('another');
    expect(refused).toMatchObject({ status: 507, body: { code: 'media_quota_exceeded', errors: [{ field: 'link' }] } });
    expect((await upload(scenario, { bytes: pdf(1_000), headers: { 'idempotency-key': 'a third' } })).status).toBe(507);
  } finally {
    await scenario.close();
    server.closeAllConnections();
    server.close();
  }
});

test('a file from a link, and links that are not followed', async () => {
  const bytes = pdf(50_000);
  const server = createServer((request, response) => {
    if (request.url === '/big') response.end(Buffer.alloc(2_000_000));
    else if (request.url === '/endless') response.write(Buffer.alloc(3_000_000));
    else if (request.url === '/broken')
      response.writeHead(200, { 'content-length': 1_000 }).write('x', () => response.destroy());
    else if (request.url === '/inside') response.writeHead(302, { location: 'http://127.0.0.2/secret' }).end();
    else if (request.url === '/file')
      response.writeHead(200, { 'content-disposition': 'attachment; filename="../the file.bin"' }).end(bytes);
    else response.writeHead(404).end();
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const scenario = await startScenario({ env: { MEDIA_ALLOWED_HOSTS: host, AWS_S3_MAX_FILE_SIZE: '1MB' } });
  try {
    const from = (link: string, more = {}) => scenario.api('POST', '/api/v1/media', { link, ...more });
    const { status, body } = await from(`http://${host}/file`);
    expect([status, body.filename, body.sha256]).toEqual([201, 'the file.bin', sha256(bytes)]);
    for (const [link, status, code] of [
      [`http://${host}/big`, 413, 'link_too_large'],
      [`http://${host}/endless`, 413, 'link_too_large'],
      [`http://${host}/broken`, 400, 'link_unreachable'],
      [`http://${host}/nothing`, 400, 'link_unreachable'],
      [`http://${host}/inside`, 400, 'link_rejected'],
      ['http://example.com/x', 400, 'link_rejected'],
      ['https://127.0.0.1/x', 400, 'link_rejected'],
      ['https://169.254.169.254/latest/meta-data', 400, 'link_rejected'],
      ['file:///etc/passwd', 400, 'link_rejected'],
    ] as const) {
      const answer = await from(link);
      expect([link, answer.status, answer.body.code]).toEqual([link, status, code]);
    }
    const keyed = () =>
      scenario.api('POST', '/api/v1/media', { link: `http://${host}/file` }, { 'idempotency-key': 'one' });
    // A link that was rejected leaves the key to the right one.
    const wrong = await scenario.api(
      'POST',
      '/api/v1/media',
      { link: `http://${host}/big` },
      { 'idempotency-key': 'one' },
    );
    expect(wrong.status).toBe(413);
    const [first, second] = [await keyed(), await keyed()];
    expect([second.status, second.text]).toEqual([201, first.text]);
    expect((await leftOn(scenario.dataDir)).spool).toEqual([]);
  } finally {
    await scenario.close();
    server.closeAllConnections();
    server.close();
  }
});
