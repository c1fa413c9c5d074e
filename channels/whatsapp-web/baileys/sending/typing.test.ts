import fc from 'fast-check';
import { expect, test } from 'vitest';
import { typingTime } from './typing.ts';

const unit = fc.double({ min: 0, max: 1, noNaN: true });

test('a longer text takes longer, within a human time', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), unit, (start, rest, random) => {
      const short = typingTime('text', { body: start }, random);
      const long = typingTime('text', { body: start + rest }, random);
      expect(long).toBeGreaterThanOrEqual(short);
      expect(short).toBeGreaterThanOrEqual(900);
      expect(long).toBeLessThanOrEqual(7000);
    }),
  );
});

test('a caption is typed too, and a reaction is not', () => {
  expect(typingTime('image', { caption: 'x'.repeat(50) }, 0.5)).toBeGreaterThan(typingTime('image', {}, 0.5));
  expect(typingTime('reaction', { emoji: '👍' }, 0.5)).toBe(0);
});

test('the same text does not always take the same time', () => {
  const content = { body: 'How are you?' };
  expect(typingTime('text', content, 0.9)).not.toBe(typingTime('text', content, 0.1));
});
