// Whether a value is what a schema of the document says, to the last field.
import type { Schema } from './document.ts';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const types: Record<string, (value: unknown) => boolean> = {
  object: isObject,
  array: Array.isArray,
  string: value => typeof value === 'string',
  boolean: value => typeof value === 'boolean',
  number: value => typeof value === 'number',
  integer: Number.isInteger,
  null: value => value === null,
};

const patterns = new Map<string, RegExp>();

function patternOf(text: string): RegExp {
  const known = patterns.get(text) ?? new RegExp(text, 'u');
  patterns.set(text, known);
  return known;
}

/** What is wrong with a value, each with its place; nothing where it fits. */
export function mismatches(schema: Schema, value: unknown, place = '$'): string[] {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) {
    const tried = choices.map(choice => mismatches(choice, value, place));
    if (tried.some(wrong => wrong.length === 0)) return [];
    // The choice that came closest tells most.
    return tried.sort((left, right) => left.length - right.length)[0] ?? [`${place} fits no choice`];
  }
  if (schema.allOf) return schema.allOf.flatMap(each => mismatches(each, value, place));
  if (schema.type !== undefined && !types[schema.type]?.(value))
    return [`${place} is no ${schema.type}: ${JSON.stringify(value)?.slice(0, 100)}`];
  if (schema.enum && !schema.enum.includes(value)) return [`${place} is none of its words: ${JSON.stringify(value)}`];
  if ('const' in schema && schema.const !== value) return [`${place} is not ${JSON.stringify(schema.const)}`];
  if (typeof value === 'string') return ofText(schema, value, place);
  if (typeof value === 'number') return ofNumber(schema, value, place);
  if (Array.isArray(value)) {
    const { items, minItems = 0, maxItems = Number.POSITIVE_INFINITY } = schema;
    if (value.length < minItems || value.length > maxItems) return [`${place} has ${value.length} items`];
    return items ? value.flatMap((each, index) => mismatches(items, each, `${place}[${index}]`)) : [];
  }
  return isObject(value) ? ofObject(schema, value, place) : [];
}

function ofText(schema: Schema, value: string, place: string): string[] {
  if (value.length < (schema.minLength ?? 0) || value.length > (schema.maxLength ?? Number.POSITIVE_INFINITY))
    return [`${place} has ${value.length} characters`];
  if (schema.pattern !== undefined && !patternOf(schema.pattern).test(value))
    return [`${place} does not have its form: ${JSON.stringify(value)}`];
  return [];
}

function ofNumber(schema: Schema, value: number, place: string): string[] {
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = schema;
  return value < minimum || value > maximum ? [`${place} is out of its bounds: ${value}`] : [];
}

function ofObject(schema: Schema, value: Record<string, unknown>, place: string): string[] {
  const { properties = {}, required = [], additionalProperties: others = true } = schema;
  const wrong = required.filter(name => !Object.hasOwn(value, name)).map(name => `${place}.${name} is missing`);
  if (Object.keys(value).length < (schema.minProperties ?? 0)) wrong.push(`${place} names too little`);
  for (const [name, each] of Object.entries(value)) {
    const known = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (known) wrong.push(...mismatches(known, each, `${place}.${name}`));
    else if (others === false) wrong.push(`${place}.${name} is not in the document`);
    else if (typeof others === 'object') wrong.push(...mismatches(others, each, `${place}.${name}`));
  }
  return wrong;
}
