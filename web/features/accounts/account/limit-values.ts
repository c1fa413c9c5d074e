// The limits of an account as texts of a form, and back: only what changed is sent.
import type { Account } from '@recado/client';
import { ApiError } from '@recado/client';

export type LimitValues = Record<
  | 'rateMessages'
  | 'rateSeconds'
  | 'hasDay'
  | 'perDay'
  | 'onLimit'
  | 'hasNew'
  | 'newConversations'
  | 'hasQuiet'
  | 'quietFrom'
  | 'quietUntil'
  | 'onUnknown',
  string
>;

const onOff = (is: boolean) => (is ? 'on' : 'off');

/** What the switches begin with. */
const usual = { perDay: '1000', newConversations: '100', quietFrom: '21:30', quietUntil: '08:00' };

export const startOf = ({ limits, delivery }: Account): LimitValues => ({
  rateMessages: String(limits.rate.messages),
  rateSeconds: String(limits.rate.seconds),
  hasDay: onOff(limits.per_day !== null),
  perDay: limits.per_day === null ? usual.perDay : String(limits.per_day),
  onLimit: limits.on_limit,
  hasNew: onOff(limits.new_conversations_per_day !== null),
  newConversations:
    limits.new_conversations_per_day === null ? usual.newConversations : String(limits.new_conversations_per_day),
  hasQuiet: onOff(limits.quiet_hours !== null),
  quietFrom: limits.quiet_hours?.from ?? usual.quietFrom,
  quietUntil: limits.quiet_hours?.until ?? usual.quietUntil,
  onUnknown: delivery.on_unknown,
});

/** The bodies of the API that these texts stand for. */
function fieldsOf(values: LimitValues) {
  return {
    limits: {
      rate: { messages: Number(values.rateMessages), seconds: Number(values.rateSeconds) },
      per_day: values.hasDay === 'on' ? Number(values.perDay) : null,
      on_limit: values.onLimit,
      new_conversations_per_day: values.hasNew === 'on' ? Number(values.newConversations) : null,
      quiet_hours: values.hasQuiet === 'on' ? { from: values.quietFrom, until: values.quietUntil } : null,
    },
    delivery: { on_unknown: values.onUnknown },
  };
}

type Fields = Record<string, unknown>;

const changedIn = (now: Fields, before: Fields): Fields =>
  Object.fromEntries(
    Object.entries(now).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name])),
  );

/** The body of the PATCH; empty if nothing changed. */
export function changesOf(values: LimitValues, start: LimitValues): Record<string, Fields> {
  const [now, before] = [fieldsOf(values), fieldsOf(start)];
  const parts = Object.entries(now).map(
    ([part, fields]) => [part, changedIn(fields, before[part as keyof typeof before])] as const,
  );
  return Object.fromEntries(parts.filter(([, changed]) => Object.keys(changed).length > 0));
}

/** Changed values stay. The other fields follow a change that was saved meanwhile. */
export function follow(values: LimitValues, before: LimitValues, now: LimitValues): LimitValues {
  const names = Object.keys(values) as (keyof LimitValues)[];
  return Object.fromEntries(
    names.map(name => [name, values[name] === before[name] ? now[name] : values[name]]),
  ) as LimitValues;
}

const isWhole = (text: string) => /^[1-9]\d*$/.test(text.trim());

/** The numbers that are none. */
export function problemsOf(values: LimitValues, words: string): Partial<Record<keyof LimitValues, string>> {
  const numbers: (keyof LimitValues)[] = [
    'rateMessages',
    'rateSeconds',
    ...(values.hasDay === 'on' ? (['perDay'] as const) : []),
    ...(values.hasNew === 'on' ? (['newConversations'] as const) : []),
  ];
  return Object.fromEntries(numbers.filter(name => !isWhole(values[name])).map(name => [name, words]));
}

/** The fields with numbers, which are checked while somebody types. */
export const numberFields = ['rateMessages', 'rateSeconds', 'perDay', 'newConversations'] as const;

/** Our fields by the paths of the API. */
export const fieldsByPath = {
  'limits.rate.messages': 'rateMessages',
  'limits.rate.seconds': 'rateSeconds',
  'limits.per_day': 'perDay',
  'limits.new_conversations_per_day': 'newConversations',
} as const;

/** One sentence for the foot of the form: errors without a field of their own. */
export function errorOf(errors: Partial<Record<string, string>>, error: unknown, rejected: string): string | undefined {
  if (errors.form === undefined) return undefined;
  if (error instanceof ApiError && error.errors.length > 0)
    return `${rejected} ${error.errors.map(({ message }) => message).join(' ')}`;
  return errors.form;
}
