// A text with the words that were searched for marked in it.
const fold = (text: string) =>
  text
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .toLowerCase();

/** Where words begin in a text, without case and accents; the last of them may be a beginning. */
export function placesOf(text: string, words: readonly string[]): { start: number; end: number }[] {
  const wanted = words.map(fold).filter(Boolean);
  if (wanted.length === 0) return [];
  return [...text.matchAll(/[\p{L}\p{N}]+/gu)].flatMap(({ 0: word, index }) => {
    const folded = fold(word);
    const hit = wanted.find((each, at) => (at === wanted.length - 1 ? folded.startsWith(each) : folded === each));
    return hit === undefined ? [] : [{ start: index, end: index + Math.min(word.length, hit.length) }];
  });
}

export function Marked({ text, words }: { text: string; words: readonly string[] }) {
  let end = 0;
  const parts = placesOf(text, words).map(place => {
    const before = text.slice(end, place.start);
    end = place.end;
    return (
      <span key={place.start}>
        {before}
        <mark className="rounded-[2px] bg-accent-soft font-strong text-accent-text">
          {text.slice(place.start, place.end)}
        </mark>
      </span>
    );
  });
  return (
    <>
      {parts}
      {text.slice(end)}
    </>
  );
}
