// What the other side calls a file: read out of its headers, and made harmless.

/** The name in a Content-Disposition, else the last part of the address; undefined where neither gives one. */
export function declaredName(disposition: string | undefined, url: URL): string | undefined {
  const extended = /(?:^|;)\s*filename\*\s*=\s*(?:utf-8|iso-8859-1)'[^']*'([^\s;]+)/i.exec(disposition ?? '')?.[1];
  const [, quoted, plain] = /(?:^|;)\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;]+))/i.exec(disposition ?? '') ?? [];
  const candidates = [
    extended && decoded(extended),
    quoted?.replace(/\\(.)/g, '$1') ?? plain,
    decoded(url.pathname.slice(url.pathname.lastIndexOf('/') + 1)),
  ];
  for (const candidate of candidates) {
    const name = candidate && safeName(candidate);
    if (name) return name;
  }
  return undefined;
}

const longest = 200;

/** A name without folders, control characters, and marks that turn the direction of the text; '' where nothing is left. */
export function safeName(text: string): string {
  const name = text
    .toWellFormed()
    .normalize('NFC')
    .replace(/^.*[/\\]/s, '')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}<>:"|?*]/gu, '')
    .trim()
    .replace(/^\.+/, '');
  const letters = [...name];
  if (letters.length <= longest) return name;
  // The end says what kind of file it is.
  const ending = /\.[\p{L}\p{N}]{1,10}$/u.exec(name)?.[0] ?? '';
  return letters.slice(0, longest - [...ending].length).join('') + ending;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
