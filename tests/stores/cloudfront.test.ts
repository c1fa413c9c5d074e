// CloudFront signatures, checked by our own verifier, which is itself checked against AWS's signed examples.
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import { asUrlText, cloudFrontStorage, signCloudFrontUrl } from '../../server/adapters/storage/cloudfront.ts';
import type { Storage } from '../../server/ports/storage.ts';
import { accepts, fromUrlText, type Reader } from './cloudfront-verifier.ts';

const pairs = {
  RSA: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  'P-256': generateKeyPairSync('ec', { namedCurve: 'P-256' }),
};
const keyPairId = 'K2JCJMDEHXQW5F';
/** The URL and policy of the example in AWS's description of canned policies. */
const exampleUrl = 'https://d111111abcdef8.cloudfront.net/horizon.jpg?size=large&license=yes';
const examplePolicy =
  '{"Statement":[{"Resource":"https://d111111abcdef8.cloudfront.net/horizon.jpg?size=large&license=yes","Condition":{"DateLessThan":{"AWS:EpochTime":1767290400}}}]}';

const readAt = 1_767_290_000;
const takes = (signed: string, publicKey: KeyObject, reader: Partial<Reader> = {}) =>
  accepts(signed, { id: keyPairId, publicKey }, { at: readAt, ...reader });

/**
 * Signed URLs from AWS's guide of 2009, with the public half of their key. They use SHA-1, the only option then; the
 * signatures in today's guide are made up.
 */
const documented = {
  pair: {
    id: 'PK123456789754',
    publicKey: createPublicKey(`-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDA7ki9gI/lRygIoOjV1yymgx6F
YFlzJ+z1ATMaLo57nL57AavWhb68HYY8EA0GJU9xQdMVaHBogF3eiCWYXSUZCWM/
+M5+ZcdQraRRScucmn6g4EvY2K4W2pxbqH8vmUikPxir41EeBPLjMOzKvbzzQy9e
/zzIQVREKSp/7y1mywIDAQAB
-----END PUBLIC KEY-----`),
  },
  canned:
    'http://d604721fxaaqy9.cloudfront.net/horizon.jpg?large=yes&license=yes&Expires=1258237200&Signature=Nql641NHEUkUaXQHZINK1FZ~SYeUSoBJMxjdgqrzIdzV2gyEXPDNv0pYdWJkflDKJ3xIu7lbwRpSkG98NBlgPi4ZJpRRnVX4kXAJK6tdNx6FucDB7OVqzcxkxHsGFd8VCG1BkC-Afh9~lOCMIYHIaiOB6~5jt9w2EOwi6sIIqrg_&Key-Pair-Id=PK123456789754',
  custom:
    'http://d604721fxaaqy9.cloudfront.net/training/orientation.avi?Policy=eyAKICAgIlN0YXRlbWVudCI6IFt7IAogICAgICAiUmVzb3VyY2UiOiJodHRwOi8vZDYwNDcyMWZ4YWFxeTkuY2xvdWRmcm9udC5uZXQvdHJhaW5pbmcvKiIsIAogICAgICAiQ29uZGl0aW9uIjp7IAogICAgICAgICAiSXBBZGRyZXNzIjp7IkFXUzpTb3VyY2VJcCI6IjE0NS4xNjguMTQzLjAvMjQifSwgCiAgICAgICAgICJEYXRlTGVzc1RoYW4iOnsiQVdTOkVwb2NoVGltZSI6MTI1ODIzNzIwMH0gICAgICAKICAgICAgfSAKICAgfV0gCn0K&Signature=cPFtRKvUfYNYmxek6ZNs6vgKEZP6G3Cb4cyVt~FjqbHOnMdxdT7eT6pYmhHYzuDsFH4Jpsctke2Ux6PCXcKxUcTIm8SO4b29~1QvhMl-CIojki3Hd3~Unxjw7Cpo1qRjtvrimW0DPZBZYHFZtiZXsaPt87yBP9GWnTQoaVysMxQ_&Key-Pair-Id=PK123456789754',
  wide: 'http://d604721fxaaqy9.cloudfront.net/training/orientation.avi?Policy=eyAKICAgIlN0YXRlbWVudCI6IFt7IAogICAgICAiUmVzb3VyY2UiOiJodHRwOi8vKiIsIAogICAgICAiQ29uZGl0aW9uIjp7IAogICAgICAgICAiSXBBZGRyZXNzIjp7IkFXUzpTb3VyY2VJcCI6IjIxNi45OC4zNS4xLzMyIn0sCiAgICAgICAgICJEYXRlR3JlYXRlclRoYW4iOnsiQVdTOkVwb2NoVGltZSI6MTI0MTA3Mzc5MH0sCiAgICAgICAgICJEYXRlTGVzc1RoYW4iOnsiQVdTOkVwb2NoVGltZSI6MTI1NTY3NDcxNn0KICAgICAgfSAKICAgfV0gCn0K&Signature=rc~5Qbbm8EJXjUTQ6Cn0LAxR72g1DOPrTmdtfbWVVgQNw0q~KHUAmBa2Zv1Wjj8dDET4XSL~Myh44CLQdu4dOH~N9huH7QfPSR~O4tIOS1WWcP~2JmtVPoQyLlEc8YHRCuN3nVNZJ0m4EZcXXNAS-0x6Zco2SYx~hywTRxWR~5Q_&Key-Pair-Id=PK123456789754',
};

