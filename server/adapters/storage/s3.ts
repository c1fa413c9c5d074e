// Files in a bucket of S3 or of a compatible store.
import type { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadBucketCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type ServerSideEncryption,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import {
  type ByteRange,
  isKey,
  keyPrefix,
  type ListedFile,
  readKey,
  type Storage,
  StorageError,
} from '../../ports/storage.ts';
import { checkedContent, countedContent, inParts, type Piece, rangeHeader, wholeSize } from './content.ts';
import { asStorageError, isMissing, isOverUpload } from './s3-errors.ts';

export interface S3Settings {
  bucket: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** The endpoint of a compatible store; undefined for AWS. */
  endpoint?: string;
  /** Whether the bucket is in the path instead of the host name. */
  pathStyle: boolean;
  /** When to send checksums; older stores keep them as part of the file. */
  checksums: 'always' | 'required';
  /** Requested for every file; undefined leaves it to the bucket. */
  encryption?: { algorithm: ServerSideEncryption; kmsKeyId?: string };
  /** Limits in milliseconds: for connecting, for a whole call, and for the next byte. */
  timeouts?: { connect: number; call: number; idle: number };
  /** The maximum number of attempts of a call, with growing pauses. */
  attempts?: number;
}

/** AWS's minimum part size. Two parts are in memory: one is uploaded, one is collected. */
const partSize = 5 * 1024 * 1024;
/** More than we use at once. */
const connections = 256;
const defaultTimeouts = { connect: 5_000, call: 120_000, idle: 30_000 };

/** Opens the store in a bucket, without calling it yet. */
export function s3Storage(settings: S3Settings): Storage {
  const { bucket: Bucket } = settings;
  const client = clientOf(settings);
  // Downloads have their own connection pool: a slow reader must not block other calls.
  const reader = clientOf(settings, 'reads');
  const idleMs = (settings.timeouts ?? defaultTimeouts).idle;
  const encryption = {
    ...(settings.encryption && { ServerSideEncryption: settings.encryption.algorithm }),
    ...(settings.encryption?.kmsKeyId && { SSEKMSKeyId: settings.encryption.kmsKeyId }),
  };

  const sizeOf = async (Key: string): Promise<number | undefined> =>
    (await client.send(new HeadObjectCommand({ Bucket, Key })).catch(() => undefined))?.ContentLength;

  /** No signal aborts the start or the end of an upload: its state would be unknown. */
  async function uploadParts(
    Key: string,
    pieces: AsyncGenerator<Piece, void>,
    first: Piece,
    {
      contentType: ContentType,
      signal,
      stop,
    }: { contentType: string; signal: AbortSignal | undefined; stop(error: unknown): void },
  ): Promise<void> {
    const { UploadId } = await client.send(
      new CreateMultipartUploadCommand({ Bucket, Key, ContentType, ...encryption, ...checksumOf(settings) }),
    );
    try {
      const Parts: { PartNumber: number; ETag?: string; ChecksumCRC32?: string }[] = [];
      let size = 0;
      const upload = async ({ data }: Piece, PartNumber: number) => {
        size += data.length;
        const part = new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body: data, ...checksumOf(settings) });
        const { ETag, ChecksumCRC32 } = await client.send(part, signal ? { abortSignal: signal } : {});
        Parts.push({ PartNumber, ...(ETag && { ETag }), ...(ChecksumCRC32 && { ChecksumCRC32 }) });
      };
      let piece: Piece | undefined = first;
      for (let number = 1; piece; number += 1) {
        // Collect the next part while one uploads; a failed upload stops the collecting.
        const underWay = upload(piece, number);
        underWay.catch(stop);
        [piece] = await bothOrNeither(nextOf(pieces), underWay);
      }
      signal?.throwIfAborted();
      await client
        .send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }))
        .catch(async (error: unknown) => {
          // A retried call found the upload ended: the first try had succeeded and its response was lost.
          if (!isOverUpload(error) || (await sizeOf(Key)) !== size) throw error;
        });
    } catch (error) {
      // If this fails too, removeLeftovers finds the parts, and a bucket rule may.
      await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })).catch(() => {});
      throw error;
    }
  }

  /** Distinguishes a 404 of the bucket from one of the file: a wrong bucket name must not look like a deleted file. */
  async function translate<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (isMissing(error))
        await client.send(new HeadBucketCommand({ Bucket })).catch((found: unknown) => {
          throw isMissing(found)
            ? new StorageError('denied', `The bucket ${Bucket} does not exist.`, { cause: found })
            : asStorageError(found);
        });
      throw asStorageError(error);
    }
  }

  return {
    kind: 's3',
    async put(key, source, { contentType, size, signal }) {
      const content = checkedContent(key, source, { size, signal });
      const pieces = inParts(content.chunks, partSize);
      try {
        const first = await nextOf(pieces);
        if (first?.last)
          await client.send(
            new PutObjectCommand({
              Bucket,
              Key: key,
              Body: first.data,
              ContentType: contentType,
              ...encryption,
              ...checksumOf(settings),
            }),
            signal ? { abortSignal: signal } : {},
          );
        else if (first) await uploadParts(key, pieces, first, { contentType, signal, stop: content.stop });
      } catch (error) {
        content.stop(error);
        await pieces.return();
        if (signal?.aborted) throw signal.reason;
        throw error === source.errored ? error : asStorageError(error);
      }
      return content.stored();
    },
    async read(key, { range, signal } = {}) {
      readKey(key);
      const Range = range && rangeHeader(range);
      signal?.throwIfAborted();
      const found = await translate(() =>
        reader.send(
          new GetObjectCommand({ Bucket, Key: key, ...(Range && { Range }) }),
          signal ? { abortSignal: signal } : {},
        ),
      ).catch((error: unknown) => {
        signal?.throwIfAborted();
        throw error;
      });
      const length = found.ContentLength ?? 0;
      const partOf = wholeSize(found.ContentRange);
      const body = found.Body as Readable;
      if (isOtherPart(range, found)) {
        body.on('error', () => {}).destroy();
        throw new StorageError('unavailable', 'The store sent a different range than requested.');
      }
      return { content: countedContent(body, length, signal, idleMs), size: partOf ?? length, length };
    },
    async head(key) {
      readKey(key);
      const found = await translate(() => client.send(new HeadObjectCommand({ Bucket, Key: key })));
      return { size: found.ContentLength ?? 0, modified: found.LastModified ?? new Date(0) };
    },
    async remove(key) {
      readKey(key);
      await translate(() => client.send(new DeleteObjectCommand({ Bucket, Key: key }))).catch((error: unknown) => {
        // S3 responds with success here; some compatible stores with 404.
        if (!(error instanceof StorageError && error.code === 'not_found')) throw error;
      });
    },
    async *list(workspaceId): AsyncGenerator<ListedFile, void> {
      const Prefix = keyPrefix(workspaceId);
      let token: string | undefined;
      do {
        const page = await translate(() =>
          client.send(new ListObjectsV2Command({ Bucket, Prefix, ...(token && { ContinuationToken: token }) })),
        );
        for (const { Key = '', Size = 0, LastModified = new Date(0) } of page.Contents ?? [])
          if (isKey(Key)) yield { key: Key, size: Size, modified: LastModified };
        token = page.IsTruncated ? page.NextContinuationToken : undefined;
      } while (token);
    },
    link(key, { seconds, contentType, disposition }) {
      readKey(key);
      const command = new GetObjectCommand({
        Bucket,
        Key: key,
        ResponseContentType: contentType,
        ResponseContentDisposition: disposition,
      });
      return getSignedUrl(client, command, { expiresIn: seconds });
    },
    async removeLeftovers(before) {
      let removed = 0;
      let marks: { KeyMarker?: string; UploadIdMarker?: string } | undefined = {};
      while (marks) {
        const page = await translate(() => client.send(new ListMultipartUploadsCommand({ Bucket, ...marks })));
        for (const { Key = '', UploadId, Initiated } of page.Uploads ?? []) {
          if (!isKey(Key) || !Initiated || Initiated >= before) continue;
          await translate(() => client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })));
          removed += 1;
        }
        marks = page.IsTruncated
          ? {
              ...(page.NextKeyMarker && { KeyMarker: page.NextKeyMarker }),
              ...(page.NextUploadIdMarker && { UploadIdMarker: page.NextUploadIdMarker }),
            }
          : undefined;
      }
      return removed;
    },
    async close() {
      client.destroy();
      reader.destroy();
    },
  };
}

