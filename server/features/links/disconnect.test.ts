// What follows a lost connection: a table of codes, and the time until the next try.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CloseCode } from '../../ports/gateway.ts';
import { backoffMs, consequenceOf } from './disconnect.ts';

const linked = (code: number | undefined, failures = 1) =>
  consequenceOf({ code, title: 'told', isLinked: true, hasShownCode: true, failures, replaced: 1 }, 0.5);
const linking = (code: CloseCode | undefined) =>
  consequenceOf({ code, title: 'told', isLinked: false, hasShownCode: true, failures: 1, replaced: 0 }, 0.5);

test('a restart after pairing is at once', () => {
  expect(linked(515)).toEqual({ kind: 'reopen' });
  expect(linking(515)).toEqual({ kind: 'reopen' });
});

test('only 401 makes a linked phone forget its keys', () => {
  expect(linked(401)).toMatchObject({ kind: 'end', state: 'logged_out', forgets: true });
  fc.assert(
    fc.property(
      fc.option(fc.integer({ min: 100, max: 599 }), { nil: undefined }),
      fc.integer({ min: 1, max: 50 }),
      (code, failures) => {
        const consequence = linked(code, failures);
        if (code !== 401) expect(consequence).not.toMatchObject({ forgets: true });
      },
    ),
  );
});

test.each([402, 403, 406])('%i stops, keeps the credentials, and says what to do', code => {
  expect(linked(code)).toMatchObject({ kind: 'end', state: 'banned', forgets: false });
});

test('405 waits for another version, whether a phone is linked or not', () => {
  for (const of of [linked, linking]) expect(of(405)).toMatchObject({ kind: 'end', state: 'outdated', forgets: false });
});

test.each([408, 411, 428, 440, 500, 503, undefined])('%s of a linked phone is tried again', code => {
  expect(linked(code)).toMatchObject({ kind: 'wait' });
});

test('unknown errors in a row are told', () => {
  const reasonOf = (code: number, failures: number) => {
    const consequence = linked(code, failures);
    return 'reason' in consequence ? consequence.reason : '';
  };
  expect(reasonOf(500, 4)).not.toMatch(/in a row/);
  expect(reasonOf(500, 5)).toMatch(/5 times in a row/);
  expect(reasonOf(503, 5)).not.toMatch(/in a row/);
});

test.each([401, 403, 408, 411, 428, 440, 500, 503, undefined])('%s while linking ends the attempt', code => {
  expect(linking(code)).toMatchObject({ kind: 'end', state: 'failed', forgets: true });
});

test('a link without a network names the network, and the codes only if there were some', () => {
  const ended = (network: string | undefined, hasShownCode: boolean, isLinked = false) =>
    consequenceOf({ code: 408, title: 'told', network, isLinked, hasShownCode, failures: 1, replaced: 0 }, 0.5);
  expect(ended('ENOTFOUND', false)).toEqual({
    kind: 'end',
    state: 'failed',
    reason:
      'WhatsApp cannot be reached from this machine (ENOTFOUND). Check its connection to the internet, then start again.',
    cause: 'unreachable',
    forgets: true,
  });
  expect(ended(undefined, false)).toMatchObject({ cause: 'unreachable' });
  expect(ended('ECONNRESET', true)).toMatchObject({
    reason: expect.stringMatching(/^The connection broke.*ECONNRESET/),
  });
  expect(ended(undefined, true)).toMatchObject({ reason: 'Nobody used a code in time. Start again.' });
  expect(ended('ENOTFOUND', false, true)).toMatchObject({
    kind: 'wait',
    reason: 'WhatsApp cannot be reached from this machine (ENOTFOUND). Recado connects again.',
    cause: 'unreachable',
  });
});

test('a passkey ends the linking, and says what helps', () => {
  expect(linking('passkey_required')).toMatchObject({ kind: 'end', state: 'failed', cause: 'passkey_required' });
});

test('the fifth program in a row that takes the connection ends it, with the credentials', () => {
  const taken = (replaced: number) =>
    consequenceOf({ code: 440, title: 'told', isLinked: true, hasShownCode: true, failures: 1, replaced }, 0.5);
  expect(taken(4)).toMatchObject({ kind: 'wait' });
  expect(taken(5)).toMatchObject({ kind: 'end', state: 'reconnecting', cause: 'used_elsewhere', forgets: false });
});

test('the wait grows from a second to five minutes, and never beyond', () => {
  const random = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000 }), random, (failures, spread) => {
      const ms = backoffMs(failures, spread);
      expect(ms).toBeGreaterThanOrEqual(1_000);
      expect(ms).toBeLessThanOrEqual(300_000);
      expect(backoffMs(failures + 1, spread)).toBeGreaterThanOrEqual(ms);
    }),
  );
  expect(backoffMs(50, 1)).toBe(300_000);
});
