// Notifications: what tells a person of something, where, and what they have not seen yet.
import { z } from 'zod';
import { alertSeverities } from './alerts.ts';
import { changeBody, pageQuery, pageSchema, requestObject, shownAsBoolean, timeSchema } from './common.ts';
import { idExamples, idSchema } from './ids.ts';

/** What a notification is about, the most pressing first: of two about one conversation it keeps the earlier of these. */
export const notificationKinds = [
  'handed_over',
  'assigned',
  'not_sent',
  'snooze_over',
  'message',
  'queue',
  'alert',
] as const;
export type NotificationKind = (typeof notificationKinds)[number];

/** Where a person hears of it. */
export const notificationChannels = ['app', 'browser', 'sound'] as const;
export type NotificationChannel = (typeof notificationChannels)[number];

/** What a notification shows outside of the app. */
export const notificationContents = ['text', 'name', 'nothing'] as const;
export type NotificationContent = (typeof notificationContents)[number];

export const notificationSounds = ['drop', 'wood', 'page', 'bell'] as const;
export type NotificationSound = (typeof notificationSounds)[number];

/** How people hear of each kind until they choose otherwise. */
export const defaultChannels: Readonly<Record<NotificationKind, readonly NotificationChannel[]>> = {
  handed_over: ['app', 'browser'],
  assigned: ['app', 'browser'],
  not_sent: ['app', 'browser', 'sound'],
  snooze_over: ['app', 'browser'],
  message: ['app', 'browser', 'sound'],
  queue: ['app'],
  alert: ['app', 'browser', 'sound'],
};

const kindSchema = z.enum(notificationKinds).meta({
  description:
    'handed_over: a program gave it to you. assigned: somebody gave it to you. not_sent: your message failed or its outcome is unknown. snooze_over: the snooze of one of yours ended. message: the person of one of yours wrote. queue: somebody wrote whom nobody has. alert: an alert fires.',
});

export const notificationSchema = z
  .strictObject({
    id: idSchema('notification'),
    kind: kindSchema,
    count: z.number().int().meta({ description: 'How often it happened since you last read it.' }),
    at: timeSchema.meta({ description: 'When it happened last.' }),
    read_at: timeSchema.nullable().meta({ description: 'When you read it. Null before.' }),
    account_id: idSchema('account').nullable().meta({ description: 'Null for an alert about no account.' }),
    conversation: z
      .strictObject({
        id: idSchema('conversation'),
        name: z.string().nullable().meta({ description: 'The name of the contact, or else the number or username.' }),
      })
      .nullable()
      .meta({ description: 'Null for an alert.' }),
    alert: z
      .strictObject({
        id: idSchema('alert'),
        title: z.string().meta({ description: 'What is wrong, in English.' }),
        severity: z.enum(alertSeverities).meta({ description: 'notice, warning or critical.' }),
      })
      .nullable()
      .meta({ description: 'Null for a conversation.' }),
    by: z
      .strictObject({
        id: idSchema('person').or(idSchema('api_key')),
        name: z.string().meta({ description: 'The current name.' }),
      })
      .nullable()
      .meta({ description: 'Who did it. Null where it was the person outside, or Recado.' }),
    text: z.string().nullable().meta({ description: 'The beginning of the newest message. Null without a text.' }),
    channels: z
      .array(z.enum(notificationChannels))
      .meta({ description: 'Where you hear of this kind, by your settings.' }),
  })
  .meta({ id: 'Notification' });
export type Notification = z.infer<typeof notificationSchema>;

export const listNotificationsQuery = z.strictObject({
  unread: z
    .enum(['true', 'false'], { error: 'Must be true or false.' })
    .transform(value => value === 'true')
    .optional()
    .meta({ ...shownAsBoolean, description: 'Only those that you have not read, or only those that you have.' }),
  ...pageQuery,
});
export const notificationPage = pageSchema(notificationSchema).meta({ id: 'NotificationPage' });

export const readNotificationsBody = requestObject({
  conversation_id: idSchema('conversation').optional().meta({ description: 'Only those about this conversation.' }),
  notification_id: idSchema('notification').optional().meta({ description: 'Only this one.' }),
}).meta({ example: { conversation_id: idExamples.conversation } });

export const readNotificationsSchema = z
  .strictObject({ read: z.number().int().meta({ description: 'How many became read.' }) })
  .meta({ id: 'ReadNotifications' });

const channelsSchema = (kind: NotificationKind) =>
  z
    .array(z.enum(notificationChannels, { error: `Must be one of: ${notificationChannels.join(', ')}.` }))
    .max(notificationChannels.length, { error: 'Must name each channel once at most.' })
    .refine(given => new Set(given).size === given.length, { error: 'Must name each channel once at most.' })
    .meta({ description: `Where you hear of ${kind}.` });

const kindsShape = Object.fromEntries(notificationKinds.map(kind => [kind, channelsSchema(kind)])) as Record<
  NotificationKind,
  ReturnType<typeof channelsSchema>
>;

const fields = {
  content: z.enum(notificationContents, { error: `Must be one of: ${notificationContents.join(', ')}.` }).meta({
    description: 'What is shown outside of the app: text: the name and the text. name: only who. nothing: neither.',
  }),
  sound: z
    .enum(notificationSounds, { error: `Must be one of: ${notificationSounds.join(', ')}.` })
    .meta({ description: 'Which sound.' }),
  volume: z
    .int({ error: 'Must be a whole number.' })
    .min(0, { error: 'Must be at least 0.' })
    .max(100, { error: 'Must be at most 100.' })
    .meta({ description: 'How loud, in percent.' }),
  counts: z.boolean().meta({ description: 'Whether the title and the icon of the tab count what is unread.' }),
};

export const notificationSettingsSchema = z
  .strictObject({
    kinds: z.strictObject(kindsShape).meta({ description: 'The channels of each kind.' }),
    ...fields,
  })
  .meta({ id: 'NotificationSettings' });
export type NotificationSettings = z.infer<typeof notificationSettingsSchema>;

const changedKinds = Object.fromEntries(
  notificationKinds.map(kind => [kind, channelsSchema(kind).optional()]),
) as Record<NotificationKind, z.ZodOptional<ReturnType<typeof channelsSchema>>>;

export const updateNotificationSettingsBody = changeBody({
  kinds: requestObject(changedKinds)
    .nullable()
    .optional()
    .meta({ description: 'Kinds that are left out stay as they are. Null: all as they were at first.' }),
  content: fields.content.optional(),
  sound: fields.sound.optional(),
  volume: fields.volume.optional(),
  counts: fields.counts.optional(),
}).meta({ example: { content: 'name', kinds: { queue: ['app', 'browser'] } } });