function clientOf(settings: S3Settings, does: 'calls' | 'reads' = 'calls'): S3Client {
  const { connect, call, idle } = settings.timeouts ?? defaultTimeouts;
  const checksums = settings.checksums === 'always' ? 'WHEN_SUPPORTED' : 'WHEN_REQUIRED';
  // Set everything that the SDK would otherwise read from the environment or the home folder.
  return new S3Client({
    region: settings.region,
    credentials: { accessKeyId: settings.accessKeyId, secretAccessKey: settings.secretAccessKey },
    ...(settings.endpoint !== undefined && { endpoint: settings.endpoint }),
    forcePathStyle: settings.pathStyle,
    maxAttempts: settings.attempts ?? 4,
    retryMode: 'standard',
    requestChecksumCalculation: checksums,
    responseChecksumValidation: checksums,
    useArnRegion: false,
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    requestHandler: {
      connectionTimeout: connect,
      requestTimeout: call,
      throwOnRequestTimeout: true,
      // A socket is also idle while our reader pauses, so downloads detect a stall where the bytes pass.
      socketTimeout: does === 'reads' ? 0 : idle,
      httpAgent: { keepAlive: true, maxSockets: connections },
      httpsAgent: { keepAlive: true, maxSockets: connections },
    },
  });
}

/** With a checksum for each part, the store rejects bytes that changed on the way. */
const checksumOf = ({ checksums }: S3Settings) =>
  checksums === 'always' ? { ChecksumAlgorithm: 'CRC32' as const } : {};

/** Whether a response is not the requested range: a store without range support sends the whole file. */
function isOtherPart(
  range: ByteRange | undefined,
  { ContentRange = '', ContentLength, $metadata }: GetObjectCommandOutput,
): boolean {
  if (!range) return ContentRange !== '' || $metadata.httpStatusCode === 206;
  const [start, end, size] = (/^bytes (\d+)-(\d+)\/(\d+)$/.exec(ContentRange)?.slice(1) ?? []).map(Number);
  return (
    $metadata.httpStatusCode !== 206 ||
    size === undefined ||
    start !== range.start ||
    end !== Math.min(range.end ?? size - 1, size - 1) ||
    ContentLength !== end - start + 1
  );
}

async function nextOf(pieces: AsyncGenerator<Piece, void>): Promise<Piece | undefined> {
  const next = await pieces.next();
  return next.done ? undefined : next.value;
}

/** Both results, or the first error of the two, after both have finished. */
async function bothOrNeither<A, B>(one: Promise<A>, other: Promise<B>): Promise<[A, B]> {
  try {
    return await Promise.all([one, other]);
  } catch (error) {
    await Promise.allSettled([one, other]);
    throw error;
  }
}
