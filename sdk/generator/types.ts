// Writes the types of the client from the OpenAPI document and the types of events.
import { comment } from './comment.ts';
import { answerOf, type Document, type EventType, itemOf, nameIn, pascal, routesOf, type Schema } from './document.ts';

const header = `// The shapes of the API. Made from its OpenAPI document by "npm run sdk-types": do not edit.
`;

/** A request takes a \`Date\` for a time; an answer has a text. */
type Way = 'request' | 'answer';

/** Names that would hide a type of the language. */
export const typeName = (name: string): string => (name === 'Event' ? 'RecadoEvent' : name);

const quoted = (value: unknown) => (typeof value === 'string' ? `'${value.replaceAll("'", "\\'")}'` : String(value));

const key = (name: string) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name));

/** A schema as a type. */
export function typeOf(schema: Schema, way: Way, indent = ''): string {
  if (schema.$ref !== undefined) return typeName(nameIn(schema.$ref));
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return union(choices.map(each => typeOf(each, way, indent)));
  if ('const' in schema) return quoted(schema.const);
  if (schema.enum) return wordsOf(schema.enum.map(quoted), indent);
  if (Array.isArray(schema.type)) return union(schema.type.map(type => typeOf({ ...schema, type }, way, indent)));
  switch (schema.type) {
    case 'string':
      if (schema.format === 'binary') return 'Blob';
      return way === 'request' && schema.format === 'date-time' ? 'string | Date' : 'string';
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
    case 'null':
      return schema.type;
    case 'array':
      return arrayOf(typeOf(schema.items ?? {}, way, indent));
    case 'object':
      return objectOf(schema, way, indent);
    default:
      return 'unknown';
  }
}

const union = (types: string[]) => [...new Set(types)].join(' | ');

/** A union of words, one a line where there are many. */
function wordsOf(words: string[], indent: string): string {
  const line = union(words);
  return line.length <= 90 ? line : words.map(word => `\n${indent}  | ${word}`).join('');
}

const arrayOf = (type: string) => (/^[\w.]+$/.test(type) ? `${type}[]` : `Array<${type}>`);

function objectOf(schema: Schema, way: Way, indent: string): string {
  const fields = Object.entries(schema.properties ?? {});
  const others = schema.additionalProperties;
  const values = typeof others === 'object' ? typeOf(others, way, indent) : 'unknown';
  if (fields.length === 0) return others === false ? 'Record<string, never>' : `Record<string, ${values}>`;
  const index = typeof others === 'object' ? `${indent}  [name: string]: unknown;\n` : '';
  return `{\n${fieldsOf(schema, way, indent)}${index}${indent}}`;
}

function fieldsOf({ properties = {}, required = [] }: Schema, way: Way, indent: string): string {
  return Object.entries(properties)
    .map(([name, field]) => {
      const type = typeOf(field, way, `${indent}  `);
      const isRequired = required.includes(name);
      const shown = `${key(name)}${isRequired ? '' : '?'}: ${type}${isRequired ? '' : ' | undefined'};\n`;
      return `${comment(field.description, `${indent}  `)}${indent}  ${shown}`;
    })
    .join('');
}

/** The source of the types. */
export function writeTypes(document: Document, events: EventType[]): string {
  const { schemas } = document.components;
  const inRequests = reached(
    routesOf(document).map(({ requestBody }) => requestBody),
    schemas,
  );
  // The types of events are written from their catalogue.
  const plain = reached(document.paths, schemas, new Set(['Event']));
  const named = Object.entries(schemas)
    .filter(([name, schema]) => plain.has(name) && !itemOf(schema, document) && name !== 'Problem' && name !== 'Event')
    .map(([name, schema]) => declare(name, schema, inRequests.has(name) ? 'request' : 'answer', document));
  return [header, ...named, ...routeTypes(document), eventTypes(events)].join('\n').replaceAll(' \n', '\n');
}

/** The names of all schemas that a part refers to. */
function reached(part: unknown, schemas: Record<string, Schema>, names = new Set<string>()): Set<string> {
  for (const [, name = ''] of (JSON.stringify(part) ?? '').matchAll(/"#\/components\/schemas\/(\w+)"/g))
    if (!names.has(name)) reached(schemas[name], schemas, names.add(name));
  return names;
}

function declare(name: string, schema: Schema, way: Way, document?: Document): string {
  const doc = comment(schema.description, '');
  if (schema.type !== 'object' || !schema.properties || typeof schema.additionalProperties === 'object')
    return `${doc}export type ${typeName(name)} = ${typeOf(schema, way)};\n`;
  const [base, rest] = document ? withoutBase(name, schema, document.components.schemas) : [undefined, schema];
  const extending = base === undefined ? '' : ` extends ${base}`;
  return `${doc}export interface ${name}${extending} {\n${fieldsOf(rest, way, '')}}\n`;
}

