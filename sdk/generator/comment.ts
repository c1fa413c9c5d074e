// Comments of the generated files.

/** A doc comment, on one line where it fits into 120 columns. */
export function comment(text: string | undefined, indent: string): string {
  if (text === undefined || text.trim() === '') return '';
  const safe = text.replaceAll('*/', '*\\/').trim();
  if (!safe.includes('\n') && indent.length + safe.length + 7 <= 120) return `${indent}/** ${safe} */\n`;
  const lines = safe.split('\n').flatMap(line => wrapped(line, 117 - indent.length));
  return `${indent}/**\n${lines.map(line => `${indent} *${line === '' ? '' : ` ${line}`}\n`).join('')}${indent} */\n`;
}

function wrapped(line: string, width: number): string[] {
  const lines = [''];
  for (const word of line.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + word.length + 1 > width) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines;
}
