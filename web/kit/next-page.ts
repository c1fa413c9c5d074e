// Where the app goes after a login: a link says it, and anybody can write a link.

/** The path of a page of this origin that a link asks for. Undefined for everything else. */
export function nextPage(asked: unknown, origin: string): string | undefined {
  if (typeof asked !== 'string' || !asked.startsWith('/') || !URL.canParse(asked, origin)) return undefined;
  // Browsers drop tabs and line ends, and take a backslash for a slash: only a parser knows where a link leads.
  const { pathname, search, hash } = new URL(asked, origin);
  const path = pathname + search + hash;
  // Removed dots may leave two slashes, which begin the name of a host.
  return [asked, path].every(link => URL.canParse(link, origin) && new URL(link, origin).origin === origin)
    ? path
    : undefined;
}
