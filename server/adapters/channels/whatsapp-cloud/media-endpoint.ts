// Where files are: the hosts that may see the token, and the form of ids and hashes.
import type { Endpoint } from './call.ts';

export interface MediaEndpoint extends Endpoint {
  /** How long a whole file may take, in either direction; `deadlineMs` is how long it may stand still. */
  mediaDeadlineMs: number;
}

const metaGraph = 'https://graph.facebook.com';
const metaFiles = 'https://lookaside.fbsbx.com';

/** Whether this address may get the token: the host of the Graph API, and beside Meta's own the one of its files. */
export function mayHaveToken(address: string, baseUrl: string): boolean {
  if (!URL.canParse(address)) return false;
  const { origin, username, password } = new URL(address);
  if (username !== '' || password !== '') return false;
  const graph = new URL(baseUrl).origin;
  return origin === graph || (graph === metaGraph && origin === metaFiles);
}

/** Whether this can be an id of a file, and cannot lead a path elsewhere. */
export const isMediaId = (id: string): boolean => /^[\w-]{1,200}$/.test(id);

/** A SHA-256 as lower-case hex, from the hex or base64 in which Meta writes it; undefined for anything else. */
export function hexDigest(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (/^[0-9a-f]{64}$/i.test(value)) return value.toLowerCase();
  const bytes = /^[A-Za-z0-9+/_-]{43}=?$/.test(value) ? Buffer.from(value, 'base64') : undefined;
  return bytes?.length === 32 ? bytes.toString('hex') : undefined;
}
