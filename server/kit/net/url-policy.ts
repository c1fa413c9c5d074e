// Links that come from outside: which of them may be asked for at all, before anything is looked up.
import { isIP } from 'node:net';
import { isPublicAddress } from './public-address.ts';

/** Why a link is not followed. */
export type LinkRefusal =
  | 'malformed'
  | 'scheme'
  | 'credentials'
  | 'private_host'
  | 'private_address'
  | 'too_many_redirects'
  | 'encoding';

const longest = 2048;

/** The last labels of names that only mean something inside of a network, or nowhere. */
const innerNames = new Set(
  'localhost local localdomain internal intranet private corp home lan arpa onion test invalid example alt'.split(' '),
);

/** A host that the operator allows, with any port or with one. */
export interface AllowedHost {
  hostname: string;
  port: number | undefined;
}

/** Reads `host`, `host:port`, `[address]` or `[address]:port`; undefined where it is none of these. */
export function readAllowedHost(text: string): AllowedHost | undefined {
  const [, host, port] = /^(\[[0-9a-f:.]+\]|[^\s:/@?#[\]\\%]+)(?::(\d{1,5}))?$/i.exec(text) ?? [];
  if (!host || !URL.canParse(`http://${host}/`) || Number(port ?? 0) > 65_535) return undefined;
  return { hostname: hostnameOf(new URL(`http://${host}/`)), port: port === undefined ? undefined : Number(port) };
}

/** Whether the operator has named the host of this address. */
export function isAllowed(url: URL, allowed: readonly AllowedHost[]): boolean {
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  const hostname = hostnameOf(url);
  return allowed.some(host => host.hostname === hostname && (host.port === undefined || host.port === port));
}

/**
 * Reads a link strictly: what the standard would silently mend (spaces, backslashes, missing slashes) is refused, since
 * whoever else reads it may mend it another way.
 */
export function readLink(text: string, allowed: readonly AllowedHost[]): { url: URL } | { refusal: LinkRefusal } {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  if (text.length > longest || /[\u0000-\u0020\u007f-\u00a0\\\ufeff\u2028\u2029]/.test(text))
    return { refusal: 'malformed' };
  const [, scheme, authority] = /^([a-z][a-z\d+.-]*):(?:\/\/([^/?#]+))?/i.exec(text) ?? [];
  if (!scheme) return { refusal: 'malformed' };
  if (!/^https?$/i.test(scheme)) return { refusal: 'scheme' };
  if (!authority || !URL.canParse(text)) return { refusal: 'malformed' };
  if (authority.includes('@')) return { refusal: 'credentials' };
  const url = new URL(text);
  url.hash = '';
  if (isAllowed(url, allowed)) return { url };
  if (url.protocol !== 'https:') return { refusal: 'scheme' };
  const hostname = hostnameOf(url);
  if (isIP(hostname)) return isPublicAddress(hostname) ? { url } : { refusal: 'private_address' };
  const labels = hostname.split('.');
  // A name of one label is found through the search list of this machine's own network.
  if (labels.length < 2 || labels.includes('') || innerNames.has(labels.at(-1) ?? ''))
    return { refusal: 'private_host' };
  return { url };
}

/** Without the brackets of an address and the dot at the end of a name. */
function hostnameOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}
