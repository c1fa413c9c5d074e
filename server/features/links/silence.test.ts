// The silence of a phone against its own rhythm.
import { expect, test } from 'vitest';
import { heard, newRhythm, type Rhythm, silenceAt } from './silence.ts';

const minute = 60_000;
const hour = 60 * minute;
const noon = 12 * hour;

/** A phone that writes every `ms` for a while. */
function busy(ms: number, times: number, start = noon): Rhythm {
  let rhythm = newRhythm(start);
  for (let n = 1; n <= times; n++) rhythm = heard(rhythm, start + n * ms);
  return rhythm;
}

test('a phone that is hardly known is never too silent', () => {
  const rhythm = busy(minute, 19);
  expect(silenceAt(rhythm, rhythm.heardAt + 1_000 * hour)).toBeUndefined();
});

test('a busy phone is probed after a quarter of an hour, then connected again, once', () => {
  const rhythm = busy(minute, 30);
  const from = rhythm.heardAt;
  expect(silenceAt(rhythm, from + 15 * minute)).toBeUndefined();
  const at = from + 16 * minute;
  expect(silenceAt(rhythm, at)).toEqual({ action: 'probe', silentMs: 16 * minute, usualMs: minute });
  const probed: Rhythm = { ...rhythm, acted: { step: 'probed', at } };
  expect(silenceAt(probed, at + 15 * minute)).toBeUndefined();
  expect(silenceAt(probed, at + 16 * minute)).toMatchObject({ action: 'reconnect' });
  const again = newRhythm(at + 17 * minute, { ...rhythm, acted: { step: 'reconnected', at } });
  expect(silenceAt(again, at + 100 * hour)).toBeUndefined();
});

test('a phone that writes every half an hour may be silent for two hours', () => {
  const rhythm = busy(30 * minute, 30);
  expect(silenceAt(rhythm, rhythm.heardAt + 2 * hour)).toBeUndefined();
  expect(silenceAt(rhythm, rhythm.heardAt + 2 * hour + minute)).toMatchObject({ action: 'probe' });
});

test('a night that was silent before is no silence', () => {
  let rhythm = busy(10 * minute, 60);
  const evening = rhythm.heardAt;
  const morning = evening + 9 * hour;
  rhythm = heard(rhythm, morning);
  for (let n = 1; n <= 90; n++) rhythm = heard(rhythm, morning + n * 10 * minute);
  expect(silenceAt(rhythm, rhythm.heardAt + 3 * hour)).toBeUndefined();
});

test('a message ends the silence', () => {
  const rhythm = { ...busy(minute, 30), acted: { step: 'reconnected', at: 0 } as const };
  expect(heard(rhythm, rhythm.heardAt + hour).acted).toBeUndefined();
});
