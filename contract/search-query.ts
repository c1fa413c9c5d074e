// What people write into the search of the inbox: words, and operators like label:Return or after:2026-10-01.

export const searchOperators = [
  'is',
  'has',
  'in',
  'from',
  'account',
  'label',
  'team',
  'assignee',
  'before',
  'after',
] as const;
export type SearchOperator = (typeof searchOperators)[number];

/** The values of operators that have a list of them. */
export const searchValues = {
  is: ['open', 'snoozed', 'closed', 'unread', 'waiting', 'mine', 'unassigned'],
  has: ['image', 'video', 'audio', 'document', 'failed'],
  in: ['notes'],
} as const;

/** An operator with its value. `start` and `end`: where it stands in the text. */
export interface SearchToken {
  operator: SearchOperator;
  value: string;
  start: number;
  end: number;
}

export interface SearchQuery {
  tokens: SearchToken[];
  /** What else was written, word by word. */
  words: string[];
}

const piece = /(?:(\w+):)?(?:"([^"]*)"|(\S+))/gu;
const operators: ReadonlySet<string> = new Set(searchOperators);
const isDay = (value: string) => /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value));

/** Whether an operator takes a value. */
export function takes(operator: SearchOperator, value: string): boolean {
  if (value === '') return false;
  if (operator in searchValues)
    return (searchValues[operator as keyof typeof searchValues] as readonly string[]).includes(value);
  return operator === 'before' || operator === 'after' ? isDay(value) : true;
}

/** Reads a search. Words that are no operator with a valid value are text. */
export function readSearch(text: string): SearchQuery {
  const query: SearchQuery = { tokens: [], words: [] };
  for (const found of text.matchAll(piece)) {
    const [whole, name, quoted, plain] = found;
    const value = quoted ?? plain ?? '';
    const operator = name?.toLowerCase();
    if (operator !== undefined && operators.has(operator) && takes(operator as SearchOperator, value))
      query.tokens.push({
        operator: operator as SearchOperator,
        value,
        start: found.index,
        end: found.index + whole.length,
      });
    else if (quoted !== undefined && name === undefined) query.words.push(...quoted.split(/\s+/).filter(Boolean));
    else query.words.push(whole);
  }
  return query;
}
