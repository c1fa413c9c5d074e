// The callbacks of apps and business accounts: their address, and the handshake that shows that they know the token.
import { randomInt } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { GraphError } from '../graph/graph-errors.ts';
import type { CallbackReach } from '../options.ts';

/** Whether the callback answers the challenge; false if there is none or it cannot be reached. */
export const verifyCallback = async (
  callbackUrl: string | null,
  verifyToken: string,
  challenge = String(randomInt(100_000_000, 1_000_000_000)),
): Promise<boolean> => {
  if (callbackUrl === null) return false;
  const url = new URL(callbackUrl);
  url.searchParams.set('hub.mode', 'subscribe');
  url.searchParams.set('hub.challenge', challenge);
  url.searchParams.set('hub.verify_token', verifyToken);
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(10_000) });
    const answered = await response.text();
    return response.status === 200 && answered === challenge;
  } catch {
    return false;
  }
};

/** Rejects an address that Meta cannot reach, unless the simulator takes any. */
export const rejectPrivateCallback = async (param: string, text: string, reach: CallbackReach): Promise<void> => {
  if (!URL.canParse(text)) throw new GraphError(100, `${param}: is not an address.`);
  if (reach === 'any') return;
  const { protocol, hostname } = new URL(text);
  if (protocol !== 'https:') throw new GraphError(100, `${param}: has to be an https address.`);
  if (await isPrivate(hostname.replace(/^\[|\]$/g, '')))
    throw new GraphError(100, `${param}: ${hostname} is not a public address. SIMULATOR_CALLBACKS=any allows it here.`);
};

const unreachable = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['224.0.0.0', 3],
] as const)
  unreachable.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  unreachable.addSubnet(net, bits, 'ipv6');

const isPrivateAddress = (address: string): boolean =>
  unreachable.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** A name that nobody resolves is left to the handshake. */
const isPrivate = async (host: string): Promise<boolean> => {
  if (isIP(host) !== 0) return isPrivateAddress(host);
  if (!host.includes('.') || /\.(localhost|local|internal)$/.test(host)) return true;
  const addresses = await lookup(host, { all: true }).catch(() => []);
  return addresses.some(({ address }) => isPrivateAddress(address));
};
