// Each kind of store, opened on a local server, with what tests need to inspect it.
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApp } from 'fauxqs';
import { cloudFrontStorage } from '../../server/adapters/storage/cloudfront.ts';
import { cloudinaryStorage } from '../../server/adapters/storage/cloudinary.ts';
import { diskStorage } from '../../server/adapters/storage/disk.ts';
import { s3Storage } from '../../server/adapters/storage/s3.ts';
import type { Storage } from '../../server/ports/storage.ts';
import { isWhole } from '../setup/rotation.ts';
import { type CloudinaryServer, startCloudinary } from './cloudinary-server.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';

export interface Backend {
  storage: Storage;
  /** Between the adapter and its server; undefined if there is none. */
  proxy: FaultProxy | undefined;
  /** Temporary files and unfinished upload parts: there must be none. */
  leftBehind(): Promise<string[]>;
  cloudinary?: CloudinaryServer;
  /** Puts a file past the adapter, where that is much quicker. */
  fill?(key: string, data: Buffer): Promise<unknown>;
  close(): Promise<void>;
}

const timeouts = { connect: 2_000, call: 20_000, idle: 20_000 };

export async function openDisk(): Promise<Backend> {
  const folder = await mkdtemp(join(tmpdir(), 'recado-store-'));
  const storage = await diskStorage(folder);
  return {
    storage,
    proxy: undefined,
    leftBehind: () => readdir(join(folder, '.incoming')),
    close: async () => {
      await storage.close();
      await rm(folder, { recursive: true });
    },
  };
}

export interface S3Options {
  checksums?: 'always' | 'required';
  timeouts?: typeof timeouts;
  bucket?: string;
}

export async function openS3(options: S3Options = {}): Promise<Backend> {
  const app = buildApp({ logger: false });
  const address = new URL(await app.listen({ port: 0, host: '127.0.0.1' }));
  const proxy = await startFaultProxy(Number(address.port));
  const direct = (method: string) => fetch(new URL('/media', address), { method });
  await direct('PUT');
  const storage = s3Storage({
    bucket: options.bucket ?? 'media',
    region: 'eu-west-1',
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'not-a-secret',
    endpoint: `http://127.0.0.1:${proxy.port}`,
    pathStyle: true,
    checksums: options.checksums ?? 'required',
    timeouts: options.timeouts ?? timeouts,
    attempts: 3,
  });
  return {
    storage,
    proxy,
    fill: (key, data) => fetch(new URL(`/media/${key}`, address), { method: 'PUT', body: new Uint8Array(data) }),
    // A bucket with parts in it cannot be deleted.
    async leftBehind() {
      for await (const { key } of storage.list()) await storage.remove(key);
      const deleted = await direct('DELETE');
      if (deleted.ok) await direct('PUT');
      return deleted.ok ? [] : [await deleted.text()];
    },
    close: async () => {
      await storage.close();
      await proxy.close();
      await app.close();
    },
  };
}

const cloudFrontPair = generateKeyPairSync('rsa', { modulusLength: 2048 });

export async function openCloudFront(): Promise<Backend> {
  const s3 = await openS3({ checksums: 'always' });
  const privateKey = cloudFrontPair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const storage = cloudFrontStorage(s3.storage, {
    url: 'https://d111111abcdef8.cloudfront.net',
    keyPairId: 'K2JCJMDEHXQW5F',
    privateKey,
  });
  return { ...s3, storage };
}

export async function openCloudinary(options: { timeouts?: typeof timeouts } = {}): Promise<Backend> {
  const account = { cloudName: 'demo-cloud', apiKey: '1234', apiSecret: 'abcd' };
  const cloudinary = await startCloudinary(account);
  const proxy = await startFaultProxy(cloudinary.port);
  const url = `http://127.0.0.1:${proxy.port}`;
  const storage = cloudinaryStorage({
    ...account,
    apiUrl: url,
    deliveryUrl: url,
    timeouts: options.timeouts ?? timeouts,
    attempts: 3,
    pauseMs: 1,
  });
  return {
    storage,
    proxy,
    cloudinary,
    async leftBehind() {
      for await (const { key } of storage.list()) await storage.remove(key);
      return cloudinary.stored();
    },
    close: async () => {
      await storage.close();
      await proxy.close();
      await cloudinary.close();
    },
  };
}

/** CloudFront reads and writes through the adapter of S3: only its links are its own, and cloudfront.test.ts tries them. */
export const backends = [
  ['disk', openDisk] as const,
  ['s3', openS3] as const,
  ...(isWhole ? [['cloudfront', openCloudFront] as const] : []),
  ['cloudinary', openCloudinary] as const,
];
