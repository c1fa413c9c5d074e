import { idSchema } from '@recado/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newUuid, toId, toUuid } from './ids.ts';

/** 26 characters, computed the simple way. */
const inBase32 = (value: bigint): string =>
  Array.from(
    { length: 26 },
    (_, place) => '0123456789abcdefghjkmnpqrstvwxyz'[Number((value >> BigInt(5 * (25 - place))) & 31n)],
  ).join('');

test('a typed id gives its UUID back', () => {
  fc.assert(
    fc.property(fc.uuid(), uuid => {
      const id = toId('message', uuid);
      expect(idSchema('message').safeParse(id).success).toBe(true);
      expect(toUuid(id)).toBe(uuid);
      expect(id).toBe(`msg_${inBase32(BigInt(`0x${uuid.replaceAll('-', '')}`))}`);
    }),
  );
});

test('a typed id is that of the TypeID specification', () => {
  expect(toId('message', '01890a5d-ac96-774b-bcce-b302099a8057')).toBe('msg_01h455vb4pex5vsknk084sn02q');
  expect(toUuid('msg_7zzzzzzzzzzzzzzzzzzzzzzzzz')).toBe('ffffffff-ffff-ffff-ffff-ffffffffffff');
});

test('new UUIDs are version 7, of the right variant, sorted by their time', () => {
  const first = newUuid(1_700_000_000_000);
  const second = newUuid(1_700_000_000_001);
  for (const uuid of [first, second])
    expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(first < second).toBe(true);
});

test('an id of another kind, or in another form, is rejected', () => {
  const id = toId('contact', newUuid());
  expect(idSchema('message').safeParse(id).success).toBe(false);
  expect(idSchema('contact').safeParse(id.toUpperCase()).success).toBe(false);
  expect(idSchema('contact').safeParse(`${id}0`).success).toBe(false);
});
