// A row of a file as the values of a contact, or as what is wrong with it.
import {
  csvText,
  type FieldValue,
  type ImportRowCode,
  idSchema,
  mostLabels,
  type OptOutCategory,
} from '@recado/contract';
import { newUuid, toUuid } from '../../kit/ids.ts';
import type { CsvRow, QuoteFault } from '../../kit/text/csv-reader.ts';
import { callingCodeIn, countryNamed, type FieldRule } from '../contacts/index.ts';
import { type DateOrder, readFieldCell, yesOrNo } from './field-text.ts';
import { foldedText } from './folded-text.ts';
import type { Suggestion } from './import.ts';
import type { LabelBook, LabelFault } from './labels.ts';
import { type FileCountries, type NumberHints, readPhoneCell } from './phone-cell.ts';

export interface RowSettings {
  default_country: string | null;
  numbers_have_country_code?: boolean;
  dates: DateOrder;
  opt_out_category: OptOutCategory;
}

/** A row as the table of rows takes it. Undefined values are left out. */
export interface ReadRow {
  number: number;
  fresh: string;
  code?: ImportRowCode | undefined;
  message?: string | undefined;
  wrong_column?: number | undefined;
  suggestion?: Suggestion | undefined;
  cells?: string[] | undefined;
  mended?: true | undefined;
  key?: string | undefined;
  name?: string | undefined;
  phone?: string | undefined;
  /** The number is that of a second column. */
  second_phone?: true | undefined;
  /** The id of the contact, as an export has it. */
  given?: string | undefined;
  reference?: string | undefined;
  language?: string | undefined;
  fields?: Record<string, FieldValue> | undefined;
  labels?: string[] | undefined;
  /** The values kept for campaigns, by the keys of the columns. */
  kept?: Record<string, string> | undefined;
  opt_out?: OptOutCategory | undefined;
}

export interface RowReader {
  /** The target of each column, in their order. */
  targets: readonly string[];
  /** The keys of the columns that are kept for campaigns, in the places of their columns. */
  keys?: readonly (string | undefined)[];
  settings: RowSettings;
  rules: readonly FieldRule[];
  labels: LabelBook;
  /** The countries of the file. */
  countries?: FileCountries;
}

/** How many rows get a suggestion, which costs milliseconds each. */
const mostSuggestions = 1_000;
const [longestName, longestReference, longestKept] = [200, 200, 1_000];

interface Fault {
  code: ImportRowCode;
  message: string;
  column?: number;
  suggestion?: ReadRow['suggestion'];
}

/** A cell without the apostrophes that disarm formulas, and without space around it. */
const armed = (cell: string): string => csvText(cell).trim();

const noCountries: FileCountries = { seen: new Set(), home: [] };

/** Of these columns each has one line: a line break in them comes from a quote that does not close. */
const ofOneLine = new Set(['name', 'phone', 'second_phone']);

const quoteFaults: Record<QuoteFault['code'], (fault: QuoteFault) => string> = {
  quote_not_closed: ({ line, until }) =>
    line === until
      ? `Line ${line}: a quote is not closed.`
      : `Line ${line}: a quote is not closed. Lines ${line} to ${until} are left out.`,
  text_after_quote: ({ line }) => `Line ${line}: text follows a closing quote. Write "" for a quote inside.`,
};

/** A row whose quotes cannot be read, as an invalid one. */
export const brokenRow = ({ number, cells }: CsvRow, fault: QuoteFault): ReadRow => ({
  number,
  fresh: newUuid(),
  code: fault.code,
  message: quoteFaults[fault.code](fault),
  cells,
});

const labelFaults: Record<LabelFault, (name: string) => string> = {
  label_invalid: name => `The label "${name}…" is too long. A label has at most 50 characters.`,
  label_unknown: name => `There is no label "${name}". Create it, or let the import create labels.`,
  too_many_labels: name => `The label "${name}" would be one more than ${mostLabels}. Delete labels, or leave it out.`,
};

