// Whether values fit a template, and the text that they make.
import type { TemplateContent } from '@recado/contract';
import { describe, expect, test } from 'vitest';
import { parameterErrors, renderedText } from './parameters.ts';
import { shapeOf } from './shape.ts';

type Values = NonNullable<TemplateContent['components']>;

const text = (value: string, name?: string) => ({
  type: 'text' as const,
  text: value,
  ...(name !== undefined && { parameter_name: name }),
});
const body = (...parameters: ReturnType<typeof text>[]) => ({ type: 'body' as const, parameters });
const content = (components: Values): TemplateContent => ({ name: 'a', language: { code: 'en' }, components });
const fieldsOf = (definition: Record<string, unknown>[], components: Values, named = false) =>
  parameterErrors(shapeOf(definition), named, content(components)).map(({ field }) => field);

const twoVariables = [{ type: 'BODY', text: 'Hello {{1}}, see you on {{2}}.' }];

describe('the body', () => {
  test('needs as many values as it has variables', () => {
    expect(fieldsOf(twoVariables, [body(text('Ana'), text('Monday'))])).toEqual([]);
    expect(fieldsOf(twoVariables, [body(text('Ana'))])).toEqual(['template.components[0].parameters']);
    expect(fieldsOf(twoVariables, [])).toEqual(['template.components']);
    expect(fieldsOf([{ type: 'BODY', text: 'Hello.' }], [body(text('Ana'))])).toEqual([
      'template.components[0].parameters',
    ]);
  });

  test('takes values by the numbers of the variables, in whatever order the text has them', () => {
    const turned = shapeOf([{ type: 'BODY', text: 'Order {{2}} for {{1}} is ready, {{1}}.' }]);
    expect(renderedText(turned, false, content([body(text('Ana'), text('4711'))]))).toBe(
      'Order 4711 for Ana is ready, Ana.',
    );
  });

  test('takes names in any order, and only for named variables', () => {
    const named = [{ type: 'BODY', text: 'Hello {{who}}, see you on {{day}}.' }];
    const values = [body(text('Monday', 'day'), text('Ana', 'who'))];
    expect(fieldsOf(named, values, true)).toEqual([]);
    expect(renderedText(shapeOf(named), true, content(values))).toBe('Hello Ana, see you on Monday.');
    expect(fieldsOf(named, [body(text('Ana', 'who'), text('Bea', 'who'))], true)).toEqual([
      'template.components[0].parameters[1].parameter_name',
    ]);
    expect(fieldsOf(twoVariables, values)).toEqual([
      'template.components[0].parameters[0].parameter_name',
      'template.components[0].parameters[1].parameter_name',
    ]);
  });

  test('has no value of spaces alone', () => {
    for (const blank of [' ', '    ', '\u00a0'])
      expect(fieldsOf(twoVariables, [body(text('Ana'), text(blank))])).toEqual([
        'template.components[0].parameters[1].text',
      ]);
    expect(fieldsOf(twoVariables, [body(text(' Ana '), text('-'))])).toEqual([]);
  });

  test('has neither line breaks in its values nor more than 1,024 characters with them', () => {
    expect(fieldsOf(twoVariables, [body(text('A\tna'), text('Monday'))])).toEqual([
      'template.components[0].parameters[0].text',
    ]);
    expect(fieldsOf(twoVariables, [body(text('x'.repeat(1_010)), text('Monday'))])).toEqual([
      'template.components[0].parameters',
    ]);
  });
});

describe('the header', () => {
  const picture = [
    { type: 'HEADER', format: 'IMAGE' },
    { type: 'BODY', text: 'Look.' },
  ];
  const header = (parameter: Extract<Values[number], { type: 'header' }>['parameters'][number]) => ({
    type: 'header' as const,
    parameters: [parameter],
  });

  test('must have the kind of the template', () => {
    expect(fieldsOf(picture, [header({ type: 'image', image: { link: 'https://example.com/a.jpg' } })])).toEqual([]);
    expect(fieldsOf(picture, [])).toEqual(['template.components']);
    expect(fieldsOf(picture, [header({ type: 'image', image: { id: 'med_1' } })])).toEqual([]);
    expect(fieldsOf(picture, [header(text('no'))])).toEqual(['template.components[0].parameters[0].type']);
    expect(fieldsOf(twoVariables, [header(text('no')), body(text('a'), text('b'))])).toEqual([
      'template.components[0].parameters',
    ]);
  });
});

