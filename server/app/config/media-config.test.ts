// The media configuration: which store follows from which settings, what is rejected, and that each store opens.
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { StartError } from '../../kit/start-error.ts';
import { openStorage } from '../storage.ts';
import { readConfig } from './config.ts';

const bucket = {
  AWS_S3_BUCKET: 'recado-media',
  AWS_S3_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'kept to ourselves',
};
const pemOf = (pair: ReturnType<typeof generateKeyPairSync>) =>
  pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const pem = pemOf(generateKeyPairSync('rsa', { modulusLength: 2048 }));
const cloudFront = {
  CLOUDFRONT_URL: 'https://d111111abcdef8.cloudfront.net/',
  CLOUDFRONT_KEY_PAIR_ID: 'K2JCJMDEHXQW5F',
  CLOUDFRONT_PRIVATE_KEY: pem,
};
const CLOUDINARY_URL = 'cloudinary://1234:abcd@demo-cloud';

const mediaOf = (env: Record<string, string>) => readConfig(env).media;
function refusal(env: Record<string, string>): string {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof StartError) return error.message;
    throw error;
  }
  throw new Error('The configuration was accepted.');
}

test('ffmpeg is a program by its whole path, or none', () => {
  expect(mediaOf({}).ffmpegPath).toBeUndefined();
  expect(mediaOf({ FFMPEG_PATH: 'none' }).ffmpegPath).toBe('none');
  expect(mediaOf({ FFMPEG_PATH: process.execPath }).ffmpegPath).toBe(process.execPath);
  for (const path of ['ffmpeg', '/no/such/program', tmpdir(), import.meta.filename])
    expect(refusal({ FFMPEG_PATH: path })).toContain('FFMPEG_PATH must be the absolute path of ffmpeg, or none');
});

test('a quota is a size, and less than a byte is not taken for none', () => {
  expect(mediaOf({}).quotaBytes).toBe(10 * 1024 ** 3);
  expect(mediaOf({ MEDIA_QUOTA: '0.0' }).quotaBytes).toBe(0);
  expect(mediaOf({ MEDIA_QUOTA: '0.5GB' }).quotaBytes).toBe(512 * 1024 ** 2);
  for (const size of ['0.5', '0.0001KB'])
    expect(refusal({ MEDIA_QUOTA: size })).toContain(
      'MEDIA_QUOTA must be a number of bytes, or a number with KB, MB, GB',
    );
});

describe('the store', () => {
  test.each([
    [{}, 'disk'],
    // Many machines have AWS keys that have nothing to do with media.
    [{ AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'y' }, 'disk'],
    [bucket, 's3'],
    [{ CLOUDINARY_URL }, 'cloudinary'],
    [{ ...bucket, MEDIA_STORE: 'disk' }, 'disk'],
    [{ ...bucket, CLOUDINARY_URL, MEDIA_STORE: 'cloudinary' }, 'cloudinary'],
    [{ ...bucket, CLOUDINARY_URL, MEDIA_STORE: 's3' }, 's3'],
  ])('of %j is %s', (env, store) => {
    expect(mediaOf(env as Record<string, string>).store).toBe(store);
  });

  test('keeps what else is set, to move files from and to', () => {
    const media = mediaOf({ ...bucket, CLOUDINARY_URL, MEDIA_STORE: 'disk' });
    expect([media.s3?.bucket, media.cloudinary?.cloudName]).toEqual(['recado-media', 'demo-cloud']);
  });
});

