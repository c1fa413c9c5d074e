// The media part of the configuration: where files are stored, and which hosts links may lead to.
import { createPrivateKey } from 'node:crypto';
import { z } from 'zod';
import { type AllowedHost, readAllowedHost } from '../../kit/net/url-policy.ts';
import { isProgram } from './find-program.ts';

const storeNames = ['disk', 's3', 'cloudinary'] as const;
const units = { '': 1, B: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3, TB: 1024 ** 4 };

/** A key may be one line with \n written out, as env files need it. */
const pem = z
  .string()
  .transform(text => `${text.replaceAll('\\n', '\n').trim()}\n`)
  .refine(isSigningKey);

export const mediaVariables = {
  FFMPEG_PATH: z
    .string()
    .refine(value => value === 'none' || isProgram(value))
    .optional()
    .describe('must be the absolute path of ffmpeg, or none'),
  MEDIA_STORE: z.enum(storeNames).optional().describe('must be disk, s3 or cloudinary'),
  MEDIA_QUOTA: z
    .string()
    .default('10GB')
    .transform((value, context) => readSize(value, 0, 1024 * units.TB) ?? never(context))
    .describe('must be a number of bytes, or a number with KB, MB, GB or TB, like 0.5GB; 0 is unlimited'),
  MEDIA_ALLOWED_HOSTS: z
    .string()
    .optional()
    .transform((value, context) => readHosts(value ?? '') ?? never(context))
    .describe('must be hosts separated by commas, each with an optional port: minio.internal,10.0.0.7:9000'),
  AWS_ACCESS_KEY_ID: z.string().min(1).optional(),
  AWS_SECRET_ACCESS_KEY: z.string().min(1).optional(),
  AWS_S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/i)
    .optional()
    .describe('must be a bucket name, not a URL'),
  AWS_S3_REGION: z
    .string()
    .regex(/^[a-z0-9-]+$/)
    .optional()
    .describe('must be a region, like eu-west-1'),
  AWS_S3_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('must be the URL of an S3-compatible store'),
  AWS_S3_PATH_STYLE: z.enum(['on', 'off']).optional().describe('must be on or off'),
  AWS_S3_CHECKSUMS: z.enum(['always', 'required']).optional().describe('must be always or required'),
  AWS_S3_ENCRYPTION: z
    .enum(['AES256', 'aws:kms', 'aws:kms:dsse'])
    .optional()
    .describe('must be AES256, aws:kms or aws:kms:dsse'),
  AWS_S3_KMS_KEY_ID: z.string().min(1).optional(),
  AWS_S3_MAX_FILE_SIZE: z
    .string()
    .default('10MB')
    .transform((value, context) => readSize(value, units.KB, 5 * units.GB) ?? never(context))
    .describe('must be a number of bytes, or a number with KB, MB or GB, from 1KB to 5GB'),
  CLOUDFRONT_URL: z
    .url({ protocol: /^https$/ })
    .optional()
    .describe('must be the https URL of a distribution'),
  CLOUDFRONT_KEY_PAIR_ID: z
    .string()
    .regex(/^\w+$/)
    .optional()
    .describe('must be the id of a CloudFront public key, like K2JCJMDEHXQW5F'),
  CLOUDFRONT_PRIVATE_KEY: pem.optional().describe('must be a private key in PEM, RSA or P-256, without a passphrase'),
  CLOUDINARY_URL: z
    .string()
    .transform((value, context) => readCloudinary(value) ?? never(context))
    .optional()
    .describe('must be a URL like cloudinary://key:secret@cloud-name'),
};

/** The media variables that can come from a file. */
export const mediaSecrets = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'CLOUDFRONT_PRIVATE_KEY',
  'CLOUDINARY_URL',
] as const;

