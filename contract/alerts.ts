// Alerts: what Recado watches, the rules of a workspace, and the alerts that they gave.
import { z } from 'zod';
import { timeZoneSchema } from './accounts.ts';
import {
  changeBody,
  nameSchema,
  pageQuery,
  pageSchema,
  requestObject,
  textSchema,
  timeInputSchema,
  timeSchema,
} from './common.ts';
import { idSchema } from './ids.ts';

/** What a rule can watch. */
export const alertSignals = [
  'account_attention',
  'token_expiry',
  'webhook_routing',
  'limit_lowered',
  'silence_in',
  'stall_out',
  'no_receipts',
  'failed_share',
  'quality',
  'template_trouble',
  'unknown_age',
  'oldest_high',
  'oldest_normal',
  'daily_limit',
  'spend_cap',
  'free_messages',
  'unanswered',
  'nobody_online',
  'no_gateway',
  'endpoint_failing',
  'dead_letters',
  'disk',
  'clock',
  'web_version',
  'backup_age',
] as const;
export type AlertSignal = (typeof alertSignals)[number];

export const alertSeverities = ['notice', 'warning', 'critical'] as const;
export type AlertSeverity = (typeof alertSeverities)[number];

export const alertSubjects = ['account', 'endpoint', 'template', 'team', 'workspace'] as const;
export type AlertSubject = (typeof alertSubjects)[number];

/** In which unit the value of a signal is. flag: 1 where it is so, else 0. */
export const alertUnits = ['flag', 'times', 'messages', 'percent', 'seconds', 'minutes', 'days', 'items'] as const;
export type AlertUnit = (typeof alertUnits)[number];

export interface SignalFacts {
  subject: AlertSubject;
  unit: AlertUnit;
  /** What the rule of a new workspace says; its fields are those of a rule. */
  rule: {
    fire_above: number;
    clear_below: number;
    minimum: number;
    window_seconds: number;
    for_seconds: number;
    keep_seconds: number;
    severity: AlertSeverity;
  };
  /** Whether a subject of which the reader says nothing is fine. Otherwise there is no data. */
  silentIsFine: boolean;
  /** Values at which somebody is told again: 80 and 100 percent. */
  again: readonly number[];
}

const facts = (
  subject: AlertSubject,
  unit: AlertUnit,
  severity: AlertSeverity,
  [fireAbove, clearBelow]: [number, number],
  more: { minimum?: number; window?: number; for?: number; keep?: number; dataNeeded?: true; again?: number[] } = {},
): SignalFacts => ({
  subject,
  unit,
  rule: {
    fire_above: fireAbove,
    clear_below: clearBelow,
    minimum: more.minimum ?? 0,
    window_seconds: more.window ?? 0,
    for_seconds: more.for ?? 0,
    keep_seconds: more.keep ?? 0,
    severity,
  },
  silentIsFine: !more.dataNeeded,
  again: more.again ?? [],
});

/** The facts of each signal. A flag is above 0 and below 1. */
export const signalFacts: Readonly<Record<AlertSignal, SignalFacts>> = {
  account_attention: facts('account', 'flag', 'critical', [0, 1], { keep: 120 }),
  // 1, 2 and 3: two weeks, three days and one day before its end.
  token_expiry: facts('account', 'flag', 'warning', [0, 1], { again: [2, 3] }),
  webhook_routing: facts('account', 'flag', 'critical', [0, 1]),
  limit_lowered: facts('account', 'flag', 'warning', [0, 1]),
  silence_in: facts('account', 'times', 'critical', [4, 1], { dataNeeded: true }),
  stall_out: facts('account', 'messages', 'critical', [9, 1], { window: 600 }),
  no_receipts: facts('account', 'messages', 'warning', [9, 1], { window: 900 }),
  failed_share: facts('account', 'percent', 'warning', [5, 3], {
    ...{ minimum: 50, window: 3600, for: 300, keep: 600, dataNeeded: true },
  }),
  quality: facts('account', 'flag', 'warning', [0, 1]),
  template_trouble: facts('template', 'flag', 'warning', [0, 1]),
  unknown_age: facts('account', 'minutes', 'warning', [30, 30]),
  oldest_high: facts('account', 'seconds', 'critical', [60, 30]),
  oldest_normal: facts('account', 'seconds', 'warning', [600, 300]),
  daily_limit: facts('account', 'percent', 'notice', [80, 80], { again: [100] }),
  spend_cap: facts('workspace', 'percent', 'warning', [79, 79], { again: [100] }),
  free_messages: facts('account', 'percent', 'notice', [80, 80], { again: [95, 100] }),
  unanswered: facts('account', 'minutes', 'notice', [60, 60], { for: 300 }),
  nobody_online: facts('team', 'flag', 'warning', [0, 1], { for: 600 }),
  no_gateway: facts('account', 'seconds', 'critical', [30, 1]),
  endpoint_failing: facts('endpoint', 'minutes', 'warning', [15, 1]),
  dead_letters: facts('workspace', 'items', 'warning', [0, 1]),
  disk: facts('workspace', 'percent', 'critical', [90, 85]),
  clock: facts('workspace', 'seconds', 'warning', [5, 2], { for: 60, keep: 60 }),
  web_version: facts('workspace', 'days', 'notice', [3, 1]),
  backup_age: facts('workspace', 'seconds', 'warning', [93_600, 93_600], { dataNeeded: true }),
};

