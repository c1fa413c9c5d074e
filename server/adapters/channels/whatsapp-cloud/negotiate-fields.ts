// Sets the callback of an app with as many fields as Meta takes: it refuses a whole list for one name in it.
import type { BusinessFailure, TakenFields } from '../../../ports/business.ts';
import { webhookFields } from './webhook-fields.ts';

/** The one field that Recado cannot do without. */
const indispensable = 'messages';

const mostTries = 10;

/** The codes that say nothing about a field: the callback does not answer, or the token is wrong. */
const notOfFields: ReadonlySet<string> = new Set(['2200', '190', '15', '102']);

/** A refusal with the whole text of Meta, which names fields. */
export interface FieldRefusal {
  failure: BusinessFailure;
  text: string;
}

/**
 * Posts lists of fields until Meta takes one. `earlier`: the fields that the callback has already. The last list has
 * only the indispensable field.
 */
export async function negotiateFields(
  earlier: readonly string[],
  post: (fields: readonly string[]) => Promise<'taken' | FieldRefusal>,
): Promise<{ ok: true; value: TakenFields } | BusinessFailure> {
  const { needed, optional, uncertain } = webhookFields;
  const wanted = [...needed, ...optional, ...uncertain];
  const foreign = earlier.filter(field => !wanted.includes(field));
  // Where Meta does not say which field is wrong, these are left out in turn.
  const groups = [
    uncertain,
    optional,
    [...uncertain, ...optional],
    [...uncertain, ...optional, ...foreign],
    [...wanted, ...foreign],
  ][Symbol.iterator]();
  const all = [...new Set([...needed, ...earlier, ...optional, ...uncertain])];
  const named = new Set<string>();
  let group: readonly string[] = [];
  let fields: readonly string[] = all;
  for (let tries = 1; ; tries++) {
    const answer = await post(fields);
    if (answer === 'taken')
      return { ok: true, value: { taken: fields, refused: wanted.filter(field => !fields.includes(field)) } };
    const { failure, text } = answer;
    const isLast = fields.length === 1 || tries === mostTries;
    if (isLast || failure.kind === 'unreachable' || notOfFields.has(failure.code)) return failure;
    const without = namedIn(text, fields);
    for (const field of without) named.add(field);
    if (without.length === 0) group = groups.next().value ?? wanted;
    const isLeft = (field: string) => !named.has(field) && !group.includes(field) && tries + 1 < mostTries;
    fields = all.filter(field => field === indispensable || isLeft(field));
  }
}

/** The fields that a refusal is about; none if it does not say. */
function namedIn(text: string, fields: readonly string[]): readonly string[] {
  const [list, inside] = /must be one of \{([^}]*)\}/.exec(text) ?? [];
  const offered: readonly string[] = inside?.match(/\w+/g) ?? [];
  // A shortened list lacks fields that Meta takes.
  const isWhole = offered.includes(indispensable) && !/…|\.\./.test(inside ?? '');
  const others = isWhole ? fields.filter(field => !offered.includes(field)) : [];
  if (others.length > 0) return others;
  const place = /\bfields\[(\d+)\]/.exec(text)?.[1];
  const placed = place === undefined ? undefined : fields[Number(place)];
  if (placed !== undefined && placed !== indispensable) return [placed];
  const words = new Set(text.replace(list ?? '', '').match(/\w+/g));
  return fields.filter(field => field !== indispensable && words.has(field));
}
