// Verifies signed URLs like CloudFront, written from AWS's description, not from our signer.
import { type KeyObject, verify } from 'node:crypto';
import { BlockList } from 'node:net';

/** Base64 in CloudFront's URL alphabet. */
export const fromUrlText = (text: string) =>
  Buffer.from(text.replaceAll('-', '+').replaceAll('_', '=').replaceAll('~', '/'), 'base64');

const own = ['Expires', 'Policy', 'Signature', 'Key-Pair-Id', 'Hash-Algorithm'];

export interface Reader {
  /** Seconds since 1970. */
  at: number;
  /** The reader's IP address. */
  from?: string;
}

export interface SigningPair {
  id: string;
  publicKey: KeyObject;
}

/** Whether CloudFront would serve the URL: removes its own parameters, and checks the policy and signature. */
export function accepts(signed: string, pair: SigningPair, { at, from = '192.0.2.1' }: Reader): boolean {
  const [base = '', query = ''] = signed.split('?');
  const parameters = query.split('&').map(parameter => parameter.split('='));
  const given = (name: string) => parameters.find(([known]) => known === name)?.[1];
  const others = parameters.filter(([name = '']) => !own.includes(name)).map(parts => parts.join('='));
  const resource = others.some(other => other !== '') ? `${base}?${others.join('&')}` : base;
  // CloudFront uses SHA-1 by default.
  const hash = { SHA1: 'sha1', SHA256: 'sha256' }[given('Hash-Algorithm') ?? 'SHA1'];
  if (given('Key-Pair-Id') !== pair.id || hash === undefined) return false;
  const carried = given('Policy');
  const policy = carried
    ? fromUrlText(carried).toString()
    : `{"Statement":[{"Resource":"${resource}","Condition":{"DateLessThan":{"AWS:EpochTime":${given('Expires')}}}}]}`;
  if (!verify(hash, Buffer.from(policy), pair.publicKey, fromUrlText(given('Signature') ?? ''))) return false;
  const [{ Resource, Condition }] = JSON.parse(policy).Statement;
  return (
    // In a canned policy no character is a wildcard.
    (carried ? fits(Resource, resource) : Resource === resource) &&
    at < Condition.DateLessThan['AWS:EpochTime'] &&
    at > (Condition.DateGreaterThan?.['AWS:EpochTime'] ?? 0) &&
    isWithin(from, Condition.IpAddress?.['AWS:SourceIp'])
  );
}

/** Whether a URL matches a resource with wildcards. */
function fits(pattern: string, resource: string): boolean {
  const letters = pattern.replace(/[.+^${}()|[\]\\/]/g, '\\$&').replaceAll('*', '.*');
  // A question mark begins the query, or matches any character.
  return new RegExp(`^${letters.replaceAll('?', '.')}$`).test(resource);
}

function isWithin(address: string, range: string | undefined): boolean {
  if (range === undefined) return true;
  const [network = '', bits = '32'] = range.split('/');
  const list = new BlockList();
  list.addSubnet(network, Number(bits));
  return list.check(address);
}
