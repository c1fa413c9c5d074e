// Checks a content against the limits of a channel.
import type { FieldError } from '../../kit/errors.ts';
import type { ContentLimit, ContentLimits } from '../../ports/channel.ts';

/** A value with its path, like `interactive.action.buttons[0].reply.title`. */
interface Found {
  path: string;
  value: unknown;
}

/** The limits of a content: those of its type, and for an interactive one those of its kind. */
function limitsOf(limits: ContentLimits, type: string, content: object): readonly ContentLimit[] {
  const kind = type === 'interactive' && 'type' in content ? `${type}.${String(content.type)}` : type;
  return Object.hasOwn(limits, kind) ? limits[kind as keyof ContentLimits] : [];
}

/** What exceeds the limits of a channel, by field. */
export const beyondLimits = (limits: ContentLimits, type: string, content: object): FieldError[] =>
  limitsOf(limits, type, content).flatMap(limit => brokenBy(limit, { path: type, value: content }));

function brokenBy(limit: ContentLimit, root: Found): FieldError[] {
  const [, ...steps] = limit.field.replaceAll('[]', '.[]').split('.');
  // A list of the type itself: `contacts[]`.
  const found = steps.reduce<Found[]>((places, step) => places.flatMap(place => inside(place, step)), [root]);
  const given = found.filter(({ value }) => value !== undefined);
  return [...tooMany(limit, given), ...tooLong(limit, given), ...repeated(limit, given), ...missing(limit, found)];
}

function inside({ path, value }: Found, step: string): Found[] {
  if (step === '[]')
    return Array.isArray(value) ? value.map((item, index) => ({ path: `${path}[${index}]`, value: item })) : [];
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? [{ path: `${path}.${step}`, value: Object.hasOwn(value, step) ? Reflect.get(value, step) : undefined }]
    : [];
}

function tooMany({ field, maxCount }: ContentLimit, found: Found[]): FieldError[] {
  if (maxCount === undefined || found.length <= maxCount) return [];
  const [list = field, ...inner] = field.split('[]').filter(part => part !== '');
  const total = inner.length > 0 ? ' in total' : '';
  return [{ field: list, message: `Must have at most ${maxCount}${inner.join('').replace('.', ' ')}${total}.` }];
}

function tooLong({ maxLength }: ContentLimit, found: Found[]): FieldError[] {
  if (maxLength === undefined) return [];
  return found.flatMap(({ path, value }) =>
    typeof value === 'string' && isLonger(value, maxLength)
      ? [{ field: path, message: `Must have at most ${maxLength} characters.` }]
      : [],
  );
}

/** Whether a text has more characters: an emoji of two UTF-16 units is one. */
const isLonger = (text: string, max: number) => text.length > max && [...text].length > max;

function repeated({ isUnique }: ContentLimit, found: Found[]): FieldError[] {
  if (!isUnique) return [];
  const seen = new Set<unknown>();
  return found.flatMap(({ path, value }) => {
    if (seen.has(value)) return [{ field: path, message: 'Must differ from those before it.' }];
    seen.add(value);
    return [];
  });
}

const missing = ({ isRequiredInSeveral }: ContentLimit, found: Found[]): FieldError[] =>
  isRequiredInSeveral && found.length > 1
    ? found.flatMap(({ path, value }) => (value === undefined ? [{ field: path, message: 'Is missing.' }] : []))
    : [];