export interface MediaConfig {
  /** The store for new files. Files can be moved from and to the other configured stores. */
  store: (typeof storeNames)[number];
  maxFileBytes: number;
  /** The quota of a workspace in bytes; 0 is unlimited. */
  quotaBytes: number;
  allowedHosts: AllowedHost[];
  /** The absolute path of ffmpeg, or none; we search PATH if it is not set. */
  ffmpegPath: string | undefined;
  s3:
    | {
        bucket: string;
        region: string;
        accessKeyId: string;
        secretAccessKey: string;
        endpoint: string | undefined;
        pathStyle: boolean;
        checksums: 'always' | 'required';
        encryption: { algorithm: 'AES256' | 'aws:kms' | 'aws:kms:dsse'; kmsKeyId: string | undefined } | undefined;
      }
    | undefined;
  cloudFront: { url: string; keyPairId: string; privateKey: string } | undefined;
  cloudinary:
    | {
        cloudName: string;
        apiKey: string;
        apiSecret: string;
        apiUrl: string | undefined;
        deliveryUrl: string | undefined;
      }
    | undefined;
}

/** Settings that contradict each other, each as a sentence with its fix. */
export function mediaContradictions(given: Record<string, string | undefined>): string[] {
  const found: string[] = [];
  const s3 = given.AWS_S3_BUCKET;
  if (s3 && !(given.AWS_ACCESS_KEY_ID && given.AWS_SECRET_ACCESS_KEY))
    found.push('AWS_S3_BUCKET requires AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY');
  if (s3 && !given.AWS_S3_REGION && !given.AWS_S3_ENDPOINT)
    found.push('AWS_S3_BUCKET requires AWS_S3_REGION (or AWS_S3_ENDPOINT, for a store outside AWS)');
  const ofBucket = ['REGION', 'ENDPOINT', 'PATH_STYLE', 'CHECKSUMS', 'ENCRYPTION', 'KMS_KEY_ID'].map(
    name => `AWS_S3_${name}`,
  );
  const alone = ofBucket.filter(name => given[name]);
  if (!s3 && alone.length > 0) found.push(`${alone.join(' and ')} needs AWS_S3_BUCKET`);
  if (given.AWS_S3_KMS_KEY_ID && !given.AWS_S3_ENCRYPTION?.startsWith('aws:kms'))
    found.push('AWS_S3_KMS_KEY_ID needs AWS_S3_ENCRYPTION=aws:kms');
  const cloudFront = [given.CLOUDFRONT_URL, given.CLOUDFRONT_KEY_PAIR_ID, given.CLOUDFRONT_PRIVATE_KEY];
  if (cloudFront.some(Boolean) && !(s3 && cloudFront.every(Boolean)))
    found.push(
      'CLOUDFRONT_URL, CLOUDFRONT_KEY_PAIR_ID and CLOUDFRONT_PRIVATE_KEY go together, with AWS_S3_BUCKET: set all or none',
    );
  if (given.MEDIA_STORE === 's3' && !s3) found.push('MEDIA_STORE is s3, which requires AWS_S3_BUCKET');
  if (given.MEDIA_STORE === 'cloudinary' && !given.CLOUDINARY_URL)
    found.push('MEDIA_STORE is cloudinary, which requires CLOUDINARY_URL');
  if (!given.MEDIA_STORE && s3 && given.CLOUDINARY_URL)
    found.push('AWS_S3_BUCKET and CLOUDINARY_URL are both set: set MEDIA_STORE to the one for new files');
  return found;
}

type Read = z.output<z.ZodObject<typeof mediaVariables>>;

