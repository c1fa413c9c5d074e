// Whether the values of a template message fit its template, and the text that they make.
import type { TemplateContent } from '@recado/contract';
import type { FieldError } from '../../kit/errors.ts';
import type { CardShape, HeaderShape, TemplateShape, VariableText } from './shape.ts';

type Components = NonNullable<TemplateContent['components']>;
type Component = Components[number];
type Part<Type extends Component['type']> = Extract<Component, { type: Type }>;
type CardComponents = (Part<'header'> | Part<'body'> | Part<'button'>)[];
type BodyParameter = Part<'body'>['parameters'][number];

const mostOf = { body: 1024, header: 60 } as const;

const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;

/** Each error of the values, by the path of its field in the request; none if they fit. */
export function parameterErrors(shape: TemplateShape, named: boolean, content: TemplateContent): FieldError[] {
  const components = content.components ?? [];
  const path = 'template.components';
  const errors = [...repeated(components, path), ...cardErrors(shape, named, components as CardComponents, path)];
  const offerAt = components.findIndex(({ type }) => type === 'limited_time_offer');
  if (shape.offer && offerAt < 0)
    errors.push({ field: path, message: 'Must have a limited_time_offer component: the offer of the template ends.' });
  if (!shape.offer && offerAt >= 0)
    errors.push({ field: `${path}[${offerAt}]`, message: 'The template has no offer that ends.' });
  return [...errors, ...carouselErrors(shape, named, components, path)];
}

/** Only buttons may come more than once, each with its own position. */
function repeated(components: readonly { type: string; index?: string }[], path: string): FieldError[] {
  const seen = new Set<string>();
  return components.flatMap((component, place) => {
    const name = component.type === 'button' ? `button ${component.index}` : component.type;
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    return [{ field: `${path}[${place}]`, message: `Must not repeat the component ${name}.` }];
  });
}

function carouselErrors(shape: TemplateShape, named: boolean, components: Components, path: string): FieldError[] {
  const place = components.findIndex(({ type }) => type === 'carousel');
  const carousel = components[place] as Part<'carousel'> | undefined;
  if (!shape.cards) return carousel ? [{ field: `${path}[${place}]`, message: 'The template has no cards.' }] : [];
  const field = carousel ? `${path}[${place}].cards` : path;
  const { length } = shape.cards;
  if (!carousel) return [{ field, message: `Must have a carousel component with ${plural(length, 'card')}.` }];
  if (carousel.cards.length !== length)
    return [{ field, message: `Must have ${plural(length, 'card')}, and has ${carousel.cards.length}.` }];
  return carousel.cards.flatMap((card, at) => {
    const own = shape.cards?.[card.card_index];
    if (!own || carousel.cards.findIndex(each => each.card_index === card.card_index) !== at)
      return [{ field: `${field}[${at}].card_index`, message: `Must be a different number from 0 to ${length - 1}.` }];
    const within = `${field}[${at}].components`;
    return [...repeated(card.components, within), ...cardErrors(own, named, card.components, within)];
  });
}

function cardErrors(shape: CardShape, named: boolean, components: CardComponents, path: string): FieldError[] {
  const find = (type: string) => components.findIndex(component => component.type === type);
  const at = (place: number, rest: string) => (place < 0 ? path : `${path}[${place}].${rest}`);
  const [header, body] = [find('header'), find('body')];
  return [
    ...headerErrors(shape.header, named, components[header] as Part<'header'> | undefined, at(header, 'parameters')),
    ...textErrors(
      'body',
      shape.body,
      named,
      (components[body] as Part<'body'> | undefined)?.parameters ?? [],
      at(body, 'parameters'),
    ),
    ...buttonErrors(shape, components, path),
  ];
}

function headerErrors(
  shape: HeaderShape | undefined,
  named: boolean,
  given: Part<'header'> | undefined,
  field: string,
): FieldError[] {
  const parameter = given?.parameters[0];
  if (!shape) return parameter ? [{ field, message: 'The template has no header.' }] : [];
  if (shape.kind === 'other')
    return [{ field, message: 'The header of this template has a format that Recado cannot send.' }];
  if (shape.kind === 'text') {
    if (parameter && parameter.type !== 'text')
      return [{ field: `${field}[0].type`, message: 'Must be text: the header of the template is a text.' }];
    return textErrors('header', shape, named, parameter ? [parameter] : [], field);
  }
  if (!parameter) return [{ field, message: `Must have a header component with a parameter of type ${shape.kind}.` }];
  return parameter.type === shape.kind
    ? []
    : [{ field: `${field}[0].type`, message: `Must be ${shape.kind}, as in the header of the template.` }];
}

