// The policy for untrusted links: which may be requested at all, before any lookup.
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

/** The last labels of names that exist only inside a network, or nowhere. */
const innerNames = new Set(
  'localhost local localdomain internal intranet private corp home lan arpa onion test invalid example alt'.split(' '),
);

/** A host that the operator allows, with any port or with one. */
export interface AllowedHost {
  hostname: string;
  port: number | undefined;
}

/** Parses `host`, `host:port`, `[address]` or `[address]:port`; undefined for anything else. */
export function readAllowedHost(text: string): AllowedHost | undefined {
  const [, host, port] = /^(\[[0-9a-f:.]+\]|[^\s:/@?#[\]\\%]+)(?::(\d{1,5}))?$/i.exec(text) ?? [];
  if (!host || !URL.canParse(`http://${host}/`) || Number(port ?? 0) > 65_535) return undefined;
  return { hostname: hostnameOf(new URL(`http://${host}/`)), port: port === undefined ? undefined : Number(port) };
}

/** Whether the operator allows the host of this URL. */
export function isAllowed(url: URL, allowed: readonly AllowedHost[]): boolean {
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  const hostname = hostnameOf(url);
  return allowed.some(host => host.hostname === hostname && (host.port === undefined || host.port === port));
}

/**
 * Parses a link strictly. Rejects what the URL standard would silently repair (spaces, backslashes, missing slashes),
 * because other parsers may repair it differently.
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
  // A single-label name is resolved through this machine's own search domains.
  if (labels.length < 2 || labels.includes('') || innerNames.has(labels.at(-1) ?? ''))
    return { refusal: 'private_host' };
  return { url };
}

/** The host name without the brackets of an address or a trailing dot. */
function hostnameOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}
