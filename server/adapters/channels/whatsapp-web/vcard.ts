// Reads the vCards of contact messages as contact cards.
import type { Json } from './values.ts';

interface Line {
  name: string;
  types: string[];
  waId: string | undefined;
  value: string;
}

const most = 50;
const unescaped = (text: string): string =>
  text.replaceAll(/\\([\\,;nN])/g, (_, char) => (char === 'n' || char === 'N' ? '\n' : char)).trim();
const parts = (value: string): string[] => value.split(/(?<!\\);/).map(unescaped);

function lineOf(text: string): Line | undefined {
  const found = /^(?:[\w-]+\.)?([\w-]+)((?:;[^:]*)?):(.*)$/s.exec(text);
  if (!found) return undefined;
  const [, name = '', parameters = '', value = ''] = found;
  const given = parameters.split(';').filter(each => each !== '');
  const waId = given.find(each => /^waid=/i.test(each))?.slice('waid='.length);
  const types = given.flatMap(each => {
    if (/^type=/i.test(each)) return each.slice('type='.length).split(',');
    return each.includes('=') ? [] : [each];
  });
  return { name: name.toUpperCase(), types: types.map(type => type.toUpperCase()), waId, value };
}

const typed = (name: string, line: Line): Json => {
  const type = line.types.find(each => !['PREF', 'INTERNET', 'VOICE'].includes(each));
  return { [name]: unescaped(line.value), ...(type !== undefined && { type }) };
};

function nameOf(lines: Line[], displayName: string | undefined): Json {
  const [last, first, middle, prefix, suffix] = parts(lines.find(({ name }) => name === 'N')?.value ?? '');
  const formatted = lines.find(({ name }) => name === 'FN')?.value;
  const shown = (formatted && unescaped(formatted)) || displayName || [first, last].filter(Boolean).join(' ');
  const given = { first_name: first, last_name: last, middle_name: middle, prefix, suffix };
  return { formatted_name: shown || '?', ...Object.fromEntries(Object.entries(given).filter(([, text]) => text)) };
}

/** A contact card with the fields of those that are sent. Lines that it does not know are left out. */
export function cardOf(vcard: string, displayName: string | undefined): Json {
  // A long line goes on behind a space.
  const lines = vcard
    .replaceAll(/\r?\n[ \t]/g, '')
    .split(/\r?\n/)
    .map(lineOf)
    .filter(line => line !== undefined);
  const all = (name: string) => lines.filter(line => line.name === name).slice(0, most);
  const phones = all('TEL').map(line => ({
    ...typed('phone', line),
    ...(line.waId !== undefined && /^\d{5,20}$/.test(line.waId) && { wa_id: line.waId }),
  }));
  const emails = all('EMAIL').map(line => typed('email', line));
  const urls = all('URL').map(line => typed('url', line));
  const [company, department] = parts(all('ORG')[0]?.value ?? '');
  const title = all('TITLE')[0]?.value;
  const org = Object.fromEntries(
    Object.entries({ company, department, title: title && unescaped(title) }).filter(([, text]) => text),
  );
  return {
    name: nameOf(lines, displayName),
    ...(phones.length > 0 && { phones }),
    ...(emails.length > 0 && { emails }),
    ...(urls.length > 0 && { urls }),
    ...(Object.keys(org).length > 0 && { org }),
  };
}