describe('buttons', () => {
  const withButtons = (...buttons: object[]) => [
    { type: 'BODY', text: 'Press.' },
    { type: 'BUTTONS', buttons },
  ];
  type Value = Extract<Values[number], { type: 'button' }>;
  const value = (index: string, subType: Value['sub_type'], parameter: Value['parameters'][number]): Value => ({
    type: 'button',
    sub_type: subType,
    index,
    parameters: [parameter],
  });
  const definition = withButtons(
    { type: 'QUICK_REPLY', text: 'Yes' },
    { type: 'URL', text: 'Open', url: 'https://example.com/{{1}}' },
    { type: 'COPY_CODE', example: 'A' },
    { type: 'PHONE_NUMBER', text: 'Call', phone_number: '+1' },
  );
  const needed = [
    value('1', 'url', text('4711')),
    value('2', 'copy_code', { type: 'coupon_code', coupon_code: 'SUMMER' }),
  ];

  test('with a variable need their value; a quick reply may have a payload', () => {
    expect(fieldsOf(definition, needed)).toEqual([]);
    expect(fieldsOf(definition, [...needed, value('0', 'quick_reply', { type: 'payload', payload: 'y' })])).toEqual([]);
    expect(fieldsOf(definition, [])).toEqual(['template.components', 'template.components']);
  });

  test('take only a value of their kind, once', () => {
    const payload = { type: 'payload', payload: 'y' } as const;
    expect(fieldsOf(definition, [...needed, value('3', 'url', text('a'))])).toEqual(['template.components[2]']);
    expect(fieldsOf(definition, [...needed, value('0', 'url', text('a'))])).toEqual([
      'template.components[2].sub_type',
    ]);
    expect(fieldsOf(definition, [...needed, value('9', 'url', text('a'))])).toEqual(['template.components[2].index']);
    expect(fieldsOf(definition, [...needed, value('1', 'url', text('a'))])).toEqual(['template.components[2]']);
    expect(fieldsOf(definition, [value('1', 'url', payload), ...needed.slice(1)])).toEqual([
      'template.components[0].parameters[0].type',
    ]);
  });
});

test('a carousel needs each of its cards once, with the values of the card', () => {
  const card = { components: [{ type: 'BODY', text: 'Number {{1}} is here.' }] };
  const definition = [
    { type: 'BODY', text: 'Look.' },
    { type: 'CAROUSEL', cards: [card, card] },
  ];
  const cards = (...indexes: number[]): Values => [
    { type: 'carousel', cards: indexes.map(index => ({ card_index: index, components: [body(text('1'))] })) },
  ];
  expect(fieldsOf(definition, cards(0, 1))).toEqual([]);
  expect(fieldsOf(definition, cards(0))).toEqual(['template.components[0].cards']);
  expect(fieldsOf(definition, cards(0, 0))).toEqual(['template.components[0].cards[1].card_index']);
  expect(fieldsOf(definition, [])).toEqual(['template.components']);
});

test('the text has header, body and footer', () => {
  const definition = [
    { type: 'HEADER', format: 'TEXT', text: 'Order {{1}}' },
    { type: 'BODY', text: 'It costs {{1}}.' },
    { type: 'FOOTER', text: 'Bye' },
  ];
  const values: Values = [
    { type: 'header', parameters: [text('4711')] },
    {
      type: 'body',
      parameters: [{ type: 'currency', currency: { fallback_value: '€12.50', code: 'EUR', amount_1000: 12_500 } }],
    },
  ];
  expect(fieldsOf(definition, values)).toEqual([]);
  expect(renderedText(shapeOf(definition), false, content(values))).toBe('Order 4711\n\nIt costs €12.50.\n\nBye');
});
