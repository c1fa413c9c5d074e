// Files in a bucket of S3, or of a store that speaks like it.
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
import { checkedContent, countedContent, inPieces, type Piece, rangeHeader, wholeSize } from './content.ts';
import { asStorageError, isMissing, isOverUpload } from './s3-errors.ts';

export interface S3Settings {
  bucket: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** The address of a compatible store; undefined for AWS. */
  endpoint?: string;
  /** The bucket in the path instead of in the name of the host. */
  pathStyle: boolean;
  /** Checksums in every request; older stores take them for a part of the file. */
  checksums: 'always' | 'required';
  /** Asked for with every file; undefined leaves it to the bucket. */
  encryption?: { algorithm: ServerSideEncryption; kmsKeyId?: string };
  /** How long, in milliseconds, to wait for a connection, for a whole call, and for the next byte. */
  timeouts?: { connect: number; call: number; idle: number };
  /** How often a call is made at most, with growing pauses. */
  attempts?: number;
}

/** What AWS takes as the least of a part, and what is held in memory twice: one on its way, one being gathered. */
const partSize = 5 * 1024 * 1024;
/** More than are asked for at once. */
const connections = 256;
const defaultTimeouts = { connect: 5_000, call: 120_000, idle: 30_000 };

/** Opens the store in a bucket. Nothing is asked of it yet. */
export function s3Storage(settings: S3Settings): Storage {
  const { bucket: Bucket } = settings;
  const client = clientOf(settings);
  // Bodies have connections of their own: who reads slowly keeps one, and nothing else waits for it.
  const reader = clientOf(settings, 'reads');
  const idleMs = (settings.timeouts ?? defaultTimeouts).idle;
  const encryption = {
    ...(settings.encryption && { ServerSideEncryption: settings.encryption.algorithm }),
    ...(settings.encryption?.kmsKeyId && { SSEKMSKeyId: settings.encryption.kmsKeyId }),
  };

  const sizeOf = async (Key: string): Promise<number | undefined> =>
    (await client.send(new HeadObjectCommand({ Bucket, Key })).catch(() => undefined))?.ContentLength;

  /** Neither the beginning nor the end of it is broken off by a signal: then nobody would know what is there. */
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
        // The next part is gathered while one is on its way; a broken one stops the gathering.
        const underWay = upload(piece, number);
        underWay.catch(stop);
        [piece] = await bothOrNeither(nextOf(pieces), underWay);
      }
      signal?.throwIfAborted();
      await client
        .send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }))
        .catch(async (error: unknown) => {
          // A call whose first answer was lost was made again, and the upload had ended well by then.
          if (!isOverUpload(error) || (await sizeOf(Key)) !== size) throw error;
        });
    } catch (error) {
      // Where even this does not get through, removeLeftovers finds the parts, and a rule of the bucket may.
      await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })).catch(() => {});
      throw error;
    }
  }

  /** Says a 404 of the bucket apart from one of the file: what is only misnamed must not look deleted. */
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
      const pieces = inPieces(content.chunks, partSize);
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
        throw new StorageError('unavailable', 'The store sent another part of the file than was asked for.');
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
        // S3 itself answers with success, some others with this.
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
  // Whatever the SDK would otherwise look for in the environment or in files of the home folder is said here.
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
      // A socket is silent also where it is our reader that pauses: of bodies that is told apart where they pass.
      socketTimeout: does === 'reads' ? 0 : idle,
      httpAgent: { keepAlive: true, maxSockets: connections },
      httpsAgent: { keepAlive: true, maxSockets: connections },
    },
  });
}

/** With a checksum of its own each part, and so the whole, is refused by the store where a byte was changed on its way. */
const checksumOf = ({ checksums }: S3Settings) =>
  checksums === 'always' ? { ChecksumAlgorithm: 'CRC32' as const } : {};

/** Whether an answer is not the range that was asked for: a store that knows no ranges sends the whole file. */
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

/** Both, or the first error of the two, and then not before both are over. */
async function bothOrNeither<A, B>(one: Promise<A>, other: Promise<B>): Promise<[A, B]> {
  try {
    return await Promise.all([one, other]);
  } catch (error) {
    await Promise.allSettled([one, other]);
    throw error;
  }
}
