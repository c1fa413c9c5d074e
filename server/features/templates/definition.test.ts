// Which definitions are rejected before the channel is asked, and with which field.
import { createTemplateBody, idExamples } from '@recado/contract';
import { expect, test } from 'vitest';
import { definitionErrors, forChannel, samplesOf } from './definition.ts';

/** The fields of the errors of a definition, as a request would have them. */
function fieldsOf(components: object[], more: { category?: string; parameter_format?: string; ttl?: number } = {}) {
  const { ttl, ...rest } = more;
  const body = createTemplateBody.parse({
    account_id: idExamples.account,
    name: 'a',
    language: 'en_US',
    category: 'UTILITY',
    components,
    ...rest,
    ...(ttl !== undefined && { message_send_ttl_seconds: ttl }),
  });
  const format = body.parameter_format ?? 'positional';
  return definitionErrors(body.components, body.category, format, ttl).map(({ field }) => field);
}

const plain = { type: 'BODY', text: 'Your order is on its way.' };
const buttons = (...list: object[]) => [plain, { type: 'BUTTONS', buttons: list }];
const otp = { type: 'BUTTONS', buttons: [{ type: 'OTP', otp_type: 'COPY_CODE' }] };

test.each([
  ['a body', [plain], {}],
  [
    'named variables with samples',
    [
      {
        type: 'BODY',
        text: 'Hello {{who}}, welcome to our shop.',
        example: { body_text_named_params: [{ param_name: 'who', example: 'Ana' }] },
      },
    ],
    { parameter_format: 'named' },
  ],
  [
    'every kind of button',
    buttons(
      { type: 'QUICK_REPLY', text: 'Yes' },
      { type: 'URL', text: 'Open', url: 'https://example.com/{{1}}', example: ['https://example.com/1'] },
      { type: 'PHONE_NUMBER', text: 'Call', phone_number: '+12025550123' },
      { type: 'COPY_CODE', example: 'SUMMER' },
      { type: 'FLOW', text: 'Book', flow_id: '1' },
      { type: 'CATALOG', text: 'Look' },
      { type: 'MPM', text: 'Look' },
      { type: 'SPM', text: 'Look' },
      { type: 'VOICE_CALL', text: 'Talk' },
      { type: 'REQUEST_CONTACT_INFO' },
    ),
    {},
  ],
  [
    'an authentication template',
    [{ type: 'BODY', add_security_recommendation: true }, { type: 'FOOTER', code_expiration_minutes: 5 }, otp],
    { category: 'AUTHENTICATION', ttl: 600 },
  ],
])('%s is accepted', (_name, components, more) => {
  expect(fieldsOf(components, more)).toEqual([]);
});

test.each([
  ['no body', [{ type: 'FOOTER', text: 'Bye' }], {}, ['components']],
  ['two bodies', [plain, plain], {}, ['components[1].type']],
  [
    'a gap in the numbers',
    [{ type: 'BODY', text: 'Hello {{2}}, we have news for you.', example: { body_text: [['a']] } }],
    {},
    ['components[0].text'],
  ],
  [
    'a variable at the end',
    [{ type: 'BODY', text: 'This is your order number {{1}}', example: { body_text: [['a']] } }],
    {},
    ['components[0].text'],
  ],
  [
    'too many variables',
    [{ type: 'BODY', text: 'a {{1}} {{2}} b', example: { body_text: [['a', 'b']] } }],
    {},
    ['components[0].text'],
  ],
  [
    'no sample',
    [{ type: 'BODY', text: 'Hello {{1}}, we have news for you.' }],
    {},
    ['components[0].example.body_text'],
  ],
  ['a header without a sample', [{ type: 'HEADER', format: 'IMAGE' }, plain], {}, ['components[0].example']],
  [
    'a header with two variables',
    [{ type: 'HEADER', format: 'TEXT', text: '{{1}} and {{2}}' }, plain],
    {},
    ['components[0].text'],
  ],
  ['a footer with a variable', [plain, { type: 'FOOTER', text: 'Bye {{1}}' }], {}, ['components[1].text']],
  [
    'a variable inside of a link',
    buttons({ type: 'URL', text: 'a', url: 'https://example.com/{{1}}/b', example: ['x'] }),
    {},
    ['components[1].buttons[0].url'],
  ],
  [
    'three links',
    buttons(...Array.from({ length: 3 }, () => ({ type: 'URL', text: 'a', url: 'https://example.com' }))),
    {},
    ['components[1].buttons[2]'],
  ],
  [
    'quick replies apart',
    buttons(
      { type: 'QUICK_REPLY', text: 'a' },
      { type: 'URL', text: 'b', url: 'https://example.com' },
      { type: 'QUICK_REPLY', text: 'c' },
    ),
    {},
    ['components[1].buttons'],
  ],
  ['a code button elsewhere', [plain, otp], {}, ['components[1].buttons[0].type']],
  ['a code without its button', [{ type: 'BODY' }], { category: 'AUTHENTICATION' }, ['components']],
  [
    'a one-tap button without an app',
    [{ type: 'BODY' }, { type: 'BUTTONS', buttons: [{ type: 'OTP', otp_type: 'ONE_TAP' }] }],
    { category: 'AUTHENTICATION' },
    ['components[1].buttons[0].supported_apps'],
  ],
  [
    'a long life of a code',
    [{ type: 'BODY' }, otp],
    { category: 'AUTHENTICATION', ttl: 901 },
    ['message_send_ttl_seconds'],
  ],
  [
    'an offer outside of marketing',
    [plain, { type: 'LIMITED_TIME_OFFER', limited_time_offer: { text: 'Today' } }],
    {},
    ['category'],
  ],
])('%s is rejected with its field', (_name, components, more, fields) => {
  expect(fieldsOf(components, more)).toEqual(fields);
});

test('the cards of a carousel are alike, and each has a picture', () => {
  const card = (format: string, text = 'One') => ({
    components: [
      { type: 'HEADER', format, example: { header_handle: ['4::a'] } },
      { type: 'BODY', text },
      { type: 'BUTTONS', buttons: [{ type: 'QUICK_REPLY', text: 'Yes' }] },
    ],
  });
  const carousel = (...cards: object[]) => [plain, { type: 'CAROUSEL', cards }];
  expect(fieldsOf(carousel(card('IMAGE'), card('IMAGE')))).toEqual([]);
  expect(fieldsOf(carousel(card('IMAGE'), card('VIDEO')))).toEqual(['components[1].cards[1].components']);
  expect(fieldsOf(carousel(card('IMAGE'), card('IMAGE', 'x'.repeat(161))))).toEqual([
    'components[1].cards[1].components',
  ]);
});

test('a file of ours becomes a handle of the channel', () => {
  const { components } = createTemplateBody.parse({
    account_id: idExamples.account,
    name: 'a',
    language: 'en',
    category: 'UTILITY',
    components: [{ type: 'HEADER', format: 'IMAGE', example: { media_id: idExamples.media } }, plain],
  });
  expect(samplesOf(components)).toEqual([{ field: 'components[0].example.media_id', mediaId: idExamples.media }]);
  expect(forChannel(components, new Map([[idExamples.media, '4::a']]))[0]).toEqual({
    type: 'HEADER',
    format: 'IMAGE',
    example: { header_handle: ['4::a'] },
  });
});
