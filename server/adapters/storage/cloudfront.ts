// CloudFront in front of the bucket: S3 stores and reads the files, and signed links lead to CloudFront.
import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { readKey, type Storage } from '../../ports/storage.ts';

export interface CloudFrontSettings {
  /** The URL of the distribution without a trailing slash: https://d111111abcdef8.cloudfront.net */
  url: string;
  keyPairId: string;
  /** PEM: RSA with 2,048 bits, or the elliptic curve P-256. */
  privateKey: string;
}

/** Wraps the store of the bucket that is the distribution's origin. */
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
      // The distribution forwards these to the bucket, which sets them on its response.
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
  /** An address or a CIDR range, such as 192.0.2.0/24. */
  onlyFrom?: string;
  /** The resource that the signature covers, if it is more than this URL; `*` matches any text. */
  resource?: string;
}

/**
 * Signs a URL of a distribution. Uses the canned policy, which CloudFront derives from the URL, if only the expiry is
 * limited. Anything else needs a custom policy, which the URL then carries.
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

/** Base64 in CloudFront's own URL alphabet, which is not base64url. */
export const asUrlText = (bytes: Buffer): string =>
  bytes.toString('base64').replaceAll('+', '-').replaceAll('=', '_').replaceAll('/', '~');

/** A star, as in `filename*=`, would be a wildcard in the policy. */
const asQueryText = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, letter => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
