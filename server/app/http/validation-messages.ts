// Error texts for invalid values whose schema has none of its own.
import type { z } from 'zod';

const kinds: Record<string, string> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
};

const items = (count: number) => (count === 1 ? 'one item' : `${count} items`);

/** What a value must be; undefined leaves the text to zod. */
export function inWords(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      // A missing field has no wrong type.
      if (issue.input === undefined) return 'Is missing.';
      // A parameter given twice arrives as a list.
      if (Array.isArray(issue.input) && issue.expected !== 'object') return 'Must be one value, not several.';
      return kinds[issue.expected] && `Must be ${kinds[issue.expected]}.`;
    case 'invalid_value':
      if (issue.input === undefined) return 'Is missing.';
      if (Array.isArray(issue.input)) return 'Must be one value, not several.';
      return `Must be one of ${issue.values.map(String).join(', ')}.`;
    case 'too_small':
      return issue.origin === 'array' ? `Must contain at least ${items(Number(issue.minimum))}.` : undefined;
    case 'too_big':
      return issue.origin === 'array' ? `Must contain at most ${items(Number(issue.maximum))}.` : undefined;
    case 'invalid_key':
      // The rule that the name breaks has the words.
      return issue.issues[0]?.message;
    default:
      return undefined;
  }
}
