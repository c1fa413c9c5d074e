// Checks a call that sends a template against the template, with Meta's error codes.
import { z } from 'zod';
import { GraphError } from '../graph/graph-errors.ts';
import type { Template } from './template-store.ts';

const parameter = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  parameter_name: z.string().optional(),
});
const component = z.looseObject({
  type: z.string(),
  sub_type: z.string().optional(),
  index: z.union([z.string(), z.number()]).optional(),
  parameters: z.array(parameter).optional(),
  cards: z
    .array(z.looseObject({ card_index: z.number(), components: z.array(z.looseObject({ type: z.string() })) }))
    .optional(),
});
const sent = z.looseObject({
  name: z.string(),
  language: z.looseObject({ code: z.string() }),
  components: z.array(component).nullish(),
});

type Component = z.infer<typeof component>;
type Definition = Record<string, unknown>;

/** The name and the language of a template message. */
export const templateNamed = (content: unknown): { name: string; language: string } => {
  const { name, language } = sent.parse(content);
  return { name, language: language.code };
};

/** The variables of a text: numbers in their order, names in that of the text. */
const variablesIn = (text: unknown): string[] =>
  [...new Set([...String(text ?? '').matchAll(/\{\{\s*([a-z0-9_]+)\s*\}\}/gi)].map(match => match[1] ?? ''))].sort(
    (left, right) => Number(left) - Number(right) || 0,
  );

const listOf = (value: unknown): Definition[] => (Array.isArray(value) ? (value as Definition[]) : []);
const kindOf = (value: unknown) => String(value ?? '').toUpperCase();
const partOf = (components: readonly Definition[], type: string) => components.find(each => kindOf(each.type) === type);

/** Rejects a template message that Meta would reject. @throws GraphError */
export const checkTemplateSend = (template: Template | undefined, content: unknown): void => {
  const { name, language, components } = sent.parse(content);
  const where = `template name (${name})`;
  if (template === undefined || ['PENDING', 'REJECTED', 'IN_APPEAL', 'DELETED', 'ARCHIVED'].includes(template.status))
    throw new GraphError(132001, `${where} does not exist in ${language.code}`);
  if (template.status === 'PAUSED') throw new GraphError(132015, `${where} is paused due to low quality`);
  if (template.status === 'DISABLED') throw new GraphError(132016, `${where} is disabled due to low quality`);
  checkComponents(template.components, template.parameter_format === 'NAMED', components ?? []);
};

const checkComponents = (
  definition: readonly Definition[],
  isNamed: boolean,
  components: readonly Component[],
): void => {
  const given = (type: string) => components.find(each => each.type.toLowerCase() === type)?.parameters ?? [];
  const header = partOf(definition, 'HEADER');
  const format = kindOf(header?.format);
  if (header !== undefined && format !== 'TEXT') checkFormat(format.toLowerCase(), given('header')[0]?.type);
  else checkTexts('header', header?.text, isNamed, given('header'), 60);
  checkTexts('body', partOf(definition, 'BODY')?.text, isNamed, given('body'), 1024);
  checkButtons(listOf(partOf(definition, 'BUTTONS')?.buttons), components);
  const cards = listOf(partOf(definition, 'CAROUSEL')?.cards);
  const sentCards = components.find(each => each.type.toLowerCase() === 'carousel')?.cards ?? [];
  if (cards.length !== sentCards.length)
    throw new GraphError(
      132000,
      `carousel: number of cards (${sentCards.length}) does not match the expected number of cards (${cards.length})`,
    );
  for (const card of sentCards) {
    const own = cards[card.card_index];
    if (own === undefined) throw new GraphError(132018, `carousel: there is no card ${card.card_index}`);
    checkComponents(listOf(own.components), isNamed, z.array(component).parse(card.components));
  }
};

const checkFormat = (expected: string, received: string | undefined): void => {
  if (received === expected) return;
  throw new GraphError(
    132012,
    `header: Format mismatch, expected ${expected.toUpperCase()}, received ${(received ?? 'unknown').toUpperCase()}`,
  );
};

const checkTexts = (
  part: string,
  text: unknown,
  isNamed: boolean,
  parameters: readonly z.infer<typeof parameter>[],
  most: number,
): void => {
  const variables = variablesIn(text);
  if (parameters.length !== variables.length)
    throw new GraphError(
      132000,
      `${part}: number of localizable_params (${parameters.length}) does not match the expected number of params (${variables.length})`,
    );
  let hydrated = String(text ?? '');
  parameters.forEach((each, place) => {
    const name = isNamed ? each.parameter_name : variables[place];
    if (name === undefined || !variables.includes(name))
      throw new GraphError(132012, `${part}: Parameter name is missing or empty`);
    if (!isNamed && each.parameter_name !== undefined)
      throw new GraphError(132012, `${part}: Parameter name is not allowed in a positional template`);
    if (each.text?.trim() === '') throw new GraphError(131008, `${part}: Parameter of type text is missing text value`);
    if (/[\n\r\t]| {5}/.test(each.text ?? ''))
      throw new GraphError(
        132018,
        `${part}: Param text cannot have new-line/tab characters or more than 4 consecutive spaces`,
      );
    hydrated = hydrated.replaceAll(`{{${name}}}`, each.text ?? '');
  });
  if (hydrated.length > most)
    throw new GraphError(132005, `${part}: Translated text is too long (${hydrated.length} > ${most})`);
};

/** The sub type and the parameter of buttons that need one. */
const needed: Record<string, { subType: string; parameter: string }> = {
  OTP: { subType: 'url', parameter: 'text' },
  URL: { subType: 'url', parameter: 'text' },
  COPY_CODE: { subType: 'copy_code', parameter: 'coupon_code' },
  MPM: { subType: 'mpm', parameter: 'action' },
  ORDER_DETAILS: { subType: 'order_details', parameter: 'action' },
};

const checkButtons = (buttons: readonly Definition[], components: readonly Component[]): void => {
  const given = new Map(
    components.filter(each => each.type.toLowerCase() === 'button').map(each => [Number(each.index), each] as const),
  );
  for (const index of given.keys())
    if (buttons[index] === undefined)
      throw new GraphError(132018, `buttons: Button at index ${index} does not exist in the template`);
  buttons.forEach((button, index) => {
    const kind = kindOf(button.type);
    const needs = kind === 'URL' && variablesIn(button.url).length === 0 ? undefined : needed[kind];
    if (needs === undefined) return;
    const own = given.get(index);
    if (own === undefined)
      throw new GraphError(131008, `buttons: Button at index ${index} of type ${kind} requires a parameter`);
    if (own.sub_type?.toLowerCase() !== needs.subType || own.parameters?.[0]?.type !== needs.parameter)
      throw new GraphError(
        132018,
        `buttons: Button at index ${index} requires a ${needs.parameter} parameter of sub type ${needs.subType}`,
      );
  });
};
