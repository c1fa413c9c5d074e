// The settings of opt-outs: how they are shown, and how they change.
import type { OptOutSettings, UpdateOptOutSettings } from '@recado/contract';
import { invalid } from '../../kit/http/routes.ts';
import type { SettingRow } from './setting-store.ts';
import { builtInWord, builtInWords, folded, isOn, longestWord } from './words.ts';

export const presentSettings = (row: SettingRow): OptOutSettings => ({
  effect: row.effect,
  answers: { enabled: row.answers, stop: row.stop_answer, start: row.start_answer },
  words: {
    stop: row.stop_words,
    start: row.start_words,
    built_in: builtInWords.map(word => {
      const { usual, ...shown } = word;
      return { ...shown, on: isOn(word, row) };
    }),
  },
  consent_required: row.needs_consent,
});

function ownWords(list: string[], field: string): string[] {
  const words = list.map((text, place) => {
    const word = folded(text);
    if (word === '') throw invalid(`${field}.${place}`, 'Must have a letter or a digit.');
    if (word.length > longestWord) throw invalid(`${field}.${place}`, `Must have at most ${longestWord} characters.`);
    return word;
  });
  return [...new Set(words)];
}

/** The built-in words that are on or off against their default, after these were turned on and off. */
function turned(others: string[], on: string[] = [], off: string[] = []): string[] {
  const found = new Set(others);
  const turn = (list: string[], field: string, isOn: boolean) => {
    for (const [place, text] of list.entries()) {
      const word = folded(text);
      const known = builtInWord(word);
      if (!known)
        throw invalid(
          `${field}.${place}`,
          'Must be a built-in word: see words.built_in of GET /api/v1/workspace/opt-outs.',
        );
      if (known.usual === isOn) found.delete(word);
      else found.add(word);
    }
  };
  turn(on, 'words.turn_on', true);
  turn(off, 'words.turn_off', false);
  return [...found];
}

/** The choices after a change. @throws AppError if a word cannot act */
export function changedSettings(
  row: SettingRow,
  { effect, answers, words, consent_required: consent }: UpdateOptOutSettings,
): SettingRow {
  const next: SettingRow = {
    effect: effect ?? row.effect,
    answers: answers?.enabled ?? row.answers,
    stop_answer: answers?.stop === undefined ? row.stop_answer : answers.stop,
    start_answer: answers?.start === undefined ? row.start_answer : answers.start,
    needs_consent: consent ?? row.needs_consent,
    stop_words: words?.stop ? ownWords(words.stop, 'words.stop') : row.stop_words,
    start_words: words?.start ? ownWords(words.start, 'words.start') : row.start_words,
    other_words: turned(row.other_words, words?.turn_on, words?.turn_off),
  };
  const both = next.start_words.find(word => next.stop_words.includes(word));
  if (both !== undefined) throw invalid('words.start', `Must not have a word that stops messages: ${both}.`);
  return next;
}
