import type { Campaign } from '@recado/client';
import { campaignDefaults } from '@recado/contract';
import { expect, test } from 'vitest';
import { changesOf, type Draft, draftOf, faultsOf, newVariant, placesOf, settingsOf } from './draft.ts';

const campaign = { ...structuredClone(campaignDefaults), name: 'Book fair', revision: 1 } as unknown as Campaign;
const draft: Draft = draftOf(campaign);

test('a draft that nobody changed has no changes', () => {
  const full = {
    ...campaign,
    start: { at: '2026-12-01T10:00:00.000Z', missed: 'skip' },
    variants: [
      {
        share: 60,
        message: {
          type: 'text',
          text: { body: 'Hi {{first_name}}' },
          variables: { first_name: { from: 'built_in', value: 'first_name', fallback: 'friend' } },
          by_language: false,
          without_language: 'default',
        },
      },
      {
        share: 40,
        message: {
          type: 'location',
          location: { latitude: 38.7, longitude: -9.1 },
          variables: {},
          by_language: false,
          without_language: 'default',
        },
      },
    ],
  } as unknown as Campaign;
  expect(settingsOf(draftOf(full))).toMatchObject({ variants: full.variants, start: full.start });
  expect(changesOf(settingsOf(draftOf(full)), settingsOf(draftOf(full)))).toEqual({});
});

test('only what differs is a change', () => {
  expect(changesOf(settingsOf(draft), settingsOf({ ...draft, daily_share: 50 }))).toEqual({ daily_share: 50 });
});

test('an empty variant is none, and the others move up', () => {
  const variants = [newVariant(50), { ...newVariant(50, 'text'), text: 'Hello' }];
  expect(settingsOf({ ...draft, variants }).variants).toMatchObject([{ share: 50, message: { type: 'text' } }]);
  expect(placesOf({ variants })).toEqual([undefined, 0]);
});

test('a variable without a placeholder or without a value is none, and an empty fallback leaves people out', () => {
  const variables = {
    first_name: { from: 'built_in' as const, value: 'first_name', fallback: ' ' },
    gone: { from: 'constant' as const, value: 'x' },
    shop: { from: 'constant' as const, value: ' ' },
  };
  const variants = [{ ...newVariant(100, 'text'), text: 'Hi {{first_name}} from {{shop}}', variables }];
  expect(settingsOf({ ...draft, variants }).variants?.[0]?.message.variables).toEqual({
    first_name: { from: 'built_in', value: 'first_name' },
  });
});

test('a start without its time is a fault, and is not saved', () => {
  const given: Draft = { ...draft, name: ' ', startKind: 'local', zoneField: 'zone' };
  expect(faultsOf(given)).toEqual(['name', 'local']);
  expect(settingsOf(given)).toMatchObject({ start: { missed: 'ask', zone_field: 'zone' } });
  expect(settingsOf(given)).not.toHaveProperty('name');
  expect(settingsOf({ ...given, local: '2026-12-01T10:00' }).start).toEqual({
    local: '2026-12-01T10:00',
    missed: 'ask',
    zone_field: 'zone',
  });
});