const seconds = (description: string) =>
  z
    .int({ error: 'Must be a whole number of seconds.' })
    .min(0, { error: 'Must be at least 0.' })
    .max(86_400, { error: 'Must be at most 86400.' })
    .meta({ description });
const bound = (description: string) =>
  z
    .number({ error: 'Must be a number.' })
    .min(0, { error: 'Must be at least 0.' })
    .max(1_000_000, { error: 'Must be at most 1000000.' })
    .meta({ description });
const some = <Item extends z.ZodType>(item: Item, description: string) =>
  z
    .array(item)
    .min(1, { error: 'Must have at least one id.' })
    .max(100, { error: 'Must have at most 100 ids.' })
    .nullable()
    .meta({ description });

const signalSchema = z.enum(alertSignals).meta({ description: 'What the rule watches.' });
const severitySchema = z
  .enum(alertSeverities)
  .meta({ description: 'critical passes quiet hours, and is repeated every 30 minutes.' });

const ruleFields = {
  enabled: z.boolean().meta({ description: 'Whether the rule is on.' }),
  account_ids: some(idSchema('account'), 'The accounts that it watches, each for itself. Null for all.'),
  fire_above: bound('It fires above this value, in the unit of the signal.'),
  clear_below: bound('It clears below this value.'),
  minimum: z
    .int({ error: 'Must be a whole number.' })
    .min(0, { error: 'Must be at least 0.' })
    .max(1_000_000, { error: 'Must be at most 1000000.' })
    .meta({ description: 'With fewer messages there is no data: it neither fires nor clears. Only of a share.' }),
  window_seconds: seconds('How far back it looks, where its signal looks back.'),
  for_seconds: seconds('How long the value has to be above before it fires.'),
  keep_seconds: seconds('How long the value has to be below before it clears.'),
  severity: severitySchema,
  note: textSchema(500)
    .nullable()
    .meta({ description: 'What to do, in your words. It is in every alert. No number and no text of a message.' }),
  person_ids: some(idSchema('person'), 'Who is told. Null for all owners and admins.'),
  muted_until: timeInputSchema.nullable().meta({ description: 'Until then it tells nobody. Null: not muted.' }),
};

const optional = <Shape extends Record<string, z.ZodType>>(shape: Shape) =>
  Object.fromEntries(Object.entries(shape).map(([name, field]) => [name, field.optional()])) as {
    [Name in keyof Shape]: z.ZodOptional<Shape[Name]>;
  };

export const createAlertRuleBody = requestObject({ signal: signalSchema, ...optional(ruleFields) }).meta({
  example: { signal: 'failed_share', fire_above: 3, clear_below: 2, severity: 'warning', note: 'Ask Bruno.' },
});
export type CreateAlertRule = z.output<typeof createAlertRuleBody>;
export const updateAlertRuleBody = changeBody(optional(ruleFields));
export type UpdateAlertRule = z.output<typeof updateAlertRuleBody>;

/** Of the subjects of a rule: what the list shows of it. The first that is so. */
export const alertRuleStates = ['off', 'muted', 'firing', 'pending', 'no_data', 'ok'] as const;
export type AlertRuleState = (typeof alertRuleStates)[number];

