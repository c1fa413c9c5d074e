// Whether the channel can accept the definition of a template, before the channel is asked.
import type { TemplateComponents } from '@recado/contract';
import type { FieldError } from '../../kit/errors.ts';

type Component = TemplateComponents[number];
type Part<Type extends Component['type']> = Extract<Component, { type: Type }>;
type Button = Part<'BUTTONS'>['buttons'][number];
type Format = 'named' | 'positional';

const mostOfKind: Partial<Record<Button['type'], number>> = {
  URL: 2,
  PHONE_NUMBER: 1,
  COPY_CODE: 1,
  OTP: 1,
  FLOW: 1,
  CATALOG: 1,
  MPM: 1,
  SPM: 1,
  VOICE_CALL: 1,
  ORDER_DETAILS: 1,
  REQUEST_CONTACT_INFO: 1,
};

/** The headers that a card may show above its text. */
const cardFormats: ReadonlySet<string> = new Set(['IMAGE', 'VIDEO', 'PRODUCT']);

const ttlOf: Record<string, [number, number]> = {
  AUTHENTICATION: [30, 900],
  UTILITY: [30, 43_200],
  MARKETING: [43_200, 2_592_000],
};

/** Every variable of a text, in order and with repeats. */
const variablesOf = (text: string): string[] =>
  [...text.matchAll(/\{\{([^{}]*)\}\}/g)].map(match => (match[1] ?? '').trim());

/** Each error of a definition, by the path of its field; none if it can be sent to the channel. */
export function definitionErrors(
  components: TemplateComponents,
  category: string,
  format: Format,
  ttlSeconds: number | undefined,
): FieldError[] {
  const errors: FieldError[] = [];
  const add = (field: string, message: string) => errors.push({ field, message });
  const [least, most] = ttlOf[category] ?? [30, 2_592_000];
  if (ttlSeconds !== undefined && ttlSeconds !== -1 && (ttlSeconds < least || ttlSeconds > most))
    add('message_send_ttl_seconds', `Must be from ${least} to ${most} for ${category}, or -1 for 30 days.`);
  const types = components.map(({ type }) => type);
  types.forEach((type, place) => {
    if (types.indexOf(type) !== place) add(`components[${place}].type`, `Must not repeat ${type}.`);
  });
  if (!types.includes('BODY')) add('components', 'Must have a BODY.');
  components.forEach((component, place) => {
    errors.push(...componentErrors(component, `components[${place}]`, category, format));
  });
  if (types.includes('CAROUSEL') && category !== 'MARKETING' && category !== 'UTILITY')
    add('category', 'Must be MARKETING or UTILITY for a template with cards.');
  if (types.includes('LIMITED_TIME_OFFER') && category !== 'MARKETING')
    add('category', 'Must be MARKETING for an offer that ends.');
  if (category === 'AUTHENTICATION' && !hasOtpButton(components))
    add('components', 'Must have BUTTONS with one OTP button for AUTHENTICATION.');
  return errors;
}

const hasOtpButton = (components: TemplateComponents): boolean =>
  components.some(part => part.type === 'BUTTONS' && part.buttons.length === 1 && part.buttons[0]?.type === 'OTP');

function componentErrors(component: Component, path: string, category: string, format: Format): FieldError[] {
  switch (component.type) {
    case 'HEADER':
      return headerErrors(component, path, category, format);
    case 'BODY':
      return bodyErrors(component, path, category, format);
    case 'FOOTER':
      return footerErrors(component, path, category);
    case 'BUTTONS':
      return buttonsErrors(component, path, category);
    case 'CAROUSEL':
      return carouselErrors(component, path, category, format);
    case 'LIMITED_TIME_OFFER':
    case 'CALL_PERMISSION_REQUEST':
      return [];
  }
}

function headerErrors(header: Part<'HEADER'>, path: string, category: string, format: Format): FieldError[] {
  const { format: kind, text, example } = header;
  if (category === 'AUTHENTICATION') return [{ field: path, message: 'Must be absent for AUTHENTICATION.' }];
  if (kind === 'TEXT') {
    if (text === undefined) return [{ field: `${path}.text`, message: 'Is missing.' }];
    const variables = variablesOf(text);
    if (variables.length > 1) return [{ field: `${path}.text`, message: 'Must have at most one variable.' }];
    const samples = format === 'named' ? example?.header_text_named_params : example?.header_text;
    const field = format === 'named' ? 'header_text_named_params' : 'header_text';
    return [
      ...nameErrors(variables, format, `${path}.text`),
      ...sampleErrors(variables, format, samples, `${path}.example.${field}`),
    ];
  }
  if (text !== undefined) return [{ field: `${path}.text`, message: `Must be absent for a header of format ${kind}.` }];
  if (kind === 'LOCATION' || kind === 'PRODUCT')
    return example === undefined ? [] : [{ field: `${path}.example`, message: `Must be absent for format ${kind}.` }];
  const given = [example?.media_id, example?.header_handle].filter(each => each !== undefined).length;
  return given === 1
    ? []
    : [
        {
          field: `${path}.example`,
          message: `Must have exactly one of media_id and header_handle for format ${kind}.`,
        },
      ];
}

