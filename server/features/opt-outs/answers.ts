// The short answers that tell a person what their word did, and the word that takes it back.
import type { OptOutCategory } from '@recado/contract';
import { builtInWords, type FoundWord, isOn, type OwnWords, type WordAction, type WordLanguage } from './words.ts';

interface Texts {
  marketing: string;
  all: string;
  /** Marketing again. */
  again: string;
  back: (word: string) => string;
  end: (word: string) => string;
}

const texts: Record<WordLanguage, Texts> = {
  en: {
    marketing: 'You will get no more offers from us.',
    all: 'You will get no more messages from us.',
    again: 'You will get our messages again.',
    back: word => `To get them again, write ${word}.`,
    end: word => `To stop them, write ${word}.`,
  },
  fr: {
    marketing: 'Vous ne recevrez plus nos offres.',
    all: 'Vous ne recevrez plus nos messages.',
    again: 'Vous recevrez à nouveau nos messages.',
    back: word => `Pour les recevoir à nouveau, écrivez ${word}.`,
    end: word => `Pour les arrêter, écrivez ${word}.`,
  },
  pt: {
    marketing: 'Você não receberá mais as nossas ofertas.',
    all: 'Você não receberá mais as nossas mensagens.',
    again: 'Você voltará a receber as nossas mensagens.',
    back: word => `Para voltar a receber, escreva ${word}.`,
    end: word => `Para parar, escreva ${word}.`,
  },
  es: {
    marketing: 'Ya no recibirá nuestras ofertas.',
    all: 'Ya no recibirá nuestros mensajes.',
    again: 'Volverá a recibir nuestros mensajes.',
    back: word => `Para volver a recibir, escriba ${word}.`,
    end: word => `Para dejar de recibir, escriba ${word}.`,
  },
  ar: {
    marketing: 'لن تصلك عروضنا بعد الآن.',
    all: 'لن تصلك رسائلنا بعد الآن.',
    again: 'ستصلك رسائلنا من جديد.',
    back: word => `لتصلك من جديد اكتب: ${word}`,
    end: word => `لإيقافها اكتب: ${word}`,
  },
};

/** The settings of a workspace for words and answers. */
export interface AnswerSetting extends OwnWords {
  effect: OptOutCategory;
  stop_answer: string | null;
  start_answer: string | null;
}

/** A word that acts in this workspace, of this language if there is one; undefined where none acts. */
function wordFor(action: WordAction, language: WordLanguage, own: OwnWords | null): string | undefined {
  const active = builtInWords.filter(word => word.action === action && isOn(word, own));
  const ofTheirs = own?.[action === 'stop' ? 'stop_words' : 'start_words'][0]?.toUpperCase();
  return active.find(word => word.language === language)?.word ?? ofTheirs ?? active[0]?.word;
}

/** The answer to a word: the workspace's own text, or else one in the language of the word. */
export function answerTo({ action, language = 'en' }: FoundWord, setting: AnswerSetting | null): string {
  const own = action === 'stop' ? setting?.stop_answer : setting?.start_answer;
  if (own) return own;
  const { back, end, again, ...told } = texts[language];
  const word = wordFor(action === 'stop' ? 'start' : 'stop', language, setting);
  const sentences =
    action === 'stop' ? [told[setting?.effect ?? 'marketing'], word && back(word)] : [again, word && end(word)];
  return sentences.filter(Boolean).join(' ');
}
