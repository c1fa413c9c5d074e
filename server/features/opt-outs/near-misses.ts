// Messages that may mean an opt-out, though they are no word of it: a person decides.
import { builtInWords, folded } from './words.ts';

/** Longer messages are about something else, mostly. */
const longestMessage = 200;

const please = '(?:please|pls|plz|por favor|pf|pfv|svp|s il vous plait|من فضلك|لو سمحت|رجاء)';
const stop = '(?:stop|unsubscribe|opt ?out|parar|sair|descadastrar|baja|arret|ايقاف)';
const things = '(?:messages?|texts?|offers?|promotions?|promos?|ads?|advertising|marketing|newsletters?|spam)';
const coisas =
  '(?:mensage(?:m|ns)|ofertas?|promoc(?:ao|oes)|propagandas?|publicidades?|mensajes?|promociones|publicidad)';

/** As words of a folded text, with one space between them. Each is anchored, and none repeats what can repeat. */
const phrases = [
  `${please} ${stop}$`,
  `^${stop} ${please}$`,
  '(?:stop|quit) (?:sending|messaging|texting|contacting|writing|spamming|bothering)',
  `no more ${things}`,
  `(?:dont|don t|do not|no longer|didnt|didn t) (?:ever )?want (?:to )?(?:get |receive |have )?(?:any |these |those |your |more |any more )?${things}`,
  `(?:unsubscribe|remove|take|opt) me (?:out|off|from|please|now)`,
  '^(?:please )?(?:unsubscribe|remove|delete) me$',
  'how (?:do|can) i (?:unsubscribe|opt ?out)',
  '(?:nao|n) quero (?:mais )?(?:receber|ser contactad[oa]|ser contatad[oa])',
  `(?:nao|n) quero (?:mais )?(?:estas |essas |suas |as )?${coisas}`,
  '(?:para|pare|parem|parar|parem por favor) de (?:me )?(?:enviar|mandar|escrever)',
  '(?:me )?(?:remov[ae]m?|remover|retirem?|tirem?|excluam?|descadastrem?) (?:me |meu numero |meu contato )?(?:da|desta|dessa|de sua|do) (?:lista|cadastro)',
  'quero sair$|quero sair d(?:a|esta|essa) lista|(?:quero|como) (?:me )?(?:descadastrar|cancelar a inscricao)',
  '(?:nao|n) me (?:envi|mand)(?:em?|e) mais',
  'no (?:quiero|deseo) (?:recibir )?(?:mas )?(?:de )?(?:sus |estos |estas )?(?:mensajes?|ofertas?|promociones|publicidad|recibir)',
  '(?:deja|deje|dejen|dejad) de (?:enviar|mandar|escribir)',
  'no me (?:envi|mand|escrib)(?:en|es|e|an|a) mas',
  '(?:dar|darme|denme|dame|quiero) (?:me )?(?:de |la )?baja',
  '(?:ne|n) (?:veux|souhaite) plus (?:recevoir|de messages?|de publicites?|de pubs?)',
  'arretez? de (?:m |me )?(?:envoyer|ecrire|contacter)',
  'desabonnez? ?moi|(?:me|se) desabonner|je me desabonne|stop (?:pub|publicite)',
  '(?:توقف|توقفوا|اوقف|اوقفوا|وقف) (?:عن|الرسايل|ارسال|الاعلانات|هذه الرسايل)',
  'لا (?:اريد|ارغب|نريد) (?:في )?(?:اي |هذه |المزيد من |استقبال |استلام |تلقي )?(?:الرسايل|رسايل|رسايلكم|العروض|عروض|الاعلانات|اعلانات)',
  '(?:الغاء|الغوا|الغ) (?:ال)?اشتراك(?:ي)?',
  '(?:احذف|احذفوا|ازيلوا|شيلوا) (?:رقمي|اسمي)',
].map(phrase => new RegExp(phrase, 'u'));

/** A text with each letter once where it is repeated, and without spaces where all of its words are letters: S T O P. */
const squeezed = (words: string): string =>
  (/^\S(?: \S)+$/u.test(words) ? words.replaceAll(' ', '') : words).replaceAll(/(\p{L})\1+/gu, '$1');

/** Each stop word, also one that is off: it acts before, where it is on. */
const stopWords = new Set(
  builtInWords.flatMap(({ word, action }) => (action === 'stop' ? [squeezed(folded(word))] : [])),
);

/** Signs that stop and mean nothing else. */
const stopSigns = /^(?:[🛑⛔🚫]\uFE0F?\s*)+$/u;

/** The part of a message that may mean an opt-out, folded; undefined where it has none. */
export function nearMissIn(text: string): string | undefined {
  if (text.length > longestMessage) return undefined;
  if (stopSigns.test(text.trim())) return text.trim();
  // Apostrophes, commas and dashes are between words.
  const words = ` ${folded(text)} `.replaceAll(/[^\p{L}\p{N}]+/gu, ' ').trim();
  if (stopWords.has(squeezed(words))) return words;
  for (const phrase of phrases) {
    const found = phrase.exec(words);
    if (found && isWhole(words, found.index, found.index + found[0].length)) return found[0];
  }
  return undefined;
}

/** Whether the place in the text begins and ends with a word. */
const isWhole = (text: string, begin: number, end: number): boolean =>
  (begin === 0 || text[begin - 1] === ' ') && (end === text.length || text[end] === ' ');