test('a bucket of AWS has its defaults, and one of another store has others', () => {
  expect(mediaOf(bucket).s3).toEqual({
    bucket: 'recado-media',
    region: 'eu-west-1',
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'kept to ourselves',
    endpoint: undefined,
    pathStyle: false,
    checksums: 'always',
    encryption: undefined,
  });
  const { AWS_S3_REGION: _, ...rest } = bucket;
  expect(mediaOf({ ...rest, AWS_S3_ENDPOINT: 'http://minio:9000/' }).s3).toMatchObject({
    region: 'us-east-1',
    endpoint: 'http://minio:9000',
    pathStyle: true,
    checksums: 'required',
  });
  expect(
    mediaOf({
      ...bucket,
      AWS_S3_ENDPOINT: 'https://s3.example.com',
      AWS_S3_PATH_STYLE: 'off',
      AWS_S3_CHECKSUMS: 'always',
      AWS_S3_ENCRYPTION: 'aws:kms',
      AWS_S3_KMS_KEY_ID: 'alias/media',
    }).s3,
  ).toMatchObject({
    pathStyle: false,
    checksums: 'always',
    encryption: { algorithm: 'aws:kms', kmsKeyId: 'alias/media' },
  });
});

test.each([
  ['10MB', 10_485_760],
  ['16 mb', 16_777_216],
  ['1.5MB', 1_572_864],
  ['5GB', 5_368_709_120],
  ['1048576', 1_048_576],
  ['100KB', 102_400],
])('a size of %s is %i bytes', (text, bytes) => {
  expect(mediaOf({ AWS_S3_MAX_FILE_SIZE: text }).maxFileBytes).toBe(bytes);
});

test('hosts are read with and without a port', () => {
  expect(mediaOf({ MEDIA_ALLOWED_HOSTS: ' minio.internal, 10.0.0.7:9000 ,[::1]:3001,' }).allowedHosts).toEqual([
    { hostname: 'minio.internal', port: undefined },
    { hostname: '10.0.0.7', port: 9000 },
    { hostname: '::1', port: 3001 },
  ]);
});

test('a private key comes whole, in one line, or as a file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'recado-media-config-'));
  await writeFile(join(folder, 'key.pem'), pem);
  const { CLOUDFRONT_PRIVATE_KEY: _, ...rest } = cloudFront;
  const ec = pemOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }));
  for (const [env, expected] of [
    [{ CLOUDFRONT_PRIVATE_KEY: pem }, pem],
    [{ CLOUDFRONT_PRIVATE_KEY: pem.trim().replaceAll('\n', '\\n') }, pem],
    [{ CLOUDFRONT_PRIVATE_KEY_FILE: join(folder, 'key.pem') }, pem],
    [{ CLOUDFRONT_PRIVATE_KEY: ec }, ec],
  ] as [Record<string, string>, string][])
    expect(mediaOf({ ...bucket, ...rest, ...env }).cloudFront).toEqual({
      url: 'https://d111111abcdef8.cloudfront.net',
      keyPairId: 'K2JCJMDEHXQW5F',
      privateKey: expected,
    });
  await rm(folder, { recursive: true });
});

test('an account of Cloudinary may have its API elsewhere', () => {
  expect(
    mediaOf({ CLOUDINARY_URL: `${CLOUDINARY_URL}?upload_prefix=https://api-eu.cloudinary.com/&secure=true` })
      .cloudinary,
  ).toEqual({
    cloudName: 'demo-cloud',
    apiKey: '1234',
    apiSecret: 'abcd',
    apiUrl: 'https://api-eu.cloudinary.com',
  });
});

