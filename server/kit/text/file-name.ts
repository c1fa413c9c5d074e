// The file name that a server declares, sanitized.

/** The name in a Content-Disposition, else the last part of the URL's path; undefined if neither has one. */
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

/** A name without folders, control characters or bidirectional marks; '' if nothing is left. */
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
  // The extension tells the file type, so keep it.
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
