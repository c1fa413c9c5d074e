// The settings of opt-outs as the texts of a form, and the request that changes them.
import type { OptOutSettings, UpdateOptOutSettingsBody } from '@recado/client';

export type Values = Record<
  'effect' | 'answers' | 'stopAnswer' | 'startAnswer' | 'stop' | 'start' | 'on' | 'consent',
  string
>;

/** The fields of the form by the paths of the API. */
export const fieldsByPath = {
  'answers.stop': 'stopAnswer',
  'answers.start': 'startAnswer',
  'words.stop': 'stop',
  'words.start': 'start',
} as const;

const flag = (on: boolean) => (on ? 'on' : '');
const lines = (words: readonly string[]) => words.join('\n');

/** The words of a field, one a line. */
export const wordsIn = (text: string): string[] => [
  ...new Set(
    text
      .split(/[\n,،;؛]+/)
      .map(word => word.trim())
      .filter(Boolean),
  ),
];

export const startOf = ({ effect, answers, words, consent_required: consent }: OptOutSettings): Values => ({
  effect,
  answers: flag(answers.enabled),
  stopAnswer: answers.stop ?? '',
  startAnswer: answers.start ?? '',
  stop: lines(words.stop),
  start: lines(words.start),
  on: lines(words.built_in.filter(({ on }) => on).map(({ word }) => word)),
  consent: flag(consent),
});

/** Turns a built-in word on or off in the list of active words. */
export const turned = (on: string, word: string): string => {
  const words = wordsIn(on);
  return lines(words.includes(word) ? words.filter(each => each !== word) : [...words, word]);
};

/** The values that differ from the start of the form. Changes of others stay. */
export function changesOf(values: Values, before: Values): UpdateOptOutSettingsBody {
  const has = (name: keyof Values) => values[name] !== before[name];
  const [on, wasOn] = [wordsIn(values.on), wordsIn(before.on)];
  const turnOn = on.filter(word => !wasOn.includes(word));
  const turnOff = wasOn.filter(word => !on.includes(word));
  const answers = {
    ...(has('answers') && { enabled: values.answers === 'on' }),
    ...(has('stopAnswer') && { stop: values.stopAnswer.trim() || null }),
    ...(has('startAnswer') && { start: values.startAnswer.trim() || null }),
  };
  const words = {
    ...(has('stop') && { stop: wordsIn(values.stop) }),
    ...(has('start') && { start: wordsIn(values.start) }),
    ...(turnOn.length > 0 && { turn_on: turnOn }),
    ...(turnOff.length > 0 && { turn_off: turnOff }),
  };
  return {
    ...(has('effect') && { effect: values.effect === 'all' ? 'all' : 'marketing' }),
    ...(Object.keys(answers).length > 0 && { answers }),
    ...(Object.keys(words).length > 0 && { words }),
    ...(has('consent') && { consent_required: values.consent === 'on' }),
  };
}
