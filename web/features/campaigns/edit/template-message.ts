// A template as the message of a campaign: its placeholders get names, which variables fill.
import type { CampaignVariable, Template, TemplateContent } from '@recado/client';
import { contentOf, type HeaderFile, shapeOf, type Values } from '../../../components/message/template-shape.ts';

const longestName = 40;

/** The name of a variable of a template: `body_1` for `body.1`. */
export const nameOf = (id: string): string =>
  id
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .slice(0, longestName);

/** The content with a placeholder for each variable of the template. */
export function templateContent(template: Template, file: HeaderFile | undefined): TemplateContent {
  const { variables } = shapeOf(template);
  const values: Values = Object.fromEntries(variables.map(({ id }) => [id, `{{${nameOf(id)}}}`]));
  return contentOf(template, values, file);
}

/** The value that a variable takes at first: the name of the person where it asks for one. */
export function firstValue(name: string): CampaignVariable | undefined {
  return /name|nome|nombre/.test(name) ? { from: 'built_in', value: 'first_name' } : undefined;
}

type Parameter = { text?: unknown; coupon_code?: unknown; parameter_name?: unknown };
interface Component {
  type: string;
  index?: string | number;
  parameters?: Parameter[];
}

/** The file at the head of a content. */
export function fileIn(content: TemplateContent): HeaderFile | undefined {
  const header = content.components?.find(({ type }) => type === 'header') as
    | { parameters?: Record<string, unknown>[] }
    | undefined;
  for (const kind of ['image', 'video', 'document'] as const) {
    const file = header?.parameters?.[0]?.[kind] as { id?: string; filename?: string } | undefined;
    if (file?.id) return { id: file.id, filename: file.filename ?? kind };
  }
  return undefined;
}

/** The values of a content, by the variables of its template. */
export function valuesIn(content: TemplateContent, template: Template): Values {
  const components = (content.components ?? []) as unknown as Component[];
  const found: Record<string, string> = {};
  const counted: Record<string, number> = {};
  for (const { id, name } of shapeOf(template).variables) {
    const place = id.slice(0, id.indexOf('.'));
    const at = id.slice(place.length + 1);
    const component = components.find(each =>
      place === 'button' ? each.type === 'button' && String(each.index) === at : each.type === place,
    );
    const order = counted[place] ?? 0;
    counted[place] = order + 1;
    const parameters = component?.parameters ?? [];
    const parameter =
      place === 'button'
        ? parameters[0]
        : (parameters.find(each => name !== undefined && each.parameter_name === name) ?? parameters[order]);
    const value = parameter?.text ?? parameter?.coupon_code;
    if (typeof value === 'string') found[id] = value;
  }
  return found;
}
