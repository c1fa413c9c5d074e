// Guesses the targets of columns by their names in four languages, and by their values.
import type { FieldRule } from '../contacts/index.ts';
import { foldedText } from './folded-text.ts';

/** The names of columns with a number, the likeliest to reach a person first. */
const phoneNames: readonly (readonly string[])[] = [
  ['whatsapp', 'whatsappnumber', 'whatsappphone', 'whatsappphonenumber', 'waid', 'numerodewhatsapp', 'واتساب'],
  [
    ...['mobile', 'mobilephone', 'mobilenumber', 'mobilephonenumber', 'mobileno', 'cell', 'cellphone', 'cellnumber'],
    ...['cellphonenumber', 'sms', 'telemovel', 'celular', 'movel', 'numerodecelular', 'telefonecelular', 'movil'],
    ...['telefonomovil', 'telefonocelular', 'جوال', 'الجوال', 'رقمالجوال', 'موبايل'],
  ],
  [
    ...['phone', 'phonenumber', 'primaryphone', 'phone1value', 'tel', 'telephone', 'phoneno', 'telefone', 'fone'],
    ...['numerodetelefone', 'telefono', 'numerodetelefono', 'هاتف', 'الهاتف', 'رقمالهاتف', 'homephone', 'workphone'],
    ...['businessphone', 'otherphone', 'phone2value', 'phone3value', 'phone4value', 'phone2', 'phone3', 'telefone2'],
  ],
];
/** A column with these names may also say yes or no. */
const phoneOrNot = new Set(['sms', 'whatsapp', 'واتساب']);

/** The names of columns with a part of a name, which count where no column has the whole one. */
const partNames = [
  ...['firstname', 'middlename', 'lastname', 'givenname', 'additionalname', 'familyname', 'surname', 'forename'],
  ...['primeironome', 'sobrenome', 'apelido', 'primernombre', 'apellido', 'apellidos', 'الاسمالاول', 'العائلة'],
];

/** The names of columns, as `nameOf` writes them. */
const names: Record<string, string> = {
  ...all('phone', phoneNames.flat()),
  ...all('name', [
    ...['name', 'fullname', 'displayname', 'contact', 'contactname', 'customer', 'customername', 'client', 'nome'],
    ...['nomecompleto', 'cliente', 'contato', 'contacto', 'nombre', 'nombrecompleto', 'اسم', 'الاسم', 'الاسمالكامل'],
    ...partNames,
  ]),
  ...all('contact_id', ['id']),
  ...all('country', [
    'country',
    'countrycode',
    'countryregion',
    'callingcode',
    'dialcode',
    'phonecountrycode',
    'ddi',
    'pais',
    'codigodopais',
    'codigodepais',
    'بلد',
    'البلد',
    'الدولة',
    'دولة',
  ]),
  ...all('reference', [
    ...[
      'reference',
      'ref',
      'externalid',
      'customerid',
      'clientid',
      'customerno',
      'code',
      'recordid',
      'referencia',
      'codigo',
    ],
    ...['iddocliente', 'codigodocliente', 'codigodelcliente', 'مرجع', 'المرجع', 'رقمالعميل'],
  ]),
  ...all('language', ['language', 'lang', 'locale', 'idioma', 'lingua', 'لغة', 'اللغة']),
  ...all('labels', [
    'labels',
    'label',
    'tags',
    'tag',
    'groups',
    'etiquetas',
    'etiqueta',
    'grupos',
    'marcadores',
    'وسوم',
    'تصنيفات',
  ]),
  ...all('opt_out', [
    ...['optout', 'optedout', 'unsubscribed', 'unsubscribe', 'donotcontact', 'stop', 'descadastrado', 'cancelado'],
    ...['naocontactar', 'nocontactar', 'baja', 'desuscrito', 'الغاءالاشتراك'],
  ]),
};

function all(target: string, words: string[]): Record<string, string> {
  return Object.fromEntries(words.map(word => [word, target]));
}

/** The letters and digits of a name, without case and accents, and with one form of each Arabic letter. */
const nameOf = (text: string): string =>
  foldedText(text)
    .replaceAll(/[أإآ]/g, 'ا')
    .replaceAll(/[^\p{L}\p{N}]/gu, '');

