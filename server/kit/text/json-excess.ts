// Finds JSON with too many values, too many fields or too deep nesting, without parsing it.

export interface JsonLimits {
  /** The most values, containers among them. */
  values: number;
  /** The most fields of one object. */
  fields: number;
  /** The most levels. Recursive code, such as JSON.stringify, would fail at greater depth. */
  levels: number;
}

const [quote, backslash, comma, colon] = [0x22, 0x5c, 0x2c, 0x3a];
const [openBracket, closeBracket, openBrace, closeBrace] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Which limit a text exceeds first; undefined if it exceeds none. */
export function excessOf(text: string, limits: JsonLimits): keyof JsonLimits | undefined {
  // The fields so far of the objects that are open, by depth.
  const fields: number[] = [];
  let depth = 0;
  let values = 1;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) at = endOfString(text, at);
    else if (code === comma) {
      if (++values > limits.values) return 'values';
    } else if (code === colon) {
      const count = (fields[depth] ?? 0) + 1;
      if (count > limits.fields) return 'fields';
      fields[depth] = count;
    } else if (code === openBracket || code === openBrace) {
      fields[depth + 1] = 0;
      if (++depth > limits.levels) return 'levels';
      // The first of its values has no comma before it.
      if (++values > limits.values) return 'values';
    } else if (code === closeBracket || code === closeBrace) depth--;
  }
  return undefined;
}

/** The same for bytes in UTF-8. */
export const excessOfBytes = (bytes: Buffer, limits: JsonLimits) =>
  // No byte of a longer character is one of the signs above, and a text with a byte each is scanned fast.
  excessOf(bytes.toString('latin1'), limits);

/** The index of the quote that ends the string at `begin`; the last index if there is none. */
function endOfString(text: string, begin: number): number {
  for (let at = text.indexOf('"', begin + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let escapes = 0;
    while (text.charCodeAt(at - 1 - escapes) === backslash) escapes++;
    if (escapes % 2 === 0) return at;
  }
  return text.length;
}