function bodyErrors(body: Part<'BODY'>, path: string, category: string, format: Format): FieldError[] {
  const { text, example, add_security_recommendation: recommends } = body;
  if (category === 'AUTHENTICATION')
    return text === undefined
      ? []
      : [{ field: `${path}.text`, message: 'Must be absent for AUTHENTICATION: WhatsApp writes the text.' }];
  if (recommends !== undefined)
    return [{ field: `${path}.add_security_recommendation`, message: 'Is only for AUTHENTICATION.' }];
  if (text === undefined) return [{ field: `${path}.text`, message: 'Is missing.' }];
  const variables = variablesOf(text);
  const errors = nameErrors(variables, format, `${path}.text`);
  if (/^\s*\{\{|\}\}\s*$/.test(text))
    errors.push({ field: `${path}.text`, message: 'Must not begin or end with a variable.' });
  if (new Set(variables).size * 3 > text.split(/\s+/).length)
    errors.push({ field: `${path}.text`, message: 'Must have more words: too many of them are variables.' });
  if (/\n{3}/.test(text)) errors.push({ field: `${path}.text`, message: 'Must not have two empty lines in a row.' });
  const field = format === 'named' ? 'body_text_named_params' : 'body_text';
  const samples = format === 'named' ? example?.body_text_named_params : example?.body_text?.[0];
  return [...errors, ...sampleErrors(variables, format, samples, `${path}.example.${field}`)];
}

/** Numbers from 1 without a gap, or names. */
function nameErrors(variables: string[], format: Format, field: string): FieldError[] {
  const once = [...new Set(variables)];
  if (format === 'named') {
    const wrong = once.find(name => !/^[a-z][a-z0-9_]*$/.test(name));
    return wrong === undefined
      ? []
      : [{ field, message: `The variable {{${wrong}}} must be a name of lower-case letters, digits and _.` }];
  }
  const wrong = once
    .sort((left, right) => Number(left) - Number(right) || 0)
    .find((name, place) => name !== String(place + 1));
  return wrong === undefined
    ? []
    : [{ field, message: `The variable {{${wrong}}} must be the next number: {{1}}, {{2}} and so on.` }];
}

function sampleErrors(
  variables: string[],
  format: Format,
  samples: readonly (string | { param_name: string })[] | undefined,
  field: string,
): FieldError[] {
  const once = [...new Set(variables)];
  const given = samples ?? [];
  if (given.length !== once.length)
    return [{ field, message: `Must have ${once.length} samples, one for each variable, and has ${given.length}.` }];
  if (format === 'positional') return [];
  const names = given.map(sample => (typeof sample === 'string' ? '' : sample.param_name));
  const missing = once.find(name => !names.includes(name));
  return missing === undefined ? [] : [{ field, message: `Must have a sample for {{${missing}}}.` }];
}

function footerErrors(footer: Part<'FOOTER'>, path: string, category: string): FieldError[] {
  if (category === 'AUTHENTICATION') {
    if (footer.text !== undefined) return [{ field: `${path}.text`, message: 'Must be absent for AUTHENTICATION.' }];
    return footer.code_expiration_minutes === undefined
      ? [{ field: `${path}.code_expiration_minutes`, message: 'Is missing.' }]
      : [];
  }
  if (footer.code_expiration_minutes !== undefined)
    return [{ field: `${path}.code_expiration_minutes`, message: 'Is only for AUTHENTICATION.' }];
  if (footer.text === undefined) return [{ field: `${path}.text`, message: 'Is missing.' }];
  return variablesOf(footer.text).length > 0 ? [{ field: `${path}.text`, message: 'Must not have variables.' }] : [];
}

