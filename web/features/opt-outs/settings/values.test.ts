import type { OptOutSettings } from '@recado/client';
import { expect, test } from 'vitest';
import { changesOf, startOf, turned, wordsIn } from './values.ts';

const settings: OptOutSettings = {
  effect: 'marketing',
  answers: { enabled: true, stop: null, start: null },
  words: {
    stop: ['chega'],
    start: [],
    built_in: [
      { word: 'STOP', language: 'en', action: 'stop', on: true },
      { word: 'END', language: 'en', action: 'stop', on: false },
      { word: 'OPT OUT', language: 'en', action: 'stop', on: true },
    ],
  },
  consent_required: false,
};
const start = startOf(settings);

test('nothing changed asks for nothing', () => {
  expect(changesOf(start, start)).toEqual({});
});

test('only what changed is asked for', () => {
  const on = turned(turned(start.on, 'END'), 'STOP');
  expect(changesOf({ ...start, on, stop: 'chega\n basta ,basta', consent: 'on' }, start)).toEqual({
    words: { stop: ['chega', 'basta'], turn_on: ['END'], turn_off: ['STOP'] },
    consent_required: true,
  });
  expect(changesOf({ ...start, answers: '', stopAnswer: ' Bye. ', effect: 'all' }, start)).toEqual({
    effect: 'all',
    answers: { enabled: false, stop: 'Bye.' },
  });
});

test('an own text that is emptied is Recado’s again', () => {
  const own = startOf({ ...settings, answers: { enabled: true, stop: 'Bye.', start: null } });
  expect(changesOf({ ...own, stopAnswer: ' ' }, own)).toEqual({ answers: { stop: null } });
});

test('words stand on lines or between commas of any script', () => {
  expect(wordsIn('chega\n\n basta, كفى، يكفي ;fin')).toEqual(['chega', 'basta', 'كفى', 'يكفي', 'fin']);
});
