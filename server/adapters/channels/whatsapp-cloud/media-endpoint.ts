// Rules for files: the hosts that may get the token, and the format of ids and hashes.
import type { Endpoint } from './call.ts';

export interface MediaEndpoint extends Endpoint {
  /** The deadline of a whole transfer in either direction; `deadlineMs` limits a stall. */
  mediaDeadlineMs: number;
}

const metaGraph = 'https://graph.facebook.com';
const metaFiles = 'https://lookaside.fbsbx.com';

/** Whether this URL may get the token: the Graph API host, and for Meta's own also its file host. */
export function mayHaveToken(address: string, baseUrl: string): boolean {
  if (!URL.canParse(address)) return false;
  const { origin, username, password } = new URL(address);
  if (username !== '' || password !== '') return false;
  const graph = new URL(baseUrl).origin;
  return origin === graph || (graph === metaGraph && origin === metaFiles);
}

/** Whether this is a valid file id, which cannot change the path of a URL. */
export const isMediaId = (id: string): boolean => /^[\w-]{1,200}$/.test(id);

/** A SHA-256 as lower-case hex, from Meta's hex or base64; undefined for anything else. */
export function hexDigest(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (/^[0-9a-f]{64}$/i.test(value)) return value.toLowerCase();
  const bytes = /^[A-Za-z0-9+/_-]{43}=?$/.test(value) ? Buffer.from(value, 'base64') : undefined;
  return bytes?.length === 32 ? bytes.toString('hex') : undefined;
}