describe('mistakes', () => {
  test.each([
    [{ MEDIA_STORE: 'tape' }, 'MEDIA_STORE must be disk, s3 or cloudinary'],
    [{ MEDIA_ALLOWED_HOSTS: 'http://minio:9000' }, 'MEDIA_ALLOWED_HOSTS must be hosts separated by commas'],
    [{ MEDIA_ALLOWED_HOSTS: 'minio:99999' }, 'MEDIA_ALLOWED_HOSTS must be hosts'],
    [{ AWS_S3_MAX_FILE_SIZE: '10' }, 'AWS_S3_MAX_FILE_SIZE must be a number of bytes'],
    [{ AWS_S3_MAX_FILE_SIZE: '6GB' }, 'AWS_S3_MAX_FILE_SIZE must be'],
    [{ AWS_S3_MAX_FILE_SIZE: 'ten' }, 'AWS_S3_MAX_FILE_SIZE must be'],
    [{ ...bucket, AWS_S3_BUCKET: 's3://recado' }, 'AWS_S3_BUCKET must be a bucket name'],
    [{ ...bucket, AWS_S3_ENDPOINT: 'minio' }, 'AWS_S3_ENDPOINT must be the URL'],
    [{ ...bucket, AWS_S3_ENCRYPTION: 'rot13' }, 'AWS_S3_ENCRYPTION must be AES256'],
    [
      { ...bucket, ...cloudFront, CLOUDFRONT_PRIVATE_KEY: 'hunter2' },
      'CLOUDFRONT_PRIVATE_KEY must be a private key in PEM',
    ],
    [{ ...bucket, ...cloudFront, CLOUDFRONT_URL: 'http://cdn' }, 'CLOUDFRONT_URL must be the https URL'],
    [{ CLOUDINARY_URL: 'https://cloudinary.com/hunter2' }, 'CLOUDINARY_URL must be a URL like cloudinary://'],
    [{ CLOUDINARY_URL: `${CLOUDINARY_URL}?upload_prefix=http://x` }, 'CLOUDINARY_URL must be'],
    [
      { AWS_S3_BUCKET: 'recado' },
      '2 mistakes: AWS_S3_BUCKET requires AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; AWS_S3_BUCKET requires AWS_S3_REGION',
    ],
    [{ AWS_S3_REGION: 'eu-west-1' }, 'AWS_S3_REGION needs AWS_S3_BUCKET'],
    [{ ...bucket, AWS_S3_KMS_KEY_ID: 'x' }, 'AWS_S3_KMS_KEY_ID needs AWS_S3_ENCRYPTION=aws:kms'],
    [cloudFront, 'CLOUDFRONT_URL, CLOUDFRONT_KEY_PAIR_ID and CLOUDFRONT_PRIVATE_KEY go together, with AWS_S3_BUCKET'],
    [{ ...bucket, CLOUDFRONT_KEY_PAIR_ID: 'K1' }, 'CLOUDFRONT_URL, CLOUDFRONT_KEY_PAIR_ID and'],
    [{ MEDIA_STORE: 's3' }, 'MEDIA_STORE is s3, which requires AWS_S3_BUCKET'],
    [{ MEDIA_STORE: 'cloudinary' }, 'MEDIA_STORE is cloudinary, which requires CLOUDINARY_URL'],
    [{ ...bucket, CLOUDINARY_URL }, 'AWS_S3_BUCKET and CLOUDINARY_URL are both set: set MEDIA_STORE'],
  ])('%j', (env, sentence) => {
    const message = refusal(env as Record<string, string>);
    expect(message).toContain(sentence);
    expect(message).not.toContain('hunter2');
  });
});

test('each store opens, and asks nobody of anything yet', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'recado-media-'));
  const config = readConfig({ DATA_DIR: folder, ...bucket, CLOUDINARY_URL, MEDIA_STORE: 'disk' });
  for (const [store, kind] of [
    [undefined, 'disk'],
    ['s3', 's3'],
    ['cloudinary', 'cloudinary'],
  ] as const) {
    const storage = await openStorage(config, store);
    expect(storage.kind).toBe(kind);
    await storage.close();
  }
  expect((await stat(join(folder, 'media'))).isDirectory()).toBe(true);
  const behind = await openStorage(readConfig({ ...bucket, ...cloudFront, AWS_S3_ENCRYPTION: 'AES256' }));
  expect(behind.kind).toBe('cloudfront');
  await behind.close();
  const without = readConfig({ DATA_DIR: folder });
  await expect(openStorage(without, 's3')).rejects.toThrow(StartError);
  await expect(openStorage(without, 'cloudinary')).rejects.toThrow(StartError);
  await writeFile(join(folder, 'file'), '');
  await expect(openStorage(readConfig({ DATA_DIR: join(folder, 'file') }))).rejects.toThrow(/cannot be opened/);
  await rm(folder, { recursive: true });
});
