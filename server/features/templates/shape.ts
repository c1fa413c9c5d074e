// What a template needs to be sent: its variables, header and buttons, read from its components.

/** A text with variables, by their names or numbers in order of appearance. */
export interface VariableText {
  text: string;
  variables: string[];
}

export type HeaderShape =
  | ({ kind: 'text' } & VariableText)
  | { kind: 'image' | 'video' | 'gif' | 'document' | 'location' | 'product' | 'other' };

/** A button: the parameters that it takes, and whether it must have one. */
export interface ButtonShape {
  kind: string;
  takes: { subType: string; parameters: readonly string[]; required: boolean } | undefined;
}

export interface CardShape {
  header: HeaderShape | undefined;
  body: VariableText;
  buttons: ButtonShape[];
}

export interface TemplateShape extends CardShape {
  footer: string | undefined;
  /** Whether it is an offer that ends. */
  offer: boolean;
  cards: CardShape[] | undefined;
}

type Part = Record<string, unknown>;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const listOf = (value: unknown): Part[] =>
  Array.isArray(value) ? value.filter((each): each is Part => typeof each === 'object' && each !== null) : [];
const nameOf = (value: unknown): string => textOf(value).toUpperCase();

/** The variables of a text, each once: numbers in their order, as a translation may name {{2}} before {{1}}. */
const variablesIn = (text: string): string[] =>
  [...new Set([...text.matchAll(/\{\{\s*([a-z0-9_]+)\s*\}\}/gi)].map(([, name]) => name ?? ''))].sort(
    (left, right) => Number(left) - Number(right) || 0,
  );

const withVariables = (value: unknown): VariableText => {
  const text = textOf(value);
  return { text, variables: variablesIn(text) };
};

function headerOf(part: Part | undefined): HeaderShape | undefined {
  if (!part) return undefined;
  switch (nameOf(part.format)) {
    case 'TEXT':
      return { kind: 'text', ...withVariables(part.text) };
    case 'IMAGE':
      return { kind: 'image' };
    case 'VIDEO':
      return { kind: 'video' };
    case 'GIF':
      return { kind: 'gif' };
    case 'PRODUCT':
      return { kind: 'product' };
    case 'DOCUMENT':
      return { kind: 'document' };
    case 'LOCATION':
      return { kind: 'location' };
    default:
      return { kind: 'other' };
  }
}

function buttonOf(button: Part): ButtonShape {
  const kind = nameOf(button.type);
  const takes = (subType: string, parameter: string | readonly string[], required: boolean) => ({
    kind,
    takes: { subType, parameters: [parameter].flat(), required },
  });
  switch (kind) {
    case 'OTP':
      return takes('url', 'text', true);
    case 'URL':
      return variablesIn(textOf(button.url)).length > 0 ? takes('url', 'text', true) : { kind, takes: undefined };
    case 'COPY_CODE':
      return takes('copy_code', 'coupon_code', true);
    case 'QUICK_REPLY':
      return takes('quick_reply', 'payload', false);
    case 'FLOW':
      return takes('flow', 'action', false);
    case 'CATALOG':
      return takes('catalog', 'action', false);
    case 'MPM':
      return takes('mpm', 'action', true);
    case 'VOICE_CALL':
      return takes('voice_call', ['ttl_minutes', 'payload'], false);
    case 'ORDER_DETAILS':
      return takes('order_details', 'action', true);
    default:
      return { kind, takes: undefined };
  }
}

function cardOf(components: Part[]): CardShape {
  const find = (type: string) => components.find(part => nameOf(part.type) === type);
  return {
    header: headerOf(find('HEADER')),
    body: withVariables(find('BODY')?.text),
    buttons: listOf(find('BUTTONS')?.buttons).map(buttonOf),
  };
}

/** The shape of a template with these components. */
export function shapeOf(components: Record<string, unknown>[]): TemplateShape {
  const find = (type: string) => components.find(part => nameOf(part.type) === type);
  const offer = find('LIMITED_TIME_OFFER')?.limited_time_offer as Part | undefined;
  const carousel = find('CAROUSEL');
  return {
    ...cardOf(components),
    footer: textOf(find('FOOTER')?.text) || undefined,
    offer: offer?.has_expiration === true,
    cards: carousel && listOf(carousel.cards).map(card => cardOf(listOf(card.components))),
  };
}
