// Whose an address is: what the limits of addresses count by.
import { isIPv6 } from 'node:net';

/** An IPv4 address that came over an IPv6 socket is still that IPv4 address; the zone of one is of this machine only. */
export const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');

/** An address or a range as `plainAddress` gives them: of IPv4, where it lies among the IPv4 addresses within IPv6. */
export function plainRange(range: string): string {
  const [address = '', length] = range.split('/');
  if (!isIPv6(address) || Number(length ?? 128) < 96) return range;
  // The URL standard has one way to write each: ::ffff:a00:1.
  const { hostname } = new URL(`http://[${address}]`);
  const [, high, low] = /^\[::ffff:([0-9a-f]+):([0-9a-f]+)\]$/.exec(hostname) ?? [];
  if (high === undefined || low === undefined) return range;
  const plain = [high, low].map(group => Number.parseInt(group, 16)).flatMap(group => [group >> 8, group & 255]);
  return `${plain.join('.')}${length === undefined ? '' : `/${Number(length) - 96}`}`;
}

/** An IPv4 address, or the /64 of an IPv6 address: whoever has one of those has all of it. */
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
