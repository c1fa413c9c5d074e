/** The letters on the sheet of a document: the ending of its name, or of its type. */
export function endingOf(name: string, mimeType: string | null): string {
  const ending = /\.([a-z0-9]{1,5})$/i.exec(name)?.[1] ?? mimeType?.split('/')[1]?.split(/[.+-]/).at(-1) ?? '';
  return ending.slice(0, 4).toUpperCase() || '…';
}
