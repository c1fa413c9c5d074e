// A draft keeps the parts at WhatsApp, and its rules name each cause of a rejection.
import type { CreateTemplate, Template } from '@recado/client';
import { expect, test } from 'vitest';
import { componentsOf, type Draft, draftOf, emptyDraft } from './draft.ts';
import { checkRules, offerIn } from './rules.ts';

const template = (components: unknown[], more: Partial<Template> = {}): Template =>
  ({
    name: 'order_ready',
    language: 'en',
    category: 'UTILITY',
    parameter_format: 'named',
    components,
    ...more,
  }) as unknown as Template;

const brokenIn = (draft: Draft) =>
  checkRules(draft)
    .filter(({ holds }) => !holds)
    .map(({ rule }) => rule);

test('a template of WhatsApp becomes a draft and the same definition again', () => {
  const components: CreateTemplate['components'] = [
    {
      type: 'HEADER',
      format: 'TEXT',
      text: 'For {{name}}',
      example: { header_text_named_params: [{ param_name: 'name', example: 'Ana' }] },
    },
    {
      type: 'BODY',
      text: 'Hi {{name}}, your order {{order}} is ready at our shop today.',
      example: {
        body_text_named_params: [
          { param_name: 'name', example: 'Ana' },
          { param_name: 'order', example: '4127' },
        ],
      },
    },
    { type: 'FOOTER', text: 'Farol Books' },
    {
      type: 'BUTTONS',
      buttons: [
        { type: 'URL', text: 'Track', url: 'https://farol.example/{{1}}', example: ['https://farol.example/4127'] },
        { type: 'FLOW', text: 'Rate us', flow_name: 'rating', flow_action: 'navigate', navigate_screen: 'FIRST' },
        { type: 'COPY_CODE', example: 'SUMMER25' },
      ],
    },
  ];
  expect(componentsOf(draftOf(template(components)))).toEqual(components);
});

test('variables by number keep their order, and a template for codes its button', () => {
  const body = {
    type: 'BODY' as const,
    text: 'Order {{2}} of {{1}} is ready at our shop until tonight.',
    example: { body_text: [['Ana', '4127']] },
  };
  const draft = draftOf(template([body], { parameter_format: 'positional' }));
  expect(draft.samples).toEqual({ 'body.1': 'Ana', 'body.2': '4127' });
  expect(componentsOf(draft)).toEqual([body]);
  const oneTap = {
    type: 'OTP',
    otp_type: 'ONE_TAP',
    supported_apps: [{ package_name: 'com.farol', signature_hash: 'K8a/AINcGX7' }],
  };
  const code = template(
    [
      { type: 'BODY', text: '*{{1}}* is your code.', add_security_recommendation: true },
      { type: 'FOOTER', text: 'Expires in 10 minutes.', code_expiration_minutes: 10 },
      { type: 'BUTTONS', buttons: [oneTap] },
    ],
    { category: 'AUTHENTICATION' },
  );
  expect(componentsOf(draftOf(code))).toEqual([
    { type: 'BODY', add_security_recommendation: true },
    { type: 'FOOTER', code_expiration_minutes: 10 },
    { type: 'BUTTONS', buttons: [oneTap] },
  ]);
});

const good: Draft = {
  ...emptyDraft,
  name: 'order_ready',
  body: 'Your order {{order}} is ready.',
  samples: { 'body.order': '4127' },
};

test.each<[string, Partial<Draft>]>([
  ['name', { name: 'Order ready' }],
  ['text', { body: ' ' }],
  ['edges', { body: 'Your order is ready {{order}}' }],
  ['names', { body: 'Your order {{Order}} is ready.', samples: { 'body.Order': '1' } }],
  ['samples', { samples: {} }],
  ['file', { header: 'IMAGE' }],
  ['lengths', { footer: 'x'.repeat(61) }],
  ['words', { body: 'Your {{order}}.' }],
  ['emptyLines', { body: 'Your order {{order}} is\n\n\nready.' }],
  ['header', { header: 'TEXT', headerText: '*Ready*' }],
  ['footer', { footer: 'Of {{order}}' }],
])('says that %s does not hold', (rule, change) => {
  expect(brokenIn(good)).toEqual([]);
  expect(brokenIn({ ...good, ...change })).toContain(rule);
});

test('finds an offer in a utility template only', () => {
  const offer = { ...good, body: 'Your order {{order}} has 20% off today.' };
  expect(offerIn(good)).toBeUndefined();
  expect(offerIn(offer)).toBe('20%');
  expect(offerIn({ ...offer, category: 'MARKETING' })).toBeUndefined();
});
