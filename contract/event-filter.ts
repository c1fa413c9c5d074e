// The filter of an endpoint: which events it gets, by the fields of the event as the API shows it.

export type FilterValue = string | number | boolean | null;

/** One condition about a field, or several that are combined. */
export type EventFilter =
  | { field: string; equals: FilterValue }
  | { field: string; in: FilterValue[] }
  | { field: string; exists: boolean }
  | { and: EventFilter[] }
  | { or: EventFilter[] };

export interface FilterMistake {
  path: (string | number)[];
  message: string;
}

const deepest = 4;
const mostConditions = 50;
const mostValues = 50;
const longestText = 500;
const operators = ['equals', 'in', 'exists'] as const;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Returns what is wrong with a filter, each with its place; nothing if it is valid. */
export function checkFilter(filter: unknown): FilterMistake[] {
  let conditions = 0;

  function check(part: unknown, path: (string | number)[], depth: number): FilterMistake[] {
    const mistake = (message: string, ...more: (string | number)[]) => [{ path: [...path, ...more], message }];
    if (!isObject(part)) return mistake('Must be a condition, or an object with and or or.');
    const names = Object.keys(part);
    const group = 'and' in part ? 'and' : 'or' in part ? 'or' : undefined;
    if (group !== undefined) {
      const extra = names.find(name => name !== group);
      if (extra !== undefined) return mistake(`Must not stand beside ${group}.`, extra);
      if (depth === deepest) return mistake(`Must be nested at most ${deepest} levels deep.`, group);
      const parts = part[group];
      if (!Array.isArray(parts) || parts.length === 0)
        return mistake('Must be a list with at least one condition.', group);
      if (parts.length > mostConditions) return mistake(`Must have at most ${mostConditions} conditions.`, group);
      return parts.flatMap((each, index) => check(each, [...path, group, index], depth + 1));
    }
    conditions += 1;
    return [...wrongField(part, mistake), ...wrongOperator(part, names, mistake)];
  }

  const mistakes = check(filter, [], 1);
  return conditions > mostConditions
    ? [{ path: [], message: `Must have at most ${mostConditions} conditions.` }]
    : mistakes;
}

type Report = (message: string, ...more: (string | number)[]) => FilterMistake[];

const wrongField = ({ field }: Record<string, unknown>, mistake: Report): FilterMistake[] =>
  typeof field === 'string' &&
  field.length <= 200 &&
  /^(id|type|timestamp|account_id|workspace_id|data(\.[a-z0-9_]+){1,10})$/i.test(field)
    ? []
    : mistake('Must be the path of a field of the event, like data.message.type.', 'field');

function wrongOperator(part: Record<string, unknown>, names: string[], mistake: Report): FilterMistake[] {
  const extra = names.find(name => name !== 'field' && !operators.some(operator => operator === name));
  if (extra !== undefined) return mistake('Is not a known field.', extra);
  const given = operators.filter(operator => operator in part);
  const [operator] = given;
  if (operator === undefined || given.length > 1) return mistake('Must have exactly one of equals, in and exists.');
  const value = part[operator];
  if (operator === 'exists') return typeof value === 'boolean' ? [] : mistake('Must be true or false.', 'exists');
  if (operator === 'equals') return isValue(value) ? [] : mistake(aValue, 'equals');
  if (!Array.isArray(value) || value.length === 0 || value.length > mostValues)
    return mistake(`Must be a list of 1 to ${mostValues} values.`, 'in');
  return value.flatMap((each, index) => (isValue(each) ? [] : mistake(aValue, 'in', index)));
}

const aValue = `Must be a text of at most ${longestText} characters, a number, true, false or null.`;

const isValue = (value: unknown): value is FilterValue =>
  value === null ||
  typeof value === 'boolean' ||
  (typeof value === 'number' && Number.isFinite(value)) ||
  (typeof value === 'string' && value.length <= longestText && !value.includes('\u0000') && value.isWellFormed());

/** Whether an event, as the API shows it, matches a filter. */
export function matchesFilter(filter: EventFilter, event: object): boolean {
  if ('and' in filter) return filter.and.every(part => matchesFilter(part, event));
  if ('or' in filter) return filter.or.some(part => matchesFilter(part, event));
  const value = valueAt(event, filter.field);
  if ('exists' in filter) return (value !== undefined && value !== null) === filter.exists;
  if ('in' in filter) return filter.in.some(each => each === (value ?? null));
  return (value ?? null) === filter.equals;
}

/** The value of a field; undefined where there is none. Only own fields count. */
function valueAt(event: object, field: string): unknown {
  let value: unknown = event;
  for (const step of field.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}
