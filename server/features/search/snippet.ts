// The part of a text that shows why it was found.

const most = 200;
/** The letters that are shown before the first word that was found. */
const before = 60;

const fold = (text: string) =>
  text
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .toLowerCase();

/** The text around the first of the words, with … where it was cut. */
export function around(text: string, words: readonly string[]): string {
  const plain = text.replaceAll(/\s+/g, ' ').trim();
  if (plain.length <= most) return plain;
  // Folding keeps the length of texts without combining marks, which is close enough for a cut.
  const folded = fold(plain);
  const places = words.map(word => folded.indexOf(fold(word))).filter(place => place >= 0);
  const first = places.length > 0 ? Math.min(...places) : 0;
  const start = first <= before ? 0 : plain.lastIndexOf(' ', first - before / 2) + 1;
  const cut = plain.slice(start, start + most);
  return `${start > 0 ? '…' : ''}${cut}${start + most < plain.length ? '…' : ''}`;
}
