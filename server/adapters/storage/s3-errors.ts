// Translates errors of S3, or of the network to it, to the port's errors.
import { StorageError, type StorageErrorCode } from '../../ports/storage.ts';

interface Failure {
  name?: string;
  code?: string;
  message?: string;
  $metadata?: { httpStatusCode?: number };
}

const failureOf = (error: unknown): Failure => (typeof error === 'object' && error !== null ? error : {});

/** Whether the store says that the object does not exist. */
export const isMissing = (error: unknown): boolean => failureOf(error).$metadata?.httpStatusCode === 404;

/** Whether the store says that a multipart upload has already ended, successfully or not. */
export const isOverUpload = (error: unknown): boolean => failureOf(error).name === 'NoSuchUpload';

/** Typed errors stay as they are. So do bugs, which have neither a status nor a network code. */
export function asStorageError(error: unknown): unknown {
  if (error instanceof StorageError) return error;
  const { name = '', $metadata, message = '' } = failureOf(error);
  const status = $metadata?.httpStatusCode;
  const told = (code: StorageErrorCode, what: string) =>
    new StorageError(code, `${what} (${name || status}).`, { cause: error });
  if (name === 'NoSuchBucket') return told('denied', 'The bucket does not exist');
  // The parts were removed: the same file can be put again.
  if (isOverUpload(error)) return told('unavailable', 'The store no longer has the upload');
  if (status === 404) return told('not_found', 'The file does not exist in the bucket');
  if (status === 416) return told('out_of_range', 'The range begins after the end of the file');
  if (status === 507 || /StorageFull|QuotaExceeded|InsufficientStorage/.test(name))
    return told('full', 'The store is full');
  if (/SlowDown|Throttl|RequestTimeout$|BadDigest|InternalError|ServiceUnavailable/.test(name))
    return told('unavailable', 'The store failed');
  if (status === 401 || status === 403) return told('denied', 'The store rejected our keys');
  if (status !== undefined && (status >= 500 || status === 429)) return told('unavailable', 'The store failed');
  if (status !== undefined && status >= 300) return told('denied', 'The store rejected the call');
  if (status !== undefined) return told('unavailable', `The store sent an invalid response: ${message}`);
  return isOfNetwork(error) ? told('unavailable', 'The store could not be reached or did not respond') : error;
}

function isOfNetwork(error: unknown): boolean {
  const { name = '', code = '' } = failureOf(error);
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.every(isOfNetwork);
  return (
    name === 'TimeoutError' ||
    /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_|EHOST|ENET|EPROTO|ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HPE_|UND_ERR_)/.test(
      code,
    )
  );
}