/** WhatsApp accepts neither line breaks and tabs nor more than four spaces in a row in a value. */
const hasForbiddenSpace = (text: string) => /[\n\r\t]| {5}/.test(text);

function textErrors(
  part: 'header' | 'body',
  { text, variables }: VariableText,
  named: boolean,
  parameters: readonly BodyParameter[],
  field: string,
): FieldError[] {
  if (variables.length === 0)
    return parameters.length === 0 ? [] : [{ field, message: `The ${part} of the template has no variables.` }];
  if (parameters.length !== variables.length)
    return [
      {
        field,
        message: `Must have ${plural(variables.length, 'parameter')} for the ${part} (${variables.join(', ')}), and has ${parameters.length}.`,
      },
    ];
  const errors = parameters.flatMap((parameter, place) => {
    const at = `${field}[${place}]`;
    if (!named && parameter.parameter_name !== undefined)
      return [
        { field: `${at}.parameter_name`, message: 'Must be absent: the variables of the template are numbered.' },
      ];
    if (named && !variables.includes(parameter.parameter_name ?? ''))
      return [{ field: `${at}.parameter_name`, message: `Must be one of ${variables.join(', ')}.` }];
    if (named && parameters.findIndex(each => each.parameter_name === parameter.parameter_name) !== place)
      return [{ field: `${at}.parameter_name`, message: 'Must not be repeated.' }];
    if (parameter.type === 'text' && parameter.text.trim() === '')
      return [{ field: `${at}.text`, message: 'Must not be blank: WhatsApp refuses a value of spaces alone.' }];
    if (parameter.type === 'text' && hasForbiddenSpace(parameter.text))
      return [
        { field: `${at}.text`, message: 'Must not contain line breaks, tabs or more than four spaces in a row.' },
      ];
    return [];
  });
  const length = filled({ text, variables }, named, parameters).length;
  if (errors.length === 0 && length > mostOf[part])
    errors.push({
      field,
      message: `The ${part} has ${length} characters with these values. WhatsApp accepts at most ${mostOf[part]}.`,
    });
  return errors;
}

function buttonErrors({ buttons }: CardShape, components: CardComponents, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const served = new Set<number>();
  components.forEach((component, place) => {
    if (component.type !== 'button') return;
    const index = Number(component.index);
    const button = buttons[index];
    const field = `${path}[${place}]`;
    served.add(index);
    if (!button)
      errors.push({
        field: `${field}.index`,
        message: buttons.length === 0 ? 'The template has no buttons.' : `Must be less than ${buttons.length}.`,
      });
    else if (!button.takes)
      errors.push({ field, message: `Button ${index} of the template (${button.kind}) takes no parameter.` });
    else if (component.sub_type !== button.takes.subType)
      errors.push({ field: `${field}.sub_type`, message: `Must be ${button.takes.subType} for button ${index}.` });
    else {
      const { parameters } = button.takes;
      const wrong = component.parameters.findIndex(({ type }) => !parameters.includes(type));
      if (wrong >= 0)
        errors.push({
          field: `${field}.parameters[${wrong}].type`,
          message: `Must be ${parameters.join(' or ')} for button ${index}.`,
        });
    }
  });
  buttons.forEach(({ takes }, index) => {
    if (takes?.required && !served.has(index))
      errors.push({
        field: path,
        message: `Must have a button component with index ${index}, sub_type ${takes.subType} and a parameter of type ${takes.parameters[0]}.`,
      });
  });
  return errors;
}

const shown = (parameter: BodyParameter): string => {
  if (parameter.type === 'text') return parameter.text;
  return parameter.type === 'currency' ? parameter.currency.fallback_value : parameter.date_time.fallback_value;
};

/** The text with the values in the place of its variables. */
function filled({ text, variables }: VariableText, named: boolean, parameters: readonly BodyParameter[]): string {
  const values = new Map(
    parameters.map((parameter, place) => [
      named ? (parameter.parameter_name ?? '') : (variables[place] ?? ''),
      shown(parameter),
    ]),
  );
  return text.replace(/\{\{\s*([a-z0-9_]+)\s*\}\}/gi, (whole, name: string) => values.get(name) ?? whole);
}

/** The text that the person reads: header, body and footer. */
export function renderedText(shape: TemplateShape, named: boolean, content: TemplateContent): string {
  const components = content.components ?? [];
  const header = components.find((component): component is Part<'header'> => component.type === 'header');
  const body = components.find((component): component is Part<'body'> => component.type === 'body');
  const parameter = header?.parameters[0];
  const texts = [
    shape.header?.kind === 'text' ? filled(shape.header, named, parameter?.type === 'text' ? [parameter] : []) : '',
    filled(shape.body, named, body?.parameters ?? []),
    shape.footer ?? '',
  ];
  return texts.filter(text => text !== '').join('\n\n');
}