export const alertRuleSchema = z
  .strictObject({
    id: idSchema('alert_rule'),
    signal: signalSchema,
    ...ruleFields,
    muted_until: timeSchema.nullable().meta({ description: 'Until then it tells nobody. Null: not muted.' }),
    state: z.enum(alertRuleStates).meta({ description: 'The state of its worst subject.' }),
    firing: z.number().int().meta({ description: 'How many of its subjects fire.' }),
    now: z
      .strictObject({
        subject: z.string().nullable().meta({ description: 'The name of the subject with the highest value.' }),
        value: z.number().nullable().meta({ description: 'The highest value of the last round. Null: no data.' }),
        n: z.number().int().nullable().meta({ description: 'Of how many messages, where the value is a share.' }),
      })
      .nullable()
      .meta({ description: 'What the last round saw. Null before the first one.' }),
    created_at: timeSchema.meta({ description: 'The time of creation.' }),
  })
  .meta({ id: 'AlertRule' });
export type AlertRule = z.infer<typeof alertRuleSchema>;

export const alertRuleList = z
  .strictObject({ data: z.array(alertRuleSchema).meta({ description: 'The rules of the workspace.' }) })
  .meta({ id: 'AlertRuleList' });

const whoSchema = z
  .strictObject({
    id: z.string().meta({ description: 'The id of the person or the API key.' }),
    name: z.string().nullable().meta({ description: 'The name.' }),
  })
  .nullable();

export const alertStates = ['firing', 'cleared'] as const;

export const alertSchema = z
  .strictObject({
    id: idSchema('alert'),
    rule_id: idSchema('alert_rule').nullable().meta({ description: 'The rule. Null once it is deleted.' }),
    signal: signalSchema,
    severity: severitySchema,
    state: z.enum(alertStates).meta({ description: 'firing, or cleared once it is over.' }),
    subject: z
      .strictObject({
        kind: z.enum(alertSubjects).meta({ description: 'What it is about.' }),
        id: z.string().meta({ description: 'The id of the account, endpoint, template, team or workspace.' }),
        name: z.string().meta({ description: 'The name when it began.' }),
      })
      .meta({ description: 'What it is about.' }),
    title: z.string().meta({ description: 'What is wrong, in English.', example: '5.8% fail on Farol Online' }),
    remedy: z.string().meta({ description: 'What to do first, in English.' }),
    guide: z.string().meta({ description: 'The place of the guide about the signal.' }),
    note: z.string().nullable().meta({ description: 'What the rule says beside the remedy.' }),
    value: z.number().meta({ description: 'The value of the last round, in the unit of the signal.' }),
    n: z.number().int().nullable().meta({ description: 'Of how many messages, where the value is a share.' }),
    detail: z.record(z.string(), z.unknown()).meta({ description: 'More facts, such as the most frequent code.' }),
    began_at: timeSchema.meta({ description: 'When it began to fire.' }),
    cleared_at: timeSchema.nullable().meta({ description: 'When it was over. Null while it fires.' }),
    unstable: z.boolean().meta({ description: 'It changed more than four times in an hour, and is told once.' }),
    taken_by: whoSchema.meta({ description: 'Who took it. Nobody else is told again.' }),
    taken_at: timeSchema.nullable().meta({ description: 'When somebody took it.' }),
    taken_note: z.string().nullable().meta({ description: 'What that person wrote.' }),
    muted_until: timeSchema.nullable().meta({ description: 'Until then nobody is told. Null: not muted.' }),
    muted_by: whoSchema.meta({ description: 'Who muted it.' }),
  })
  .meta({ id: 'Alert' });
export type Alert = z.infer<typeof alertSchema>;

export const listAlertsQuery = z.strictObject({
  ...pageQuery,
  state: z.enum(alertStates).optional().meta({ description: 'Only these.' }),
  rule_id: idSchema('alert_rule').optional().meta({ description: 'Only those of this rule.' }),
});
export const alertPage = pageSchema(alertSchema).meta({ id: 'AlertPage' });

