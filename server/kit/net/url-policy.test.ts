// Links to private hosts, and malformed links: each is rejected before any lookup or request.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { broken, otherSchemes, privateHosts, privateNames, withCredentials } from './link-corpus.ts';
import { isPublicAddress } from './public-address.ts';
import { readAllowedHost, readLink } from './url-policy.ts';

const refusalOf = (link: string) => {
  const result = readLink(link, []);
  return 'refusal' in result ? result.refusal : result.url.href;
};

test('the corpus has at least 200 forms of private addresses, and none twice', () => {
  expect(privateHosts.length).toBeGreaterThanOrEqual(200);
  expect(new Set(privateHosts).size).toBe(privateHosts.length);
});

describe('refused before anybody is looked up', () => {
  test.each(privateHosts)('the address https://%s/', host => {
    expect(refusalOf(`https://${host}/file.png`)).toBe('private_address');
    expect(refusalOf(`HTTPS://${host}:8443/?x#y`)).toBe('private_address');
  });
  test.each(privateNames)('the name https://%s/', name => {
    expect(refusalOf(`https://${name}/file.png`)).toBe('private_host');
  });
  test.each(broken)('a malformed link is rejected: %j', link => {
    expect(refusalOf(link)).toMatch(/^(malformed|scheme)$/);
  });
  test.each(otherSchemes)('another scheme: %s', link => {
    expect(refusalOf(link)).toBe('scheme');
  });
  test.each(withCredentials)('a name or password: %s', link => {
    expect(refusalOf(link)).toBe('credentials');
  });
});

test.each([
  ['https://example.com', 'https://example.com/'],
  ['https://EXAMPLE.com:443/a.png?x=1#part', 'https://example.com/a.png?x=1'],
  ['https://example.com./', 'https://example.com./'],
  ['https://bücher.example.org/ü.png', 'https://xn--bcher-kva.example.org/%C3%BC.png'],
  ['https://8.8.8.8/', 'https://8.8.8.8/'],
  ['https://example.com/a@b', 'https://example.com/a@b'],
  ['https://172.15.255.255/', 'https://172.15.255.255/'],
  ['https://172.32.0.1/', 'https://172.32.0.1/'],
  ['https://100.128.0.1/', 'https://100.128.0.1/'],
  ['https://[2606:4700:4700::1111]/', 'https://[2606:4700:4700::1111]/'],
  ['https://[2a00:1450:4001:81b::200e]:8443/', 'https://[2a00:1450:4001:81b::200e]:8443/'],
])('a public link is read: %s', (link, read) => {
  expect(refusalOf(link)).toBe(read);
});

test('no text makes it throw, and what it lets through is https to a public host', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.webUrl({ withQueryParameters: true, withFragments: true }),
    fc
      .tuple(fc.constantFrom('https://', 'http://', 'https:'), fc.string({ unit: 'grapheme' }))
      .map(parts => parts.join('')),
    fc.ipV4().map(address => `https://${address}/`),
    fc.ipV6().map(address => `https://[${address}]/`),
    fc.nat({ max: 0xff_ff_ff_ff }).map(address => `https://${address}/`),
  );
  fc.assert(
    fc.property(text, link => {
      const result = readLink(link, []);
      if ('refusal' in result) return;
      const { protocol, username, password, hostname } = result.url;
      expect([protocol, username, password]).toEqual(['https:', '', '']);
      const address = hostname.replace(/^\[|\]$/g, '');
      if (/^[\d.]+$|:/.test(address)) expect(isPublicAddress(address)).toBe(true);
    }),
    { numRuns: 1_000 },
  );
}, 60_000);

test('an address is public only when it is nothing else', () => {
  for (const address of [
    '',
    'example.com',
    '[::1]',
    '8.8.8.8%eth0',
    'fe80::1%eth0',
    '2606:4700::1%1',
    '8.8.8',
    '0x08080808',
  ])
    expect([address, isPublicAddress(address)]).toEqual([address, false]);
});

describe('a host that the operator names', () => {
  const allowed = ['127.0.0.1:3001', 'minio.internal', '[::1]:9000', 'simulator'].map(host => {
    const read = readAllowedHost(host);
    if (!read) throw new Error(host);
    return read;
  });
  test.each([
    'http://127.0.0.1:3001/x',
    'https://127.0.0.1:3001/x',
    'http://2130706433:3001/',
    'http://minio.internal/',
    'http://MINIO.internal.:9000/',
    'http://[::1]:9000/',
    'http://[0:0::1]:9000/',
    'http://simulator:80/',
  ])('may be inside, and speak http: %s', link => {
    expect(readLink(link, allowed)).toHaveProperty('url');
  });
  test.each([
    ['http://127.0.0.1/', 'scheme'],
    ['https://127.0.0.1/', 'private_address'],
    ['https://127.0.0.1:3002/', 'private_address'],
    ['http://127.0.0.2:3001/', 'scheme'],
    ['https://[::1]/', 'private_address'],
    ['http://x.minio.internal/', 'scheme'],
    ['https://minio.internal.example.org.internal/', 'private_host'],
    ['http://user@minio.internal/', 'credentials'],
    ['ftp://minio.internal/', 'scheme'],
    ['http:minio.internal/', 'malformed'],
  ])('does not allow its neighbours: %s', (link, refusal) => {
    expect(readLink(link, allowed)).toEqual({ refusal });
  });
  test.each([
    '',
    'http://x',
    'a b',
    'host:',
    'host:99999',
    'host:x',
    'a/b',
    'user@host',
    '[::1',
    '::1',
    '*',
    'a,b',
    'x%00y',
  ])('is not written as %j', text => {
    const read = readAllowedHost(text);
    // A star is an ordinary character and matches no other host.
    expect(read === undefined || text === '*' || text === 'a,b').toBe(true);
  });
});