/** `MessageDetails` has all fields of `Message`: it extends it. */
function withoutBase(name: string, schema: Schema, schemas: Record<string, Schema>): [string | undefined, Schema] {
  const { properties = {}, required = [] } = schema;
  const base = Object.keys(schemas)
    .filter(each => each !== name && (name.startsWith(each) || name.endsWith(each)))
    .filter(each => isPart(schemas[each] ?? {}, schema))
    .sort((left, right) => right.length - left.length)[0];
  if (base === undefined) return [undefined, schema];
  const known = schemas[base]?.properties ?? {};
  const own = Object.entries(properties).filter(([field]) => !(field in known));
  return [base, { ...schema, properties: Object.fromEntries(own), required }];
}

/** Whether a shape has all fields of another one. */
function isPart(base: Schema, { properties = {}, required = [] }: Schema): boolean {
  const fields = Object.entries(base.properties ?? {});
  return (
    fields.length > 0 &&
    fields.every(
      ([field, schema]) =>
        JSON.stringify(properties[field]) === JSON.stringify(schema) &&
        required.includes(field) === (base.required ?? []).includes(field),
    )
  );
}

/** Parameters whose type is narrower than the document can say. */
const narrower: Record<string, Schema> = {
  types: {
    $ref: '#/EventPattern[]',
    description: 'Only these types, or all of a group: `message.received`, `account.*`.',
  },
};

/** The shapes of requests and answers that have no name in the document. */
function routeTypes(document: Document): string[] {
  return routesOf(document).flatMap(route => {
    const name = pascal(route.operationId);
    const query = (route.parameters ?? []).filter(parameter => parameter.in === 'query');
    const properties = Object.fromEntries(
      query.map(({ name: field, schema, description }) => [
        field,
        { ...schema, ...(description !== undefined && { description }), ...narrower[field] },
      ]),
    );
    const required = query.filter(parameter => parameter.required).map(parameter => parameter.name);
    const body = route.requestBody?.content['application/json']?.schema;
    const form = route.requestBody?.content['multipart/form-data']?.schema;
    const answer = answerOf(route);
    return [
      ...(query.length > 0 ? [declare(`${name}Query`, { type: 'object', properties, required }, 'request')] : []),
      ...(body && body.$ref === undefined ? [declare(`${name}Body`, body, 'request')] : []),
      ...(form ? [declare(`${name}Form`, form, 'request')] : []),
      ...(answer?.type === 'application/json' && answer.schema.$ref === undefined
        ? [declare(`${name}Answer`, answer.schema, 'answer')]
        : []),
    ];
  });
}

/** The shapes that several types of events have, each with the name of its first group: `MessageEventData`. */
function sharedShapes(events: EventType[]): Map<string, string> {
  const shapes = events.map(({ type, schema }) => ({ type, shape: JSON.stringify(schema) }));
  const names = new Map<string, string>();
  for (const { type, shape } of shapes) {
    const name = `${(type.split('.')[0] ?? '').split('_').map(pascal).join('')}EventData`;
    const isShared = shapes.filter(each => each.shape === shape).length > 1;
    if (isShared && !names.has(shape) && ![...names.values()].includes(name)) names.set(shape, name);
  }
  return names;
}

/** The event as a union that `type` discriminates. */
function eventTypes(events: EventType[]): string {
  const shared = sharedShapes(events);
  const named = [...shared].map(([schema, name]) => declare(name, JSON.parse(schema), 'answer'));
  const fields = events.map(({ type, description, schema }) => {
    const shape = shared.get(JSON.stringify(schema)) ?? typeOf(schema, 'answer', '  ');
    return `${comment(description, '  ')}  '${type}': ${shape};\n`;
  });
  return `${named.join('\n')}
/** The \`data\` of each type of event. */
export interface EventData {
${fields.join('')}}

/** The type of an event. */
export type EventType = keyof EventData;

/** A type of event, or all of a group: \`message.*\`. */
export type EventPattern = EventType | \`\${EventType extends \`\${infer Group}.\${string}\` ? Group : never}.*\`;

/** An event. \`type\` says what \`data\` is. A later version of Recado may have more types. */
export type RecadoEvent<Type extends EventType = EventType> = {
  [Each in Type]: {
    /** The id of the event. The same wherever and however often you get it. */
    id: string;
    /** The type of the event. */
    type: Each;
    /** The time when Recado recorded the event. */
    timestamp: string;
    workspace_id: string;
    /** The account that it is about, if any. */
    account_id: string | null;
    /** What happened. */
    data: EventData[Each];
  };
}[Type];
`;
}
