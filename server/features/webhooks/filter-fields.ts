// The fields that the filter of an endpoint may name: the fields of its event types.
import { type EventFilter, type EventName, eventCatalogue } from '@recado/contract';
import { z } from 'zod';

interface JsonSchema {
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  properties?: Record<string, JsonSchema>;
  additionalProperties?: boolean | JsonSchema;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  type?: unknown;
}

const schemas = new Map<z.ZodType, JsonSchema>();

/** The schema of an event's data. All events of messages share one. */
function schemaOf(data: z.ZodType): JsonSchema {
  const known = schemas.get(data) ?? (z.toJSONSchema(data, { io: 'output' }) as JsonSchema);
  schemas.set(data, known);
  return known;
}

function has(root: JsonSchema, schema: JsonSchema, steps: readonly string[]): boolean {
  const [step, ...rest] = steps;
  if (step === undefined) return true;
  if (schema.$ref !== undefined) return has(root, root.$defs?.[schema.$ref.replace('#/$defs/', '')] ?? root, steps);
  const choices = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  if (choices.some(choice => has(root, choice, steps))) return true;
  const own = schema.properties && Object.hasOwn(schema.properties, step) ? schema.properties[step] : undefined;
  if (own) return has(root, own, rest);
  if (schema.items && /^\d+$/.test(step)) return has(root, schema.items, rest);
  const { additionalProperties: more } = schema;
  if (typeof more === 'object') return has(root, more, rest);
  // A schema without any word takes any value.
  return more === true || (schema.type === undefined && choices.length === 0);
}

const isKnown = (field: string, names: readonly EventName[]): boolean => {
  const [top, ...steps] = field.split('.');
  if (top !== 'data') return true;
  return names.some(name => {
    const schema = schemaOf(eventCatalogue[name].data);
    return has(schema, schema, steps);
  });
};

/** The places in a filter whose field no event of these types has, as paths from the filter on: `.and[0].field`. */
export function unknownFields(filter: EventFilter, names: readonly EventName[], place = ''): string[] {
  const group = 'and' in filter ? 'and' : 'or' in filter ? 'or' : undefined;
  if (group === undefined) return isKnown((filter as { field: string }).field, names) ? [] : [`${place}.field`];
  const parts = (filter as Record<string, EventFilter[]>)[group] ?? [];
  return parts.flatMap((part, index) => unknownFields(part, names, `${place}.${group}[${index}]`));
}
