// A word is the same word in every form in which people write it, and only as a whole message.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AnswerSetting, answerTo } from './answers.ts';
import { meaningOf } from './meaning.ts';
import { builtInWords, folded, wordIn, wordLanguages } from './words.ts';

const actsAs = (text: string) => wordIn(text, null)?.action;
const usual = builtInWords.filter(word => word.usual);

describe('a built-in word', () => {
  test.each(usual.map(({ word, action }) => [word, action]))('%s does %s', (word, action) => {
    expect(actsAs(word)).toBe(action);
  });

  test('is the same in any form around it and in it', () => {
    const around = fc.constantFrom(
      '',
      ' ',
      '"',
      '«',
      '“',
      '*',
      '_',
      '~',
      '¡',
      '\u200f',
      '\u202a',
      '\u2066',
      '\n',
      '\ufeff',
    );
    const behind = fc.constantFrom(
      '',
      '.',
      '!',
      '!!!',
      '…',
      '؟',
      '۔',
      '。',
      '！',
      '।',
      '"',
      '»',
      '”',
      '*',
      '\u200e',
      '\u2069 ',
      ' 🛑',
      '🙏🏽',
      ' ❤️ 👨‍👩‍👧!',
      '🇵🇹',
    );
    const form = fc.constantFrom(
      (word: string) => word,
      (word: string) => word.toLowerCase(),
      (word: string) => word.toUpperCase(),
      (word: string) => word.normalize('NFD'),
      // Full-width letters.
      (word: string) => word.replaceAll(/[A-Z]/g, letter => String.fromCodePoint(letter.charCodeAt(0) + 0xfee0)),
      // Tatweel, and vowel marks.
      (word: string) => word.replaceAll(/[\u0628-\u064a]/g, letter => `${letter}\u064e`),
      (word: string) => word.replaceAll(/[\u0625\u0623\u0622]/g, '\u0627'),
      (word: string) => word.replaceAll('\u0627', '\u0640\u0627'),
      (word: string) => word.replaceAll(' ', '\u00a0 '),
    );
    fc.assert(
      fc.property(fc.constantFrom(...usual), around, behind, form, ({ word, action }, before, after, write) => {
        expect(actsAs(`${before}${write(word)}${after}`)).toBe(action);
      }),
    );
  });

  test.each(['CANCEL', 'END'])('%s is off, and can be turned on', word => {
    expect(wordIn(word, null)).toBeUndefined();
    const own = { stop_words: [], start_words: [], other_words: [folded(word)] };
    expect(wordIn(word, own)?.action).toBe('stop');
  });

  test.each(['STOP it', 'please stop', 'I stop', 'STOPP', 'nonstop', '', '...', 'alto astral', 'S T O P', '🛑'])(
    'not in %j',
    text => {
      expect(wordIn(text, null)).toBeUndefined();
    },
  );
});

test('a workspace has words of its own, and turns single ones off', () => {
  const own = { stop_words: [folded('Chega!')], start_words: [folded('¡Sí, quiero!')], other_words: [folded('STOP')] };
  expect(wordIn('CHEGA', own)?.action).toBe('stop');
  expect(wordIn('si, quiero', own)?.action).toBe('start');
  expect(wordIn('STOP', own)).toBeUndefined();
  expect(wordIn('SAIR', own)?.action).toBe('stop');
  const signs = { stop_words: ['🚫', 'chega 👋'], start_words: [], other_words: [] };
  expect(['🚫', 'Chega', 'chega 👋'].map(text => wordIn(text, signs)?.action)).toEqual(['stop', 'stop', 'stop']);
});

test('a folded text stays as it is, and no text takes long', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 64 }), text => {
      const once = folded(text);
      expect(folded(once)).toBe(once);
    }),
    { numRuns: 2_000 },
  );
  expect(wordIn(`STOP${'!'.repeat(1_000_000)}`, null)).toBeUndefined();
});

describe('a message means an opt-out', () => {
  const message: Parameters<typeof meaningOf>[0] = {
    direction: 'inbound',
    type: 'text',
    content: { body: 'Sair.' },
    groupId: undefined,
    change: undefined,
  };

  test('as a text, and as a button by its payload or its text', () => {
    expect(meaningOf(message, null)).toEqual({
      word: { action: 'stop', word: 'Sair.', language: 'pt', source: 'word' },
    });
    const button = (content: object) => meaningOf({ ...message, type: 'button', content: content as never }, null);
    expect(button({ payload: 'STOP', text: 'No more' })?.word).toMatchObject({ source: 'button', word: 'STOP' });
    expect(button({ payload: 'b1', text: 'Sair' })?.word).toMatchObject({ action: 'stop', source: 'button' });
    expect(button({ payload: 'yes', text: 'Yes' })).toBeUndefined();
    // The answer to a reminder, not to offers.
    expect(button({ payload: 'Cancelar', text: 'Cancelar' })).toBeUndefined();
  });

  test('but not of ours, in a group, or as an edit; one of imported history is only suggested', () => {
    expect(meaningOf({ ...message, direction: 'outbound' }, null)).toBeUndefined();
    expect(meaningOf({ ...message, groupId: 'g' }, null)).toBeUndefined();
    expect(meaningOf({ ...message, change: 'edited' }, null)).toBeUndefined();
    expect(meaningOf({ ...message, type: 'reaction' }, null)).toBeUndefined();
    expect(meaningOf({ ...message, isImported: true }, null)).toEqual({ suggestion: 'Sair.' });
    expect(meaningOf({ ...message, isImported: true, content: { body: 'START' } }, null)).toBeUndefined();
  });
});

describe('the answer', () => {
  const stop = (language: (typeof wordLanguages)[number] | undefined) =>
    ({ action: 'stop', word: 'x', language }) as const;

  test.each(wordLanguages)('in %s names a word that acts', language => {
    for (const action of ['stop', 'start'] as const) {
      const text = answerTo({ action, word: 'x', language }, null);
      const back = usual.find(word => word.language === language && word.action !== action);
      expect(text).toContain(back?.word);
    }
  });

  test('names no word that is off, and is the text of the workspace where it has one', () => {
    const open: AnswerSetting = {
      effect: 'all',
      stop_answer: null,
      start_answer: 'Hello again!',
      stop_words: [],
      start_words: ['mais'],
      other_words: ['start'],
    };
    expect(answerTo(stop(undefined), open)).toBe(
      'You will get no more messages from us. To get them again, write UNSTOP.',
    );
    const fewer = {
      ...open,
      other_words: builtInWords.filter(word => word.action === 'start').map(w => folded(w.word)),
    };
    expect(answerTo(stop('es'), fewer)).toBe('Ya no recibirá nuestros mensajes. Para volver a recibir, escriba MAIS.');
    expect(answerTo({ ...stop('es'), action: 'start' }, open)).toBe('Hello again!');
  });
});
