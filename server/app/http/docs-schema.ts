// Schemas of the OpenAPI document as HTML: a table of fields, with links to named schemas.
import type { Json } from './document-schemas.ts';
import { escaped } from './page.ts';

/** A link to the named schema that a `$ref` means. */
export function schemaLink(ref: string): string {
  const name = escaped(ref.slice(ref.lastIndexOf('/') + 1));
  return `<a href="#schema-${name}">${name}</a>`;
}

/** A schema: its type, and its fields if it is an object. `words` makes HTML of descriptions. */
export function fieldsOf(schema: Json, words: (text: string) => string): string {
  const object = objectOf(schema);
  const type = `<small>${typeOf(schema)}</small>`;
  if (object?.properties === undefined) return type;
  const required = new Set<string>(object.required ?? []);
  const rows = Object.entries<Json>(object.properties).map(([name, field]) => {
    const description = words(field.description ?? '');
    const note = required.has(name) ? '<small>required</small>' : '';
    return `<tr><th><code>${escaped(name)}</code>${note}</th><td>${description} ${fieldsOf(field, words)}</td></tr>`;
  });
  return `${object === schema ? '' : type}<table><tbody>${rows.join('')}</tbody></table>`;
}

/** The object whose fields belong in the table: the schema, the item of a list, or the only choice beside null. */
function objectOf(schema: Json): Json | undefined {
  if (schema.properties) return schema;
  if (schema.items) return objectOf(schema.items);
  const choices = choicesOf(schema);
  return choices.length === 1 ? objectOf(choices[0]) : undefined;
}

const isNull = (schema: Json): boolean => schema.type === 'null';
const choicesOf = (schema: Json): Json[] => (schema.anyOf ?? schema.oneOf ?? []).filter((each: Json) => !isNull(each));

function typeOf(schema: Json): string {
  if (schema.$ref) return schemaLink(schema.$ref);
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives) return alternatives.map(typeOf).join(' or ');
  if (schema.const !== undefined) return `<code>${escaped(JSON.stringify(schema.const))}</code>`;
  if (schema.enum) return schema.enum.map((value: unknown) => `<code>${escaped(String(value))}</code>`).join(', ');
  if (schema.type === 'array') return `list of ${typeOf(schema.items ?? {})}`;
  const type = [schema.type ?? 'any value'].flat().join(' or ');
  return [type, ...boundsOf(schema)].map(escaped).join(', ');
}

function boundsOf({ format, minimum, maximum, minLength, maxLength }: Json): string[] {
  return [
    ...(format ? [format] : []),
    ...(minimum === undefined ? [] : [`at least ${minimum}`]),
    ...(maximum === undefined ? [] : [`at most ${maximum}`]),
    ...(minLength > 1 ? [`at least ${minLength} characters`] : []),
    ...(maxLength === undefined ? [] : [`at most ${maxLength} characters`]),
  ];
}