export const takeAlertBody = requestObject({
  note: nameSchema(500).optional().meta({ description: 'What you do about it, for the others.' }),
}).meta({ example: { note: 'Wrote to Meta, campaigns are paused.' } });
export const muteAlertsBody = requestObject({
  until: timeInputSchema.nullable().meta({ description: 'Until then nobody is told. Null ends it.' }),
}).meta({ example: { until: '2026-11-24T16:04:05Z' } });
export const mutedAlertsSchema = z
  .strictObject({ muted: z.number().int().meta({ description: 'How many alerts were muted.' }) })
  .meta({ id: 'MutedAlerts' });

/** Where alerts can go. app and email are there from the start. */
export const alertChannelKinds = ['app', 'email', 'webhook', 'slack', 'telegram', 'ntfy', 'whatsapp'] as const;
export type AlertChannelKind = (typeof alertChannelKinds)[number];

/** What a channel tells: alerts by severity, and that they are over. */
export const alertTells = [...alertSeverities, 'cleared'] as const;

const link = textSchema(2048).regex(/^https?:\/\//, { error: 'Must be a link that begins with https://' });
const channelSettings = {
  url: link.optional().meta({ description: 'webhook, slack, ntfy: where it is posted. It is shown in part only.' }),
  secret: textSchema(500).optional().meta({
    description: 'telegram: the token of the bot. ntfy: an access token, if the topic needs one. Nobody sees it again.',
  }),
  chat_id: textSchema(100).optional().meta({ description: 'telegram: the chat or group.' }),
  account_id: idSchema('account').optional().meta({ description: 'whatsapp: the account that writes.' }),
  template: requestObject({
    name: nameSchema(512).meta({ description: 'An approved utility template with one variable in its body.' }),
    language: textSchema(20).meta({ description: 'The language of the template.', example: 'en' }),
  })
    .optional()
    .meta({ description: 'whatsapp: the template.' }),
  recipients: z
    .array(textSchema(30).regex(/^\+\d{6,15}$/, { error: 'Must be a number like +12025550123.' }))
    .min(1, { error: 'Must have at least one number.' })
    .max(20, { error: 'Must have at most 20 numbers.' })
    .optional()
    .meta({ description: 'whatsapp: whom it writes to. Nobody sees the numbers again.' }),
};
const channelFields = {
  name: nameSchema(100).optional().meta({ description: 'What people call it.' }),
  tells: z
    .array(z.enum(alertTells))
    .max(alertTells.length)
    .optional()
    .meta({ description: 'What it tells: severities, and cleared.' }),
  enabled: z.boolean().optional().meta({ description: 'Whether it is on.' }),
};

export const createAlertChannelBody = requestObject({
  kind: z
    .enum(['webhook', 'slack', 'telegram', 'ntfy', 'whatsapp'])
    .meta({ description: 'What kind of channel it is.' }),
  ...channelFields,
  ...channelSettings,
}).meta({ example: { kind: 'ntfy', name: 'On call', url: 'https://ntfy.example.com/farol', tells: ['critical'] } });
export type CreateAlertChannel = z.output<typeof createAlertChannelBody>;
export const updateAlertChannelBody = changeBody({ ...channelFields, ...channelSettings });
export type UpdateAlertChannel = z.output<typeof updateAlertChannelBody>;

export const alertChannelSchema = z
  .strictObject({
    id: idSchema('alert_channel'),
    kind: z.enum(alertChannelKinds).meta({ description: 'What kind of channel it is.' }),
    name: z.string().meta({ description: 'What people call it.' }),
    target: z.string().nullable().meta({ description: 'Where it goes, without secrets and numbers.' }),
    account_id: idSchema('account').nullable().meta({ description: 'whatsapp: the account that writes.' }),
    tells: z.array(z.enum(alertTells)).meta({ description: 'What it tells.' }),
    enabled: z.boolean().meta({ description: 'Whether it is on.' }),
    works: z.boolean().meta({ description: 'email: whether a mail server is set. Of others: always true.' }),
    last_at: timeSchema.nullable().meta({ description: 'When it last took an alert.' }),
    failing_since: timeSchema.nullable().meta({ description: 'Since when it takes none. Null: it works.' }),
    error: z.string().nullable().meta({ description: 'Why it did not take the last one.' }),
    created_at: timeSchema.meta({ description: 'The time of creation.' }),
  })
  .meta({ id: 'AlertChannel' });
export type AlertChannel = z.infer<typeof alertChannelSchema>;
export const newAlertChannelSchema = alertChannelSchema
  .extend({
    secret: z.string().nullable().meta({ description: 'webhook: what it is signed with. Only this answer has it.' }),
  })
  .meta({ id: 'NewAlertChannel' });
export const alertChannelList = z
  .strictObject({ data: z.array(alertChannelSchema).meta({ description: 'The channels, app and email first.' }) })
  .meta({ id: 'AlertChannelList' });

export const alertNews = ['firing', 'repeat', 'unstable', 'cleared', 'test'] as const;
export const alertDeliveryStates = ['waiting', 'sending', 'sent', 'failed'] as const;
export const alertDeliverySchema = z
  .strictObject({
    id: idSchema('alert_delivery'),
    channel_id: idSchema('alert_channel'),
    channel: z.enum(alertChannelKinds).meta({ description: 'The kind of the channel.' }),
    to: z.string().nullable().meta({ description: 'The name of the person, or where the channel goes.' }),
    news: z.enum(alertNews).meta({ description: 'What it tells.' }),
    alert_ids: z.array(idSchema('alert')).meta({ description: 'The alerts that it is about.' }),
    title: z.string().meta({ description: 'The title of the first of them.' }),
    instead_of: z
      .enum(alertChannelKinds)
      .nullable()
      .meta({ description: 'The kind of the channel that did not take it, so that it went by e-mail.' }),
    state: z.enum(alertDeliveryStates).meta({ description: 'failed: no attempt succeeded.' }),
    attempts: z.number().int().meta({ description: 'How often it was tried.' }),
    error: z.string().nullable().meta({ description: 'Why the last attempt failed.' }),
    duration_ms: z.number().int().nullable().meta({ description: 'How long the last attempt took.' }),
    created_at: timeSchema.meta({ description: 'When it was queued.' }),
    ended_at: timeSchema.nullable().meta({ description: 'When it was over.' }),
  })
  .meta({ id: 'AlertDelivery' });
export type AlertDelivery = z.infer<typeof alertDeliverySchema>;
export const listAlertDeliveriesQuery = z.strictObject(pageQuery);
export const alertDeliveryPage = pageSchema(alertDeliverySchema).meta({ id: 'AlertDeliveryPage' });

const span = (min: number, max: number, description: string) =>
  z
    .int({ error: 'Must be a whole number of seconds.' })
    .min(min, { error: `Must be at least ${min}.` })
    .max(max, { error: `Must be at most ${max}.` })
    .meta({ description });
const groupSeconds = span(0, 3600, 'Alerts about one account that begin within this time are told together.');
const repeatSeconds = span(600, 604_800, 'Told again after this time, until somebody takes it. Critical: 30 minutes.');

export const alertSettingsSchema = z
  .strictObject({
    group_seconds: groupSeconds,
    repeat_seconds: repeatSeconds,
    ping: z
      .strictObject({
        host: z.string().meta({ description: 'The host of the address.' }),
        at: timeSchema.nullable().meta({ description: 'When it was called last.' }),
        status: z.number().int().nullable().meta({ description: 'The HTTP status of the answer.' }),
        error: z.string().nullable().meta({ description: 'Why there was no answer.' }),
        ms: z.number().int().nullable().meta({ description: 'How long it took.' }),
      })
      .nullable()
      .meta({ description: 'The address that Recado calls every minute. Null: none.' }),
  })
  .meta({ id: 'AlertSettings' });
export type AlertSettings = z.infer<typeof alertSettingsSchema>;
export const updateAlertSettingsBody = changeBody({
  group_seconds: groupSeconds.optional(),
  repeat_seconds: repeatSeconds.optional(),
  ping_url: link.nullable().optional().meta({
    description: 'Called every minute. If the call stays away, the service behind it tells you. Null: none.',
  }),
});

const clockTime = (description: string) =>
  z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'Must be a time like 22:00.' })
    .meta({ description, example: '22:00' });
const quietHours = requestObject({
  from: clockTime('From this time.'),
  until: clockTime('Until this time.'),
  time_zone: timeZoneSchema,
})
  .nullable()
  .meta({ description: 'In these hours only critical alerts come by e-mail. Null: none.' });
export const myAlertsSchema = z.strictObject({ quiet_hours: quietHours }).meta({ id: 'MyAlerts' });
export const updateMyAlertsBody = requestObject({ quiet_hours: quietHours });
