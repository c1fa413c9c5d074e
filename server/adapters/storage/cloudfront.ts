// CloudFront before the bucket: files are put and read as S3 does, and links lead to CloudFront, signed with a key pair.
import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { readKey, type Storage } from '../../ports/storage.ts';

export interface CloudFrontSettings {
  /** The address of the distribution, without a slash at the end: https://d111111abcdef8.cloudfront.net */
  url: string;
  keyPairId: string;
  /** In PEM: RSA with 2,048 bits, or an elliptic curve P-256. */
  privateKey: string;
}

/** Wraps the store in the bucket that the distribution has as its origin. */
export function cloudFrontStorage(
  bucket: Storage,
  settings: CloudFrontSettings,
  now: () => number = Date.now,
): Storage {
  const key: SigningKey = { id: settings.keyPairId, privateKey: createPrivateKey(settings.privateKey) };
  return {
    ...bucket,
    kind: 'cloudfront',
    link: async (fileKey, { seconds, contentType, disposition }) => {
      readKey(fileKey);
      // The distribution hands these on to the bucket, which answers with them.
      const headers = [
        `response-content-disposition=${asQueryText(disposition)}`,
        `response-content-type=${asQueryText(contentType)}`,
      ];
      return signCloudFrontUrl(`${settings.url}/${fileKey}?${headers.join('&')}`, key, {
        until: Math.floor(now() / 1000) + seconds,
      });
    },
  };
}

export interface SigningKey {
  id: string;
  privateKey: KeyObject;
}

export interface CloudFrontTerms {
  /** Seconds since 1970. */
  until: number;
  from?: number;
  /** An address or a range of them, as 192.0.2.0/24. */
  onlyFrom?: string;
  /** What the signature holds for, where that is more than this one address: with `*` for any text. */
  resource?: string;
}

/**
 * Signs an address of a distribution. The canned policy, which CloudFront works out of the address itself, is used
 * wherever it says enough; anything but an end takes a custom one, which the address then carries.
 */
export function signCloudFrontUrl(url: string, key: SigningKey, terms: CloudFrontTerms): string {
  const { until, from, onlyFrom, resource } = terms;
  const isCanned = from === undefined && onlyFrom === undefined && resource === undefined;
  const policy = JSON.stringify({
    Statement: [
      {
        Resource: resource ?? url,
        Condition: {
          DateLessThan: { 'AWS:EpochTime': until },
          ...(from !== undefined && { DateGreaterThan: { 'AWS:EpochTime': from } }),
          ...(onlyFrom !== undefined && { IpAddress: { 'AWS:SourceIp': onlyFrom } }),
        },
      },
    ],
  });
  const parameters = [
    isCanned ? `Expires=${until}` : `Policy=${asUrlText(Buffer.from(policy))}`,
    `Signature=${asUrlText(sign('sha256', Buffer.from(policy), key.privateKey))}`,
    `Key-Pair-Id=${key.id}`,
    'Hash-Algorithm=SHA256',
  ];
  return `${url}${url.includes('?') ? '&' : '?'}${parameters.join('&')}`;
}

/** Base64 in CloudFront's own letters, which is not the usual one of addresses. */
export const asUrlText = (bytes: Buffer): string =>
  bytes.toString('base64').replaceAll('+', '-').replaceAll('=', '_').replaceAll('/', '~');

/** A star, as in `filename*=`, would be a wildcard of the policy. */
const asQueryText = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, letter => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
