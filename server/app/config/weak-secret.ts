// Which secrets stop the start: what is too short, or known, or was never drawn by chance.
import { createHash } from 'node:crypto';

const shortest = 32;

/** Words that people leave in place of a secret. None of them is likely in a random text of any length. */
const words =
  /changeme|changethis|replaceme|replacethis|placeholder|yoursecret|yourkey|yourjwt|yoursuper|example|secret|password|default|insecure|development|localhost|qwerty|letmein|keyboard|notsecure|signingkey|privatekey|accesstoken|thisis|recado|whatsapp/;

/**
 * Keys that were published as defaults or in manuals, and those that the tests of this repository once used: the
 * beginning of the SHA-256 of each, so that no key lies about here for a scanner to find or a reader to try.
 */
const published = new Set([
  'UqjbgXOdQvogNItk',
  'EmT2Gg2Lb6paxCzH',
  '52woVThCkOZWt4d3',
  'uBhSUztA5-ZpC4L_',
  '1gf0gKLbld-3Ojdr',
  '_O26HoxYCvBm_EYG',
  'f6gOPTXGfdGdxs2c',
  'RMBjNE-kzAw3p02F',
  'x64EkqWCxGa2032F',
  'WUwIHSPeIrF4ujSp',
  'Vw2tQ94a9Mkl-SwW',
  'IlLyRr8il-CHyk0V',
]);

/** Whether a secret can be guessed by who tries the usual ones. It says nothing about secrets that were made badly otherwise. */
export function isWeakSecret(secret: string): boolean {
  const text = secret.trim();
  return text.length < shortest || isPublished(text) || isWritten(text) || isMonotonous(text);
}

const isPublished = (text: string) => published.has(createHash('sha256').update(text).digest('base64url').slice(0, 16));

/** Whether it has words of an example in it, however they are written, or is a sentence. */
const isWritten = (text: string) =>
  words.test(text.toLowerCase().replace(/[^a-z]/g, '')) || /^[A-Z]?[a-z]+([-_. ][a-z]+){3,}[a-z0-9!.]*$/.test(text);

/** Whether it has few different characters, the same again and again, or counts up or down. */
function isMonotonous(text: string): boolean {
  if (new Set(text).size < 7) return true;
  if (repeats(text)) return true;
  let steps = 0;
  for (let i = 1; i < text.length; i++) if (Math.abs(text.charCodeAt(i) - text.charCodeAt(i - 1)) <= 1) steps++;
  return steps * 2 >= text.length - 1;
}

/** Whether it begins anew at or before its half, also where the last round is cut off. */
function repeats(text: string): boolean {
  for (let round = 1; round * 2 <= text.length; round++) if (text.startsWith(text.slice(round))) return true;
  return false;
}
