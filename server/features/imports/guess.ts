// Guesses the targets of columns by their names in four languages, and by their values.
import type { FieldRule } from '../contacts/index.ts';
import { foldedText } from './folded-text.ts';

/** The names of columns, as `nameOf` writes them. */
const names: Record<string, string> = {
  ...all('phone', [
    ...['phone', 'phonenumber', 'mobile', 'mobilephone', 'mobilenumber', 'cell', 'cellphone', 'tel', 'telephone'],
    ...['whatsapp', 'whatsappnumber', 'telefone', 'telemovel', 'celular', 'movel', 'fone'],
    ...['numerodetelefone', 'numerodecelular', 'telefono', 'movil', 'numerodetelefono', 'هاتف', 'الهاتف', 'رقمالهاتف'],
    ...['جوال', 'الجوال', 'رقمالجوال', 'موبايل', 'واتساب', 'phone1value', 'primaryphone'],
  ]),
  ...all('name', [
    ...['name', 'fullname', 'contact', 'contactname', 'customer', 'client', 'firstname', 'lastname', 'givenname'],
    ...['familyname', 'surname', 'nome', 'nomecompleto', 'sobrenome', 'apelido', 'cliente', 'contato', 'contacto'],
    ...['nombre', 'nombrecompleto', 'apellido', 'apellidos', 'اسم', 'الاسم', 'الاسمالكامل', 'الاسمالاول', 'العائلة'],
  ]),
  ...all('country', [
    'country',
    'countrycode',
    'pais',
    'codigodopais',
    'codigodepais',
    'بلد',
    'البلد',
    'الدولة',
    'دولة',
  ]),
  ...all('reference', [
    ...['reference', 'ref', 'externalid', 'customerid', 'clientid', 'customerno', 'code', 'referencia', 'codigo'],
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
  const text = cell.replaceAll(/\p{Cf}/gu, '');
  if (!/^[+\s\d\p{Nd}().\-/']+$/u.test(text)) return false;
  const digits = text.replaceAll(/[^\p{Nd}]/gu, '').length;
  return digits >= 7 && digits <= 15;
};

/** The share of the cells of a column that are numbers. */
function shareOfNumbers(rows: readonly string[][], at: number): number {
  const cells = rows.map(row => row[at]?.trim() ?? '').filter(cell => cell !== '');
  return cells.length === 0 ? 0 : cells.filter(isNumber).length / cells.length;
}

/** Several columns may be these. */
const repeatable = new Set(['name', 'labels', 'leave_out']);

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
  const targets = Array.from({ length: width }, (_, at) => {
    const name = nameOf(header?.[at] ?? '');
    const field = byField.get(name);
    // A column with the exact name of a field is that field, but the words for a phone and a name come first.
    const known = Object.hasOwn(names, name) ? names[name] : undefined;
    if (known !== undefined && name !== '') return take(known);
    return field === undefined ? 'leave_out' : take(`fields.${field}`);
  });
  if (taken.has('phone')) return targets;
  const best = targets
    .map((target, at) => ({ at, share: target === 'leave_out' ? shareOfNumbers(rows, at) : 0 }))
    .reduce((left, right) => (right.share > left.share ? right : left), { at: -1, share: 0 });
  if (best.share >= 0.8) targets[best.at] = 'phone';
  return targets;
}

/** Whether the first row has names: words that we know, or else no values, where other rows follow. */
export function looksLikeHeader(first: readonly string[], othersFollow: boolean): boolean {
  if (first.some(cell => nameOf(cell) !== '' && Object.hasOwn(names, nameOf(cell)))) return true;
  return othersFollow && first.every(cell => !isNumber(cell) && !/\d{4}|@/.test(cell));
}
