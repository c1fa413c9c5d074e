// The last call of a multipart upload to S3, whose response never arrives.
import { request as askHttp, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildApp } from 'fauxqs';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { s3Storage } from '../../server/adapters/storage/s3.ts';
import type { Storage } from '../../server/ports/storage.ts';
import { contentOf, keyOf, MiB, readAll, streamOf } from './content.ts';

const app = buildApp({ logger: false });
let harm: 'answer lost' | 'upload unknown' | undefined;
let calls = 0;
const between = createServer((request, response) => {
  const { method, url: path = '', headers } = request;
  const isLast = method === 'POST' && path.includes('uploadId=');
  if (isLast) calls += 1;
  if (isLast && harm === 'upload unknown') {
    request.resume();
    response.writeHead(404, { 'content-type': 'application/xml' }).end('<Error><Code>NoSuchUpload</Code></Error>');
    return;
  }
  const { hostname, port } = new URL(bucketUrl);
  const passed = askHttp({ hostname, port, method, path, headers }, answered => {
    if (isLast && harm === 'answer lost' && calls === 1) {
      answered.resume().on('end', () => response.destroy());
      return;
    }
    response.writeHead(answered.statusCode ?? 502, answered.headers);
    answered.pipe(response);
  });
  passed.on('error', () => response.destroy());
  request.pipe(passed);
});
let bucketUrl: string;
let storage: Storage;

beforeAll(async () => {
  bucketUrl = await app.listen({ port: 0, host: '127.0.0.1' });
  await fetch(new URL('/media', bucketUrl), { method: 'PUT' });
  await new Promise<void>(resolve => between.listen(0, '127.0.0.1', resolve));
  storage = s3Storage({
    bucket: 'media',
    region: 'eu-west-1',
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'not-a-secret',
    endpoint: `http://127.0.0.1:${(between.address() as AddressInfo).port}`,
    pathStyle: true,
    checksums: 'required',
    attempts: 3,
  });
});
beforeEach(() => {
  calls = 0;
});
afterAll(async () => {
  await storage.close();
  between.closeAllConnections();
  between.close();
  await app.close();
});

const data = contentOf(9 * MiB);
const put = () => storage.put(keyOf(data), streamOf(data), { contentType: 'image/png' });

test('where the file is there by then, it is stored', async () => {
  harm = 'answer lost';
  expect(await put()).toMatchObject({ size: data.length });
  expect(calls).toBe(2);
  expect((await readAll((await storage.read(keyOf(data))).content)).equals(data)).toBe(true);
  await storage.remove(keyOf(data));
});

test('where it is not, the store is unavailable, and the file may be put again', async () => {
  harm = 'upload unknown';
  await expect(put()).rejects.toMatchObject({ code: 'unavailable' });
  harm = undefined;
  expect(await put()).toMatchObject({ size: data.length });
});
