// The proof that a call with an access token comes from its app, which Meta checks and an app may require.
import { createHmac } from 'node:crypto';
import type { AccessKey } from '../../../ports/business.ts';

/** The proof of an access token; undefined where the secret of the app is not known. */
export const proofOf = ({ accessToken, appSecret }: AccessKey): string | undefined =>
  appSecret === undefined ? undefined : createHmac('sha256', appSecret).update(accessToken).digest('hex');

/** An address with the proof in its query. */
export const withProof = (address: string, proof: string | undefined): string =>
  proof === undefined ? address : `${address}${address.includes('?') ? '&' : '?'}appsecret_proof=${proof}`;

/** Whether an error is about the proof: the secret of the app is wrong, or a required proof is missing. */
export const isOfProof = (text: string | undefined): boolean => text !== undefined && /appsecret_proof/i.test(text);
