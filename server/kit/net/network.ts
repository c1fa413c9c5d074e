// The network of an address, which address limits count by.
import { isIPv6 } from 'node:net';

/** Maps an IPv4 address on an IPv6 socket back to IPv4, and drops the zone, which is local to this machine. */
export const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');

/** Normalizes an address or range like `plainAddress`; IPv4 ranges map to the IPv4 addresses within IPv6. */
export function plainRange(range: string): string {
  const [address = '', length] = range.split('/');
  if (!isIPv6(address) || Number(length ?? 128) < 96) return range;
  // The URL standard has one form for each: ::ffff:a00:1.
  const { hostname } = new URL(`http://[${address}]`);
  const [, high, low] = /^\[::ffff:([0-9a-f]+):([0-9a-f]+)\]$/.exec(hostname) ?? [];
  if (high === undefined || low === undefined) return range;
  const plain = [high, low].map(group => Number.parseInt(group, 16)).flatMap(group => [group >> 8, group & 255]);
  return `${plain.join('.')}${length === undefined ? '' : `/${Number(length) - 96}`}`;
}

/** An IPv4 address, or the /64 of an IPv6 address, which one subscriber has as a whole. */
export function networkOf(address: string): string {
  const plain = plainAddress(address);
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.split('::');
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const after = tail === '' ? 0 : tail.split(':').length + (tail.includes('.') ? 1 : 0);
    while (groups.length + after < 8) groups.push('0');
  }
  return groups
    .slice(0, 4)
    .map(group => Number.parseInt(group, 16).toString(16))
    .join(':');
}