/** Returns the function that reads the rows of a file, in their order. */
export function rowReader({
  targets,
  keys = [],
  settings,
  rules,
  labels,
  countries = noCountries,
}: RowReader): (cells: string[], number: number) => ReadRow {
  const byKey = new Map(rules.map(rule => [rule.key, rule]));
  const countryAt = targets.indexOf('country');
  const columns = targets.flatMap((target, at) =>
    ['leave_out', 'country', 'second_phone'].includes(target) ? [] : [{ target, at }],
  );
  let suggested = 0;
  const phonesAt = [
    targets.indexOf('phone'),
    ...targets.flatMap((target, at) => (target === 'second_phone' ? [at] : [])),
  ].filter(at => at >= 0);

  /** The country of the number by its own column, or the usual one. */
  function hintsIn(cells: string[]): Pick<NumberHints, 'country' | 'callingCode'> | Fault {
    const cell = armed(cells[countryAt] ?? '');
    const usual = settings.default_country ?? undefined;
    if (countryAt < 0 || cell === '') return { country: usual };
    const country = countryNamed(cell);
    if (country !== undefined) return { country };
    const callingCode = callingCodeIn(cell);
    if (callingCode !== undefined) return { country: usual, callingCode };
    const message = `"${shortened(cell)}" is not a country. Write its two letters or its calling code, like BR or 55.`;
    return { code: 'country_unknown', message, column: countryAt + 1 };
  }

  return (cells, number) => {
    const row: ReadRow = { number, fresh: newUuid() };
    const faults: Fault[] = [];
    const extra = cells.findIndex((cell, at) => at >= targets.length && cell.trim() !== '');
    if (extra >= 0)
      faults.push({
        code: 'too_many_cells',
        message: `The row has ${cells.length} cells, and the file has ${targets.length} columns. Put cells with the delimiter in quotes.`,
      });
    for (const { target, at: place } of columns) {
      // The first number that there is.
      const at = target === 'phone' ? (phonesAt.find(each => !isEmpty(cells[each])) ?? place) : place;
      const text = armed(cells[at] ?? '');
      if (text === '') continue;
      if (at !== place) row.second_phone = true;
      const fault =
        lineBreakIn(target, text) ?? (target === 'phone' ? readPhone(cells, at, row) : take(target, at, text, row));
      if (fault) faults.push({ column: at + 1, ...fault });
    }
    if (row.name !== undefined && row.name.length > longestName) {
      faults.push({ code: 'name_invalid', message: `The name has more than ${longestName} characters.` });
      row.name = row.name.slice(0, longestName);
    }
    if (row.reference !== undefined && row.reference.length > longestReference) {
      const message = `The reference has more than ${longestReference} characters.`;
      faults.push({ code: 'reference_invalid', message });
      row.reference = undefined;
    }
    if (row.phone !== undefined) row.key = row.phone;
    else if (row.given !== undefined) row.key = `contact ${row.given}`;
    else if (row.reference !== undefined) row.key = `reference ${row.reference}`;
    if (faults.length === 0 && row.phone === undefined && row.name === undefined)
      faults.push({
        code: 'nobody_named',
        message: 'The row has neither a name nor a phone number. One of them is needed.',
      });
    const [fault] = faults;
    if (!fault) return row;
    const { code, message, column } = fault;
    const suggestion =
      fault.suggestion && faults.length > 1 ? { ...fault.suggestion, more: true as const } : fault.suggestion;
    return { ...row, code, message, wrong_column: column, suggestion, cells, key: undefined };
  };

  function take(target: string, at: number, text: string, row: ReadRow): Fault | undefined {
    switch (target) {
      case 'name':
        row.name = row.name === undefined ? text : `${row.name} ${text}`;
        return undefined;
      case 'contact_id':
        return readContactId(text, row);
      case 'reference':
        row.reference = text;
        return undefined;
      case 'language':
        return readLanguage(text, row);
      case 'labels':
        return readLabels(text, row);
      case 'opt_out':
        return readOptOut(text, row);
      case 'value':
        return keep(keys[at], text, row);
      default:
        return readField(target.slice('fields.'.length), text, row);
    }
  }

  function readPhone(cells: string[], at: number, row: ReadRow): Fault | undefined {
    const own = hintsIn(cells);
    const read = readPhoneCell(cells[at] ?? '', {
      country: undefined,
      ...('code' in own ? {} : own),
      haveCountryCode: settings.numbers_have_country_code,
      countries,
      suggests: suggested < mostSuggestions,
    });
    if (read === undefined) return undefined;
    if ('phone' in read) {
      row.phone = read.phone;
      return undefined;
    }
    suggested++;
    // A number with a + needs no country.
    return 'code' in own ? own : read;
  }

  function readLabels(text: string, row: ReadRow): Fault | undefined {
    const read = labels.read(text);
    if ('fault' in read) return { code: read.fault, message: labelFaults[read.fault](read.name) };
    row.labels = [...new Set([...(row.labels ?? []), ...read.names])];
    return undefined;
  }

  function readOptOut(text: string, row: ReadRow): Fault | undefined {
    const word = foldedText(text);
    const says = word === 'marketing' || word === 'all' ? word : yesOrNo(text);
    if (says === undefined)
      return {
        code: 'opt_out_invalid',
        message: `"${shortened(text)}" is not an opt-out. Write yes, no, marketing or all.`,
      };
    if (says !== false) row.opt_out = says === true ? settings.opt_out_category : says;
    return undefined;
  }

  function readField(key: string, text: string, row: ReadRow): Fault | undefined {
    const rule = byKey.get(key);
    // The field was deleted since.
    if (!rule) return undefined;
    const read = readFieldCell(text, rule, settings.dates);
    if ('must' in read) return { code: 'field_invalid', message: `The field ${key}: ${read.must}` };
    row.fields = { ...row.fields, [key]: read.value };
    return undefined;
  }
}

