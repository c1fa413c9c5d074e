// Each kind of store, running locally, with the program's settings for it and a reader of its links.
import { generateKeyPairSync } from 'node:crypto';
import { buildApp } from 'fauxqs';
import { accepts } from '../stores/cloudfront-verifier.ts';
import { startCloudinary } from '../stores/cloudinary-server.ts';

export interface MediaStore {
  env: Record<string, string>;
  /** The response to opening a link of the store. */
  open(link: string): Promise<Response>;
  close(): Promise<unknown>;
}

/** S3 with a bucket named `files`. */
export async function startBucket() {
  const app = buildApp({ logger: false });
  const address = await app.listen({ port: 0, host: '127.0.0.1' });
  await fetch(new URL('/files', address), { method: 'PUT' });
  const env = {
    AWS_S3_BUCKET: 'files',
    AWS_S3_ENDPOINT: address.replace(/\/$/, ''),
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'not-a-secret',
  };
  return { env, open: (link: string) => fetch(link), close: () => app.close() };
}

/** No server plays CloudFront: opening a link verifies it as CloudFront does, and then asks the bucket. */
async function startDistribution() {
  const bucket = await startBucket();
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const id = 'K2JCJMDEHXQW5F';
  const url = 'https://d111111abcdef8.cloudfront.net';
  const env = {
    ...bucket.env,
    CLOUDFRONT_URL: url,
    CLOUDFRONT_KEY_PAIR_ID: id,
    CLOUDFRONT_PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
  return {
    env,
    async open(link: string) {
      const at = Math.floor(Date.now() / 1_000);
      if (!link.startsWith(`${url}/`) || !accepts(link, { id, publicKey }, { at }))
        return new Response('MissingKey or AccessDenied', { status: 403 });
      const { pathname } = new URL(link);
      return fetch(`${bucket.env.AWS_S3_ENDPOINT}/files${pathname}`);
    },
    close: bucket.close,
  };
}

async function startCloud() {
  const account = { cloudName: 'demo-cloud', apiKey: '1234', apiSecret: 'abcd' };
  const server = await startCloudinary(account);
  const address = `http://127.0.0.1:${server.port}`;
  const options = `upload_prefix=${address}&secure_distribution=${address}`;
  return {
    env: { CLOUDINARY_URL: `cloudinary://1234:abcd@demo-cloud?${options}` },
    open: (link: string) => fetch(link),
    close: server.close,
  };
}

export const mediaStores = {
  disk: async () => ({ env: {}, open: (link: string) => fetch(link), close: async () => {} }),
  s3: startBucket,
  cloudfront: startDistribution,
  cloudinary: startCloud,
} satisfies Record<string, () => Promise<MediaStore>>;

export type StoreName = keyof typeof mediaStores;