export function toMediaConfig(read: Read): MediaConfig {
  const { AWS_S3_BUCKET: bucket, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = read;
  const endpoint = read.AWS_S3_ENDPOINT?.replace(/\/+$/, '');
  const { CLOUDFRONT_URL, CLOUDFRONT_KEY_PAIR_ID, CLOUDFRONT_PRIVATE_KEY } = read;
  return {
    store: read.MEDIA_STORE ?? (bucket ? 's3' : read.CLOUDINARY_URL ? 'cloudinary' : 'disk'),
    maxFileBytes: read.AWS_S3_MAX_FILE_SIZE,
    quotaBytes: read.MEDIA_QUOTA,
    allowedHosts: read.MEDIA_ALLOWED_HOSTS,
    ffmpegPath: read.FFMPEG_PATH,
    s3:
      bucket && accessKeyId && secretAccessKey
        ? {
            bucket,
            region: read.AWS_S3_REGION ?? 'us-east-1',
            accessKeyId,
            secretAccessKey,
            endpoint,
            // Compatible stores mostly lack bucket host names, and may not know the newer checksums.
            pathStyle: read.AWS_S3_PATH_STYLE ? read.AWS_S3_PATH_STYLE === 'on' : endpoint !== undefined,
            checksums: read.AWS_S3_CHECKSUMS ?? (endpoint === undefined ? 'always' : 'required'),
            encryption: read.AWS_S3_ENCRYPTION && {
              algorithm: read.AWS_S3_ENCRYPTION,
              kmsKeyId: read.AWS_S3_KMS_KEY_ID,
            },
          }
        : undefined,
    cloudFront:
      CLOUDFRONT_URL && CLOUDFRONT_KEY_PAIR_ID && CLOUDFRONT_PRIVATE_KEY
        ? {
            url: CLOUDFRONT_URL.replace(/\/+$/, ''),
            keyPairId: CLOUDFRONT_KEY_PAIR_ID,
            privateKey: CLOUDFRONT_PRIVATE_KEY,
          }
        : undefined,
    cloudinary: read.CLOUDINARY_URL,
  };
}

/** Reports a mistake; its sentence is the description of the variable. */
function never(context: z.core.$RefinementCtx): never {
  context.addIssue('not valid');
  return z.NEVER;
}

/** Reads hosts separated by commas; undefined if one of them is none. */
export function readHosts(text: string): AllowedHost[] | undefined {
  const named = text
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '');
  const hosts = named.map(readAllowedHost).filter(host => host !== undefined);
  return hosts.length === named.length ? hosts : undefined;
}

function readSize(text: string, least: number, most: number): number | undefined {
  const [, number, unit] = /^(\d+(?:\.\d+)?) ?(B|KB|MB|GB|TB|)$/i.exec(text) ?? [];
  if (number === undefined) return undefined;
  const size = Math.floor(Number(number) * units[(unit ?? '').toUpperCase() as keyof typeof units]);
  // 0 means no limit, and a fraction of a byte does not.
  if (size === 0 && Number(number) > 0) return undefined;
  return size >= least && size <= most ? size : undefined;
}

function isSigningKey(text: string): boolean {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey(text);
    return (
      asymmetricKeyType === 'rsa' || (asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1')
    );
  } catch {
    return false;
  }
}

/** Of the options in the URL's query, we use only other API and delivery URLs. */
function readCloudinary(text: string): MediaConfig['cloudinary'] {
  const [, apiKey, apiSecret, cloudName, query] =
    /^cloudinary:\/\/([\w-]+):([\w-]+)@([\w-]+)(?:\/?\?(.*))?$/.exec(text) ?? [];
  if (!apiKey || !apiSecret || !cloudName) return undefined;
  const apiUrl = new URLSearchParams(query).get('upload_prefix')?.replace(/\/+$/, '');
  const host = new URLSearchParams(query).get('secure_distribution') ?? undefined;
  const deliveryUrl = host === undefined || /^https?:/.test(host) ? host : `https://${host}`;
  // Plain HTTP only on this machine, for a server that stands in for Cloudinary.
  const address = /^(https:\/\/[\w.-]+|http:\/\/127\.0\.0\.1)(:\d+)?$/;
  if ([apiUrl, deliveryUrl].some(url => url !== undefined && !address.test(url))) return undefined;
  return { cloudName, apiKey, apiSecret, apiUrl, deliveryUrl };
}