/** Whether a cell looks like a phone number: 7 to 15 digits, and nothing that numbers do not have. */
const isNumber = (cell: string): boolean => {
  const text = (cell.split(':::')[0] ?? '').replaceAll(/\p{Cf}/gu, '');
  // A spreadsheet shortened it.
  if (/^\d([.,]\d+)?e\+\d+$/i.test(text.trim())) return true;
  if (!/^[+\s\d\p{Nd}().\-/']+$/u.test(text)) return false;
  const digits = text.replaceAll(/[^\p{Nd}]/gu, '').length;
  return digits >= 7 && digits <= 15;
};

/** The share of the cells of a column that are numbers. */
function shareOfNumbers(rows: readonly string[][], at: number): number {
  const cells = cellsAt(rows, at);
  return cells.length === 0 ? 0 : cells.filter(isNumber).length / cells.length;
}

/** Several columns may be these. */
const repeatable = new Set(['name', 'labels', 'leave_out']);

const isPart = new Set(partNames);

/** The target of each column. `header`: the names, where the file has them. */
export function guessTargets(
  header: readonly string[] | undefined,
  rows: readonly string[][],
  width: number,
  fields: readonly (Pick<FieldRule, 'key'> & { name: string })[],
): string[] {
  const byField = new Map(
    fields.flatMap(({ key, name }) => [name, key, `fields.${key}`].map(word => [nameOf(word), key])),
  );
  const taken = new Set<string>();
  const take = (target: string): string => {
    if (repeatable.has(target)) return target;
    if (taken.has(target)) return 'leave_out';
    taken.add(target);
    return target;
  };
  const called = Array.from({ length: width }, (_, at) => nameOf(header?.[at] ?? ''));
  const known = called.map(name => (name !== '' && Object.hasOwn(names, name) ? names[name] : undefined));
  const targets = called.map((name, at) => {
    const target = known[at];
    if (target === 'phone') return 'leave_out';
    // Only an export of ours has the ids of contacts in such a column.
    if (target === 'contact_id' && !cellsAt(rows, at).every(cell => /^con_/.test(cell))) return 'leave_out';
    // A column with the exact name of a field is that field, but the words for a phone and a name come first.
    if (target !== undefined) return take(target);
    const field = byField.get(name);
    return field === undefined ? 'leave_out' : take(`fields.${field}`);
  });
  leaveOutParts(called, targets, rows);
  choosePhones(called, known, targets, rows);
  return targets;
}

/** The cells of a column that are not empty. */
const cellsAt = (rows: readonly string[][], at: number): string[] =>
  rows.map(row => row[at]?.trim() ?? '').filter(cell => cell !== '');

/** Where a column has the whole name, its parts would name the person twice. */
function leaveOutParts(called: readonly string[], targets: string[], rows: readonly string[][]): void {
  const whole = targets.findIndex(
    (target, at) =>
      target === 'name' && !isPart.has(called[at] ?? '') && (rows.length === 0 || cellsAt(rows, at).length > 0),
  );
  const hasParts = targets.some((target, at) => target === 'name' && isPart.has(called[at] ?? ''));
  if (!hasParts) return;
  // A column for the whole name that is empty is of no use beside the parts.
  for (const [at, target] of targets.entries())
    if (target === 'name' && (whole < 0 ? !isPart.has(called[at] ?? '') : at !== whole)) targets[at] = 'leave_out';
}

/** WhatsApp, then mobile, then phone: the first is the number, and the others count where it is empty. */
function choosePhones(
  called: readonly string[],
  known: readonly (string | undefined)[],
  targets: string[],
  rows: readonly string[][],
): void {
  const rankOf = (at: number) => phoneNames.findIndex(each => each.includes(called[at] ?? ''));
  const all = called
    .map((name, at) => ({ name, at, isEmpty: cellsAt(rows, at).length === 0, share: shareOfNumbers(rows, at) }))
    .filter(({ at }) => known[at] === 'phone');
  const filled = all
    .filter(({ isEmpty, share }) => isEmpty || share >= 0.5)
    .sort((left, right) => Number(left.isEmpty) - Number(right.isEmpty) || rankOf(left.at) - rankOf(right.at));
  const [first, ...others] = filled.length > 0 ? filled : all.filter(({ name }) => !phoneOrNot.has(name)).slice(0, 1);
  if (first) {
    targets[first.at] = 'phone';
    for (const { at } of others) targets[at] = 'second_phone';
    return;
  }
  const best = targets
    .map((target, at) => ({ at, share: target === 'leave_out' ? shareOfNumbers(rows, at) : 0 }))
    .reduce((left, right) => (right.share > left.share ? right : left), { at: -1, share: 0 });
  if (best.share >= 0.8) targets[best.at] = 'phone';
}

/** Whether the first row has names: words that we know, or else no values, where other rows follow. */
export function looksLikeHeader(first: readonly string[], othersFollow: boolean): boolean {
  if (first.some(cell => nameOf(cell) !== '' && Object.hasOwn(names, nameOf(cell)))) return true;
  return othersFollow && first.every(cell => !isNumber(cell) && !/\d{4}|@/.test(cell));
}
