import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readRateFile } from './rate-file.ts';

const meta = `"Rates for WhatsApp Business Platform"
# Effective October 1, 2026

Market,Currency,Marketing,Utility,"Authentication
","Authentication-
International",Service
Brazil,USD,0.0625,0.0068,0.0068,n/a,0.0068
India,USD,0.0118,0.0014,0.0014,0.0280,0.0014
"Rest of Central &
Eastern Europe",USD,0.0860,0.0212,0.0212,N/A,0.0212
`;

test('comments and broken header cells are read, and n/a is no rate', () => {
  const { kind, currency, markets, rates } = readRateFile(meta);
  expect({ kind, currency, markets, rates: rates.length }).toEqual({
    kind: 'rates',
    currency: 'USD',
    markets: 3,
    rates: 13,
  });
  expect(
    rates.filter(({ market }) => market === 'Brazil').map(({ category, amount }) => `${category} ${amount}`),
  ).toEqual(['marketing 0.0625', 'utility 0.0068', 'authentication 0.0068', 'service 0.0068']);
  expect(rates.some(({ market }) => market === 'Rest of Central & Eastern Europe')).toBe(true);
  expect(rates.some(({ amount }) => Number(amount) === 0)).toBe(false);
});

test('tiers are read with the message from which each counts', () => {
  const file = 'Market,Currency,Category,From,Rate\nBrazil,USD,Utility,0,0.0068\nBrazil,USD,Utility,"250,001",0.0065\n';
  expect(readRateFile(file)).toMatchObject({
    kind: 'tiers',
    rates: [
      { market: 'Brazil', category: 'utility', tierFrom: 1, amount: '0.0068' },
      { market: 'Brazil', category: 'utility', tierFrom: 250_001, amount: '0.0065' },
    ],
  });
});

test.each([
  ['Market,Currency\nBrazil,USD\n', /header|names the columns/],
  ['Market,Currency,Marketing\nBrazil,USD,free\n', /Row 2 has "free"/],
  ['Market,Currency,Marketing\nBrazil,USD,0.1\nIndia,EUR,0.1\n', /same currency/],
  ['Market,Currency,Marketing\nBrazil,USD,0.1\nBrazil,USD,0.2\n', /twice/],
  ['Market,Currency,Marketing\nBrazil,USD,n/a\n', /no rate/],
  ['Market,Currency,Marketing\nBrazil,USD,-0.1\n', /Row 2/],
])('%j is refused', (text, reason) => {
  expect(() => readRateFile(text)).toThrow(reason);
});

test('what is written is what is read, digit by digit', () => {
  const rate = fc.option(fc.tuple(fc.nat(99), fc.nat(999_999)), { nil: undefined });
  fc.assert(
    fc.property(fc.array(rate, { minLength: 1, maxLength: 30 }), rates => {
      const written = rates.map(each => each && `${each[0]}.${String(each[1]).padStart(6, '0')}`);
      fc.pre(written.some(Boolean));
      const lines = written.map((amount, at) => `M${at},USD,${amount ?? 'n/a'}`);
      const read = readRateFile(`Market,Currency,Marketing\n${lines.join('\n')}\n`).rates;
      expect(read.map(({ market, amount }) => `${market} ${amount}`)).toEqual(
        written.flatMap((amount, at) => (amount ? [`M${at} ${amount}`] : [])),
      );
    }),
  );
});
