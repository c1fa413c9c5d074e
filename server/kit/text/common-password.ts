// Which passwords attackers try first.

/**
 * The parts of most well-known passwords of 12 characters or more, besides digits and signs: words, keyboard rows,
 * names, and words about passwords.
 */
const commonWords =
  'password passwort contrasena motdepasse parola senha passw0rd p@ssw0rd p@ssword pa55word welcome willkommen bienvenido letmein changeme change default secret secure login admin administrator root system server master manager business company office support service whatsapp recado message messages chat gateway webhook example sample testing test demo guest user username qwerty qwertz azerty asdfgh zxcvbn qazwsx 1qaz2wsx 1q2w3e4r iloveyou ilove loveyou love lovely forever sunshine princess dragon monkey football baseball basketball soccer hockey superman batman spiderman pokemon starwars jordan michael jennifer michelle charlie jessica ashley nicole daniel thomas andrew anthony joshua matthew robert william richard samantha amanda elizabeth summer winter spring autumn january february march april june july august september october november december monday friday sunday internet computer freedom whatever nothing trustno1 hello world money blessed jesus christ family mother father brother sister butterfly chocolate cheese cookie flower purple orange yellow silver golden diamond killer shadow ninja mustang ferrari mercedes porsche liverpool chelsea arsenal barcelona madrid america london please access characters minimum least more'
    .split(' ')
    .sort((a, b) => b.length - a.length);

/** Keyboard rows and the alphabet: four or more in a row add nothing, in either direction. */
const rows = [
  '01234567890',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'qwertzuiop',
  'azertyuiop',
];
const runs = rows
  .flatMap(row => [row, [...row].reverse().join('')])
  .flatMap(row => Array.from({ length: row.length - 3 }, (_, at) => row.slice(at, at + 4)));

/** How many characters must be original: not part of a common word, a row, a repetition, or context words. */
const ownNeeded = 6;

/** Well-known as a whole, though their parts would pass. Any original addition makes them acceptable. */
const wellKnown = new Set(['correcthorsebatterystaple', 'thequickbrownfoxjumps', 'tobeornottobe', 'opensesame']);

/** Whether attackers would try this password early. `words` are context, such as the e-mail address. */
export function isCommon(password: string, words: readonly string[] = []): boolean {
  const plain = password.normalize('NFKC').toLowerCase();
  if (wellKnown.has(plain.replace(/[^\p{L}\p{N}]/gu, ''))) return true;
  const around = words
    .flatMap(word => word.toLowerCase().split(/[^\p{L}\p{N}]+/u))
    .filter(word => word.length > 3)
    .sort((a, b) => b.length - a.length);
  let rest = plain;
  for (const word of [...around, ...commonWords, ...runs]) rest = rest.replaceAll(word, ' ');
  // A repeated part counts once.
  rest = rest.replace(/(.{1,12}?)\1+/gu, '$1').replace(/[^\p{L}\p{N}]/gu, '');
  return [...rest].length < ownNeeded || new Set(rest).size < 4;
}
