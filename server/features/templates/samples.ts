// The variables of a template with the samples that its definition has.
import type { Queryable } from '../../kit/db/database.ts';
import { problem } from './errors.ts';
import { type CardShape, shapeOf, type VariableText } from './shape.ts';
import { findTemplate } from './store.ts';

export interface SampleValue {
  variable: string;
  sample: string;
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const objectOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

/** The samples of a header or a body, by the names of its variables or in their order. */
function samplesIn(part: Record<string, unknown>, kind: 'header' | 'body', { variables }: VariableText): SampleValue[] {
  const example = objectOf(part.example);
  const named = new Map(
    listOf(example[`${kind}_text_named_params`]).map(each => [objectOf(each).param_name, objectOf(each).example]),
  );
  const places = listOf(kind === 'body' ? listOf(example.body_text)[0] : example.header_text);
  return variables.map((name, at) => {
    const isNumber = /^\d+$/.test(name);
    const variable = isNumber ? `${kind}_${name}` : name;
    return { variable, sample: String((isNumber ? places[at] : named.get(name)) ?? '') };
  });
}

/** The variables of the header and the body of a template. @throws AppError template_not_found */
export async function sampleValues(db: Queryable, workspaceId: string, id: string): Promise<SampleValue[]> {
  const row = await findTemplate(db, workspaceId, id);
  if (!row || row.deleted_at) throw problem('template_not_found');
  const shape: CardShape = shapeOf(row.components);
  const part = (type: string) => row.components.find(each => String(each.type).toUpperCase() === type) ?? {};
  const header = shape.header?.kind === 'text' ? samplesIn(part('HEADER'), 'header', shape.header) : [];
  const values = [...header, ...samplesIn(part('BODY'), 'body', shape.body)];
  return values.filter(({ variable }, at) => values.findIndex(each => each.variable === variable) === at);
}
