// CloudFront's signatures, read by a verifier of our own that is written after AWS's description, not after our signer.
import { createHash, generateKeyPairSync, type KeyObject, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Storage } from '../../ports/storage.ts';
import { cloudFrontStorage, signCloudFrontUrl } from './cloudfront.ts';

const pairs = {
  RSA: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  'P-256': generateKeyPairSync('ec', { namedCurve: 'P-256' }),
};
const keyPairId = 'K2JCJMDEHXQW5F';
/** The address, and the policy, of the example in AWS's description of canned policies. */
const exampleUrl = 'https://d111111abcdef8.cloudfront.net/horizon.jpg?size=large&license=yes';
const examplePolicy =
  '{"Statement":[{"Resource":"https://d111111abcdef8.cloudfront.net/horizon.jpg?size=large&license=yes","Condition":{"DateLessThan":{"AWS:EpochTime":1767290400}}}]}';

const fromUrlText = (text: string) =>
  Buffer.from(text.replaceAll('-', '+').replaceAll('_', '=').replaceAll('~', '/'), 'base64');

/** What CloudFront does with an address: takes its own parameters off, and checks the policy and what it says. */
function accepts(signed: string, publicKey: KeyObject, { at = 1_767_290_000, from = '192.0.2.1' } = {}): boolean {
  const [base = '', query = ''] = signed.split('?');
  const own = ['Expires', 'Policy', 'Signature', 'Key-Pair-Id', 'Hash-Algorithm'];
  const parameters = query.split('&').map(parameter => parameter.split('='));
  const given = (name: string) => parameters.find(([known]) => known === name)?.[1];
  const others = parameters.filter(([name = '']) => !own.includes(name)).map(parts => parts.join('='));
  const resource = others.length > 0 ? `${base}?${others.join('&')}` : base;
  if (given('Key-Pair-Id') !== keyPairId || given('Hash-Algorithm') !== 'SHA256') return false;
  const carried = given('Policy');
  const policy = carried
    ? fromUrlText(carried).toString()
    : `{"Statement":[{"Resource":"${resource}","Condition":{"DateLessThan":{"AWS:EpochTime":${given('Expires')}}}}]}`;
  if (!verify('sha256', Buffer.from(policy), publicKey, fromUrlText(given('Signature') ?? ''))) return false;
  const [{ Resource, Condition }] = JSON.parse(policy).Statement;
  const pattern = new RegExp(`^${Resource.split('*').map(escapeText).join('.*')}$`);
  return (
    pattern.test(resource) &&
    at < Condition.DateLessThan['AWS:EpochTime'] &&
    at >= (Condition.DateGreaterThan?.['AWS:EpochTime'] ?? 0) &&
    (Condition.IpAddress?.['AWS:SourceIp'] ?? from) === from
  );
}

const escapeText = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

test.each(Object.entries(pairs))(
  'the documented example, signed with %s, is what the description says',
  (_name, pair) => {
    const signed = signCloudFrontUrl(
      exampleUrl,
      { id: keyPairId, privateKey: pair.privateKey },
      { until: 1_767_290_400 },
    );
    expect(signed).toMatch(
      /^https:\/\/d111111abcdef8\.cloudfront\.net\/horizon\.jpg\?size=large&license=yes&Expires=1767290400&Signature=[\w~-]+&Key-Pair-Id=K2JCJMDEHXQW5F&Hash-Algorithm=SHA256$/,
    );
    const signature = fromUrlText(/Signature=([^&]+)/.exec(signed)?.[1] ?? '');
    expect(verify('sha256', Buffer.from(examplePolicy), pair.publicKey, signature)).toBe(true);
    expect(accepts(signed, pair.publicKey)).toBe(true);
  },
);

test('an address that was changed, has run out, or is of another key is not accepted', () => {
  const { privateKey, publicKey } = pairs.RSA;
  const signed = signCloudFrontUrl(exampleUrl, { id: keyPairId, privateKey }, { until: 1_767_290_400 });
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
  expect(accepts(signed, other.publicKey)).toBe(false);
  expect(accepts(signed, publicKey, { at: 1_767_290_400 })).toBe(false);
  for (const [from, to] of [
    ['horizon', 'horizom'],
    ['large', 'small'],
    ['Expires=1767290400', 'Expires=1767290401'],
    [keyPairId, 'K2JCJMDEHXQW5G'],
    ['&license=yes', ''],
    ['license=yes', 'license=yes&more=1'],
  ] as const)
    expect([to, accepts(signed.replace(from, to), publicKey)]).toEqual([to, false]);
});

test('a beginning, an address of the reader, and a wildcard take a policy that the address carries', () => {
  const { privateKey, publicKey } = pairs.RSA;
  const key = { id: keyPairId, privateKey };
  const until = 1_767_290_400;
  const later = signCloudFrontUrl(exampleUrl, key, { until, from: 1_767_290_100 });
  expect(later).not.toContain('Expires=');
  expect([accepts(later, publicKey), accepts(later, publicKey, { at: 1_767_290_200 })]).toEqual([false, true]);
  const bound = signCloudFrontUrl(exampleUrl, key, { until, onlyFrom: '192.0.2.1' });
  expect([accepts(bound, publicKey), accepts(bound, publicKey, { from: '192.0.2.2' })]).toEqual([true, false]);
  const wide = signCloudFrontUrl(exampleUrl, key, { until, resource: 'https://d111111abcdef8.cloudfront.net/*' });
  expect([accepts(wide, publicKey), accepts(wide.replace('horizon', 'other'), publicKey)]).toEqual([true, true]);
});

test('the link of a file names its type and disposition, and holds for it alone', async () => {
  const { privateKey, publicKey } = pairs.RSA;
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const settings = { url: 'https://d111111abcdef8.cloudfront.net', keyPairId, privateKey: pem };
  const storage = cloudFrontStorage({} as Storage, settings, () => 1_767_290_000_000);
  const hash = createHash('sha256').update('x').digest('hex');
  const key = `0192f3a0-0000-7000-8000-000000000001/${hash}`;
  const disposition = `attachment; filename="a (1)'.pdf"; filename*=UTF-8''a%20(1)*.pdf`;
  const link = (await storage.link(key, { seconds: 300, contentType: 'application/pdf', disposition })) ?? '';
  const url = new URL(link);
  expect(url.pathname).toBe(`/${key}`);
  expect(url.searchParams.get('response-content-disposition')).toBe(disposition);
  expect(url.searchParams.get('response-content-type')).toBe('application/pdf');
  // A star would be a wildcard of the policy.
  expect(link).not.toContain('*');
  expect([accepts(link, publicKey), accepts(link, publicKey, { at: 1_767_290_300 })]).toEqual([true, false]);
  expect(accepts(link.replace('application%2Fpdf', 'text%2Fhtml'), publicKey)).toBe(false);
});
