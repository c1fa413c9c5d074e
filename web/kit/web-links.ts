// The links of the web in a text. Nothing else of a text can be followed.

const link = /https?:\/\/[^\s<>"'“”‘’\u202a-\u202e\u2066-\u2069]+/giu;
/** Marks that end a sentence or a format, rather than a link. */
const tail = /[.,;:!?)\]}…*_~`]+$/u;

interface Part {
  at: number;
  text: string;
  href?: string;
}

/** Splits a text at its links. */
export function partsOf(text: string): Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (const match of text.matchAll(link)) {
    const found = match[0].replace(tail, '');
    const href = hrefOf(found);
    if (href === undefined) continue;
    if (match.index > from) parts.push({ at: from, text: text.slice(from, match.index) });
    parts.push({ at: match.index, text: found, href });
    from = match.index + found.length;
  }
  if (from < text.length) parts.push({ at: from, text: text.slice(from) });
  return parts;
}

function hrefOf(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, href } = new URL(text);
  return protocol === 'https:' || protocol === 'http:' ? href : undefined;
}
