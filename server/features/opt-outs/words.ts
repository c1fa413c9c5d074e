// The words by which people stop and start messages, and how a message is compared with them.

export type WordAction = 'stop' | 'start';

/** The languages that have words, and an answer. */
export const wordLanguages = ['en', 'fr', 'pt', 'es', 'ar'] as const;
export type WordLanguage = (typeof wordLanguages)[number];

export interface Word {
  /** As people read it. */
  word: string;
  language: WordLanguage;
  action: WordAction;
  /** Whether it acts where the workspace has chosen nothing. */
  usual: boolean;
}

/** Words that are the labels of other buttons too, as "Cancelar" below a reminder: they act only where a person writes them. */
const onOtherButtons = ['CANCEL', 'END', 'REMOVE', 'QUIT', 'CANCELAR', 'REMOVER', 'ALTO', 'إلغاء'];

const words = (language: WordLanguage, action: WordAction, list: string[], usual = true): Word[] =>
  list.map(word => ({ word, language, action, usual }));

/** The built-in words. CANCEL and END are often answers to a question of a bot, so they are off. */
export const builtInWords: readonly Word[] = [
  ...words('en', 'stop', ['STOP', 'STOPALL', 'STOP ALL', 'UNSUBSCRIBE', 'QUIT', 'REVOKE', 'REMOVE']),
  ...words('en', 'stop', ['OPTOUT', 'OPT-OUT', 'OPT OUT']),
  ...words('en', 'stop', ['CANCEL', 'END'], false),
  ...words('en', 'start', ['START', 'UNSTOP', 'SUBSCRIBE']),
  ...words('fr', 'stop', ['ARRÊT', 'DÉSABONNER']),
  ...words('fr', 'start', ['REPRENDRE']),
  ...words('pt', 'stop', ['SAIR', 'PARAR', 'CANCELAR', 'REMOVER', 'DESCADASTRAR']),
  ...words('pt', 'start', ['VOLTAR']),
  ...words('es', 'stop', ['BAJA', 'ALTO']),
  ...words('es', 'start', ['ALTA']),
  ...words('ar', 'stop', ['إيقاف', 'إلغاء']),
  ...words('ar', 'start', ['اشتراك']),
];

/** The longest message that is compared with words. */
const longestMessage = 64;
/** The longest word, folded. */
export const longestWord = 40;

const edges = /^[\p{P}\s~`]+|[\p{P}\s~`]+$/gu;
const emoji = '\\p{P}\\s~`\\p{Extended_Pictographic}\\p{Emoji_Modifier}\\p{Regional_Indicator}';
const edgesAndEmoji = new RegExp(`^[${emoji}]+|[${emoji}]+$`, 'gu');

/**
 * A text as words are compared: without case, accents, marks of Arabic vowels, forms of the alef, marks of direction,
 * and what stands around it: quotes, stars of WhatsApp's bold text, punctuation of any script, and emoji, unless the text
 * is nothing else.
 */
export function folded(text: string): string {
  const plain = text
    .normalize('NFKC')
    .replaceAll(/\p{Cf}/gu, '')
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/[\p{M}\u0640]/gu, '')
    .replaceAll('\u0671', '\u0627')
    .replaceAll('\u0649', '\u064a')
    .replaceAll(/[\u2010-\u2015\u2212]/g, '-')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(edges, '');
  return plain.replaceAll(edgesAndEmoji, '') || plain;
}

const writtenOnly = new Set(onOtherButtons.map(word => folded(word)));

const builtIn = new Map(builtInWords.map(word => [folded(word.word), word]));

/** The built-in word that a folded text is. */
export const builtInWord = (text: string): Word | undefined => builtIn.get(text);

/** The settings of a workspace for words. All are folded. */
export interface OwnWords {
  stop_words: string[];
  start_words: string[];
  /** Built-in words that are on or off against their default. */
  other_words: string[];
}

/** Whether a built-in word acts in a workspace. */
export const isOn = ({ word, usual }: Word, own: OwnWords | null): boolean =>
  usual !== (own?.other_words.includes(folded(word)) ?? false);

export interface FoundWord {
  action: WordAction;
  /** The word as the person wrote it. */
  word: string;
  /** The language of a built-in word; undefined for one of the workspace's own. */
  language: WordLanguage | undefined;
}

/** The word that a whole text is, if it is one in this workspace. `isButton`: the person pressed it. */
export function wordIn(text: string, own: OwnWords | null, isButton = false): FoundWord | undefined {
  if (text.length > longestMessage) return undefined;
  const word = folded(text);
  if (word === '' || word.length > longestWord) return undefined;
  const found = (action: WordAction, language?: WordLanguage) => ({ action, word: text.trim(), language });
  // Folded again: a word may have been set when emoji still counted.
  const isOwn = (list: string[] | undefined) => list?.some(each => folded(each) === word) === true;
  if (isOwn(own?.stop_words)) return found('stop');
  if (isOwn(own?.start_words)) return found('start');
  const known = builtIn.get(word);
  if (!known || !isOn(known, own) || (isButton && writtenOnly.has(word))) return undefined;
  return found(known.action, known.language);
}
