import { fieldKeySchema } from '@recado/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keyOf } from './key.ts';

test('a suggested key is one, or empty', () => {
  expect(keyOf('Favourite shop')).toBe('favourite_shop');
  expect(keyOf('  1. Endereço (São Paulo) ')).toBe('endereco_sao_paulo');
  expect(keyOf('المدينة')).toBe('');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), name => {
      const key = keyOf(name);
      if (key !== '') expect(fieldKeySchema.safeParse(key).success).toBe(true);
    }),
  );
});