function buttonsErrors({ buttons }: Part<'BUTTONS'>, path: string, category: string): FieldError[] {
  const errors: FieldError[] = [];
  const counts = new Map<string, number>();
  buttons.forEach((button, place) => {
    const field = `${path}.buttons[${place}]`;
    const count = (counts.get(button.type) ?? 0) + 1;
    counts.set(button.type, count);
    const most = mostOfKind[button.type];
    if (most !== undefined && count > most)
      errors.push({ field, message: `Must be one of at most ${most} buttons of type ${button.type}.` });
    if ((button.type === 'OTP') !== (category === 'AUTHENTICATION'))
      errors.push({
        field: `${field}.type`,
        message: category === 'AUTHENTICATION' ? 'Must be OTP for AUTHENTICATION.' : 'OTP is only for AUTHENTICATION.',
      });
    errors.push(...buttonErrors(button, field));
  });
  // Quick replies stand together, before or after the others.
  const kinds = buttons.map(({ type }) => type === 'QUICK_REPLY');
  if (kinds.filter((isReply, place) => place > 0 && isReply !== kinds[place - 1]).length > 1)
    errors.push({ field: `${path}.buttons`, message: 'Quick replies must stand together.' });
  return errors;
}

function buttonErrors(button: Button, field: string): FieldError[] {
  if (button.type === 'URL') {
    const variables = variablesOf(button.url);
    const isPlain = variables.length === 0;
    if (!/^https?:\/\/[^\s{}]+/.test(button.url))
      return [{ field: `${field}.url`, message: 'Must be an http or https link.' }];
    if (!isPlain && (variables.length > 1 || !/\{\{1\}\}$/.test(button.url)))
      return [{ field: `${field}.url`, message: 'May have one variable {{1}}, at its end.' }];
    return isPlain === (button.example === undefined)
      ? []
      : [{ field: `${field}.example`, message: isPlain ? 'Must be absent: the link has no variable.' : 'Is missing.' }];
  }
  if (button.type === 'PHONE_NUMBER' && !/^\+?[0-9 ()-]{5,20}$/.test(button.phone_number))
    return [{ field: `${field}.phone_number`, message: 'Must be a phone number like +12025550123.' }];
  if (button.type === 'FLOW' && (button.flow_id === undefined) === (button.flow_name === undefined))
    return [{ field, message: 'Must have exactly one of flow_id and flow_name.' }];
  if (button.type === 'OTP' && button.otp_type !== 'COPY_CODE' && !button.supported_apps?.length)
    return [{ field: `${field}.supported_apps`, message: `Must name an app for ${button.otp_type}.` }];
  if (button.type === 'OTP' && button.otp_type === 'ZERO_TAP' && button.zero_tap_terms_accepted !== true)
    return [{ field: `${field}.zero_tap_terms_accepted`, message: 'Must be true for ZERO_TAP.' }];
  return [];
}

function carouselErrors({ cards }: Part<'CAROUSEL'>, path: string, category: string, format: Format): FieldError[] {
  const shapeOf = (card: (typeof cards)[number] | undefined) =>
    JSON.stringify(
      card?.components.map(part => {
        if (part.type === 'HEADER') return [part.type, part.format];
        return part.type === 'BUTTONS' ? [part.type, part.buttons.map(({ type }) => type)] : [part.type];
      }),
    );
  return cards.flatMap((card, place) => {
    const field = `${path}.cards[${place}].components`;
    const errors = card.components.flatMap((part, at) => componentErrors(part, `${field}[${at}]`, category, format));
    const header = card.components.find(part => part.type === 'HEADER');
    if (!header || !cardFormats.has(header.format))
      errors.push({ field, message: `Must have a HEADER of format ${[...cardFormats].join(', ')}.` });
    const body = card.components.find(part => part.type === 'BODY');
    if ((body?.text?.length ?? 0) > 160) errors.push({ field, message: 'The BODY must have at most 160 characters.' });
    if (shapeOf(card) !== shapeOf(cards[0]))
      errors.push({ field, message: 'Must have the same parts and buttons as the first card.' });
    return errors;
  });
}

/** The samples of ours in a definition: their files, by the path of their field. */
export function samplesOf(components: TemplateComponents, path = 'components'): { field: string; mediaId: string }[] {
  return components.flatMap((part, place) => {
    const at = `${path}[${place}]`;
    if (part.type === 'HEADER' && part.example?.media_id !== undefined)
      return [{ field: `${at}.example.media_id`, mediaId: part.example.media_id }];
    if (part.type !== 'CAROUSEL') return [];
    return part.cards.flatMap((card, index) => samplesOf(card.components, `${at}.cards[${index}].components`));
  });
}

/** The components as the channel takes them: with handles in the place of our files. */
export function forChannel(
  components: TemplateComponents,
  handles: ReadonlyMap<string, string>,
): Record<string, unknown>[] {
  return components.map(part => {
    if (part.type === 'CAROUSEL')
      return { ...part, cards: part.cards.map(card => ({ components: forChannel(card.components, handles) })) };
    if (part.type !== 'HEADER' || part.example?.media_id === undefined) return { ...part };
    const { media_id: mediaId, ...example } = part.example;
    return { ...part, example: { ...example, header_handle: [handles.get(mediaId) ?? ''] } };
  });
}