test('the verifier takes what AWS itself signed in its guide, for as long, from where and for what it says', () => {
  const { pair, canned, custom, wide } = documented;
  const seen = (url: string, at: number, from?: string) => accepts(url, pair, { at, ...(from && { from }) });
  expect([seen(canned, 1_258_237_199), seen(canned, 1_258_237_200)]).toEqual([true, false]);
  expect(seen(canned.replace('horizon', 'horizom'), 1_258_237_199)).toBe(false);
  expect(seen(canned.replace('Expires=1258237200', 'Expires=1258237201'), 1_258_237_199)).toBe(false);
  expect(seen(`${canned}&Hash-Algorithm=SHA256`, 1_258_237_199)).toBe(false);
  expect([seen(custom, 1_258_237_199, '145.168.143.7'), seen(custom, 1_258_237_199, '145.168.144.7')]).toEqual([
    true,
    false,
  ]);
  expect(seen(custom.replace('/training/', '/other/'), 1_258_237_199, '145.168.143.7')).toBe(false);
  expect(seen(custom.replace('orientation', 'another'), 1_258_237_199, '145.168.143.7')).toBe(true);
  expect([1_241_073_790, 1_241_073_791, 1_255_674_715, 1_255_674_716].map(at => seen(wide, at, '216.98.35.1'))).toEqual(
    [false, true, true, false],
  );
  expect(seen(wide, 1_255_674_715, '216.98.35.2')).toBe(false);
});

test('what is carried in an address has the mails that the guide shows', () => {
  const { pair, custom, wide } = documented;
  const policies = [custom, wide].map(url => fromUrlText(/Policy=([^&]+)/.exec(url)?.[1] ?? '').toString());
  expect(policies.map(policy => JSON.parse(policy).Statement[0].Resource)).toEqual([
    'http://d604721fxaaqy9.cloudfront.net/training/*',
    'http://*',
  ]);
  // All 64 characters, and the padding.
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, n) => n));
  expect(fromUrlText(asUrlText(bytes)).equals(bytes)).toBe(true);
  expect(asUrlText(bytes)).toMatch(/^[\w~-]+_+$/);
  expect(pair.publicKey.asymmetricKeyDetails).toMatchObject({ modulusLength: 1024 });
});

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
    expect(takes(signed, pair.publicKey)).toBe(true);
  },
);

test('an address that was changed, has run out, or is of another key is not accepted', () => {
  const { privateKey, publicKey } = pairs.RSA;
  const signed = signCloudFrontUrl(exampleUrl, { id: keyPairId, privateKey }, { until: 1_767_290_400 });
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
  expect(takes(signed, other.publicKey)).toBe(false);
  expect(takes(signed, publicKey, { at: 1_767_290_400 })).toBe(false);
  for (const [from, to] of [
    ['horizon', 'horizom'],
    ['large', 'small'],
    ['Expires=1767290400', 'Expires=1767290401'],
    [keyPairId, 'K2JCJMDEHXQW5G'],
    ['&license=yes', ''],
    ['license=yes', 'license=yes&more=1'],
  ] as const)
    expect([to, takes(signed.replace(from, to), publicKey)]).toEqual([to, false]);
});

test('a beginning, an address of the reader, and a wildcard take a policy that the address carries', () => {
  const { privateKey, publicKey } = pairs.RSA;
  const key = { id: keyPairId, privateKey };
  const until = 1_767_290_400;
  const later = signCloudFrontUrl(exampleUrl, key, { until, from: 1_767_290_100 });
  expect(later).not.toContain('Expires=');
  expect([takes(later, publicKey), takes(later, publicKey, { at: 1_767_290_200 })]).toEqual([false, true]);
  const bound = signCloudFrontUrl(exampleUrl, key, { until, onlyFrom: '192.0.2.1' });
  expect([takes(bound, publicKey), takes(bound, publicKey, { from: '192.0.2.2' })]).toEqual([true, false]);
  const wide = signCloudFrontUrl(exampleUrl, key, { until, resource: 'https://d111111abcdef8.cloudfront.net/*' });
  expect([takes(wide, publicKey), takes(wide.replace('horizon', 'other'), publicKey)]).toEqual([true, true]);
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
  // A star would be a wildcard in the policy.
  expect(link).not.toContain('*');
  expect([takes(link, publicKey), takes(link, publicKey, { at: 1_767_290_300 })]).toEqual([true, false]);
  expect(takes(link.replace('application%2Fpdf', 'text%2Fhtml'), publicKey)).toBe(false);
});