/** An apostrophe and what people do not see are no number. */
const isEmpty = (cell = ''): boolean => cell.replaceAll(/[\p{Cf}\s']/gu, '') === '';

function lineBreakIn(target: string, text: string): Fault | undefined {
  if (!ofOneLine.has(target) || !/[\r\n]/.test(text)) return undefined;
  const what = target === 'name' ? 'name' : 'number';
  return {
    code: 'line_break',
    message: `The ${what} has a line break: a quote may not be closed. Write the ${what} in one line.`,
  };
}

function readContactId(text: string, row: ReadRow): Fault | undefined {
  if (!idSchema('contact').safeParse(text).success)
    return {
      code: 'contact_id_invalid',
      message: `"${shortened(text)}" is not the id of a contact. Leave the column out.`,
    };
  row.given = toUuid(text);
  return undefined;
}

function keep(key: string | undefined, text: string, row: ReadRow): Fault | undefined {
  if (key === undefined) return undefined;
  if (text.length > longestKept) {
    const message = `The value for campaigns has more than ${longestKept.toLocaleString('en')} characters.`;
    return { code: 'value_too_long', message };
  }
  row.kept = { ...row.kept, [key]: text };
  return undefined;
}

function readLanguage(text: string, row: ReadRow): Fault | undefined {
  const [language = '', place] = text.split(/[-_]/, 2);
  const code = place === undefined ? language.toLowerCase() : `${language.toLowerCase()}_${regionOf(place)}`;
  if (!/^[a-z]{2,3}(_[A-Z][A-Za-z]{1,3})?$/.test(code))
    return {
      code: 'language_invalid',
      message: `"${shortened(text)}" is not a language. Write a code like pt or pt_BR.`,
    };
  row.language = code;
  return undefined;
}

/** Regions are in capitals, scripts have one. */
const regionOf = (place: string) =>
  place.length > 3 ? `${place.slice(0, 1).toUpperCase()}${place.slice(1).toLowerCase()}` : place.toUpperCase();

const shortened = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
