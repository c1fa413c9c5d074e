// Links of stores: valid for the given time, for one file, with the requested headers.
import { afterEach, describe, expect, test } from 'vitest';
import { signDelivery, signParameters } from '../../server/adapters/storage/cloudinary.ts';
import { type Backend, openCloudFront, openCloudinary, openDisk, openS3 } from './backends.ts';
import { contentOf, keyOf, streamOf } from './content.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

const data = contentOf(50_000);
const key = keyOf(data);
const disposition = `attachment; filename="a.pdf"; filename*=UTF-8''%c3%a4.pdf`;
const options = { seconds: 300, contentType: 'application/pdf', disposition };

async function withFile(open: () => Promise<Backend>): Promise<Backend> {
  const backend = await open();
  cleanups.push(backend.close);
  await backend.storage.put(key, streamOf(data), { contentType: 'application/pdf' });
  return backend;
}

const get = async (link = '') => {
  const response = await fetch(link);
  return { status: response.status, headers: response.headers, body: Buffer.from(await response.arrayBuffer()) };
};

test('S3 signs a link with the type and the disposition', async () => {
  const { storage } = await withFile(openS3);
  const link = await storage.link(key, options);
  const { pathname, searchParams } = new URL(link ?? '');
  expect(pathname).toBe(`/media/${key}`);
  expect(Object.fromEntries(searchParams)).toMatchObject({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Expires': '300',
    'X-Amz-SignedHeaders': 'host',
    'X-Amz-Signature': expect.stringMatching(/^[0-9a-f]{64}$/),
    'response-content-type': 'application/pdf',
    'response-content-disposition': disposition,
  });
  expect(link).not.toContain('not-a-secret');
  // The emulator checks no signature, so this tests only the address.
  expect((await get(link)).body.equals(data)).toBe(true);
});

test('CloudFront signs a link to the distribution, and keeps files in the bucket', async () => {
  const { storage } = await withFile(openCloudFront);
  expect(storage.kind).toBe('cloudfront');
  expect(await storage.link(key, options)).toMatch(
    new RegExp(`^https://d111111abcdef8\\.cloudfront\\.net/${key}\\?response-content-disposition=`),
  );
});

test('a disk gives none: the server itself serves it', async () => {
  const { storage } = await withFile(openDisk);
  expect(await storage.link(key, options)).toBeUndefined();
});

describe('Cloudinary', () => {
  test('gives one that its server accepts until it has run out, and no other', async () => {
    const { storage, cloudinary } = await withFile(openCloudinary);
    const link = await storage.link(key, options);
    const answer = await get(link);
    expect([answer.status, answer.headers.get('content-disposition')]).toEqual([200, 'attachment']);
    expect(answer.body.equals(data)).toBe(true);
    const inline = await get(await storage.link(key, { ...options, disposition: 'inline' }));
    expect([inline.status, inline.headers.get('content-disposition')]).toEqual([200, null]);
    const other = keyOf(contentOf(1));
    for (const changed of [
      link?.replace(key.slice(37), other.slice(37)),
      link?.replace(/expires_at=\d/, 'expires_at=9'),
    ])
      expect((await get(changed)).status).toBe(401);
    cloudinary?.setNow(() => Date.now() / 1000 + 290);
    expect((await get(link)).status).toBe(200);
    cloudinary?.setNow(() => Date.now() / 1000 + 310);
    expect((await get(link)).status).toBe(401);
  });

  test('gets the signatures that its documentation shows', () => {
    const sample = { public_id: 'sample_image', timestamp: '1315060510' };
    expect(signParameters(sample, 'abcd', 'sha1')).toBe('b4ad47fb4e25c7bf5f92a20089f9db59bc302313');
    const eager = { ...sample, eager: 'w_400,h_300,c_pad|w_260,h_200,c_crop' };
    expect(signParameters(eager, 'abcd', 'sha1')).toBe('bfd09f95f331f558cbd1320e67aa8d488770583e');
    expect(signParameters({ ...sample, timestamp: '1' }, 'abcd')).toMatch(/^[0-9a-f]{64}$/);
    expect(signDelivery('sample_image', 'abcd')).toMatch(/^s--[\w-]{32}--$/);
  });

  test('a call that it takes for stale is denied', async () => {
    const { storage, cloudinary } = await openCloudinary();
    cleanups.push(storage.close, async () => cloudinary?.close());
    cloudinary?.setNow(() => 0);
    await expect(storage.put(key, streamOf(data), { contentType: 'image/png' })).rejects.toMatchObject({
      code: 'denied',
    });
    await expect(storage.remove(key)).rejects.toMatchObject({ code: 'denied' });
  });
});
