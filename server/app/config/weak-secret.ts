// Secrets that stop the start: too short, published, or not random.
import { createHash } from 'node:crypto';

const shortest = 32;

/** Words that people use as placeholders. A random text of any length hardly contains one. */
const words =
  /changeme|changethis|replaceme|replacethis|placeholder|yoursecret|yourkey|yourjwt|yoursuper|example|secret|password|default|insecure|development|localhost|qwerty|letmein|keyboard|notsecure|signingkey|privatekey|accesstoken|thisis|recado|whatsapp/;

/**
 * Keys published as defaults or in manuals, and keys that this repository's tests once used. Stored as the start of
 * their SHA-256, so that scanners and readers find no key here.
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

/** Whether a secret is easy to guess by trying common ones. It cannot detect other bad ways to make a secret. */
export function isWeakSecret(secret: string): boolean {
  const text = secret.trim();
  return text.length < shortest || isPublished(text) || isWritten(text) || isMonotonous(text);
}

const isPublished = (text: string) => published.has(createHash('sha256').update(text).digest('base64url').slice(0, 16));

/** Whether it contains a placeholder word in any spelling, or is a sentence. */
const isWritten = (text: string) =>
  words.test(text.toLowerCase().replace(/[^a-z]/g, '')) || /^[A-Z]?[a-z]+([-_. ][a-z]+){3,}[a-z0-9!.]*$/.test(text);

/** Whether it has few different characters, repeats itself, or counts up or down. */
function isMonotonous(text: string): boolean {
  if (new Set(text).size < 7) return true;
  if (repeats(text)) return true;
  let steps = 0;
  for (let i = 1; i < text.length; i++) if (Math.abs(text.charCodeAt(i) - text.charCodeAt(i - 1)) <= 1) steps++;
  return steps * 2 >= text.length - 1;
}

/** Whether it repeats from its middle or earlier; the last repetition may be cut off. */
function repeats(text: string): boolean {
  for (let round = 1; round * 2 <= text.length; round++) if (text.startsWith(text.slice(round))) return true;
  return false;
}
