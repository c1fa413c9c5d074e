// Notifications: what tells a person of something, where, and what they have not seen yet.
import { z } from 'zod';
import { alertSeverities } from './alerts.ts';
import { changeBody, pageQuery, pageSchema, requestObject, shownAsBoolean, textSchema, timeSchema } from './common.ts';
import { idExamples, idSchema } from './ids.ts';

/** What a notification is about, the most pressing first: of two about one conversation it keeps the earlier of these. */
export const notificationKinds = [
  'mention',
  'handed_over',
  'assigned',
  'not_sent',
  'snooze_over',
  'message',
  'followed',
  'queue',
  'alert',
  'approval',
  'approval_rule',
] as const;
export type NotificationKind = (typeof notificationKinds)[number];

/** Where a person hears of it. */
export const notificationChannels = ['app', 'browser', 'sound', 'email'] as const;
export type NotificationChannel = (typeof notificationChannels)[number];

/** What a notification shows outside of the app. */
export const notificationContents = ['text', 'name', 'nothing'] as const;
export type NotificationContent = (typeof notificationContents)[number];

export const notificationSounds = ['drop', 'wood', 'page', 'bell'] as const;
export type NotificationSound = (typeof notificationSounds)[number];

/** The only kind that goes out by e-mail: the others are for the moment, and alerts have letters of their own. */
export const mailedKind: NotificationKind = 'mention';

/** How people hear of each kind until they choose otherwise. */
export const defaultChannels: Readonly<Record<NotificationKind, readonly NotificationChannel[]>> = {
  mention: ['app', 'browser', 'sound', 'email'],
  handed_over: ['app', 'browser'],
  assigned: ['app', 'browser'],
  not_sent: ['app', 'browser', 'sound'],
  snooze_over: ['app', 'browser'],
  message: ['app', 'browser', 'sound'],
  followed: ['app'],
  queue: ['app'],
  alert: ['app', 'browser', 'sound'],
  approval: ['app', 'browser', 'sound'],
  approval_rule: ['app', 'browser'],
};

const kindSchema = z.enum(notificationKinds).meta({
  description:
    'mention: a note names you. handed_over: a program gave it to you. assigned: somebody gave it to you. not_sent: your message failed or its outcome is unknown. snooze_over: the snooze of one of yours ended. message: the person of one of yours wrote. followed: the person of one that you follow wrote. queue: somebody wrote whom nobody has, or your team got a conversation of nobody. alert: an alert fires. approval: a campaign waits for the approval of a second person. approval_rule: an owner changed which campaigns need one.',
});

export const notificationSchema = z
  .strictObject({
    id: idSchema('notification'),
    kind: kindSchema,
    count: z.number().int().meta({ description: 'How often it happened since you last read it.' }),
    at: timeSchema.meta({ description: 'When it happened last.' }),
    read_at: timeSchema.nullable().meta({ description: 'When you read it. Null before.' }),
    account_id: idSchema('account').nullable().meta({ description: 'Null where it is about no account.' }),
    conversation: z
      .strictObject({
        id: idSchema('conversation'),
        name: z.string().nullable().meta({ description: 'The name of the contact, or else the number or username.' }),
      })
      .nullable()
      .meta({ description: 'Null where it is about none.' }),
    alert: z
      .strictObject({
        id: idSchema('alert'),
        title: z.string().meta({ description: 'What is wrong, in English.' }),
        severity: z.enum(alertSeverities).meta({ description: 'notice, warning or critical.' }),
      })
      .nullable()
      .meta({ description: 'Null where it is about none.' }),
    campaign: z
      .strictObject({
        id: idSchema('campaign'),
        name: z.string().meta({ description: 'The name.' }),
      })
      .nullable()
      .meta({ description: 'Null where it is about none.' }),
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
    .refine(given => kind === mailedKind || !given.includes('email'), {
      error: `Must not be email: only ${mailedKind} goes out by e-mail.`,
    })
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
    sends_mail: z.boolean().meta({ description: 'Whether this installation has a mail server.' }),
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

/** The languages that service workers have words in. */
export const pushLanguages = ['en', 'pt', 'es', 'ar'] as const;
export type PushLanguage = (typeof pushLanguages)[number];

export const pushKeySchema = z
  .strictObject({
    public_key: z.string().meta({ description: 'The applicationServerKey of this installation, as base64url.' }),
  })
  .meta({ id: 'PushKey' });

const base64url = (max: number) => textSchema(max).regex(/^[\w-]+$/, { error: 'Must be base64url without padding.' });

export const createPushSubscriptionBody = requestObject({
  endpoint: textSchema(1_000).meta({ description: 'The address at the push service, as the browser says it.' }),
  keys: z
    .strictObject({
      p256dh: base64url(100).meta({ description: 'The public key of the browser.' }),
      auth: base64url(30).meta({ description: 'The secret of the browser.' }),
    })
    .meta({ description: 'The keys of the subscription, as the browser says them.' }),
  language: z
    .enum(pushLanguages, { error: `Must be one of: ${pushLanguages.join(', ')}.` })
    .meta({ description: 'In which language the browser speaks.' }),
}).meta({
  example: {
    endpoint: 'https://push.example.com/send/3f0c',
    keys: {
      p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
      auth: 'BTBZMqHH6r4Tts7J_aSIgg',
    },
    language: 'en',
  },
});

export const pushSubscriptionSchema = z
  .strictObject({
    id: idSchema('push_subscription'),
    user_agent: z.string().nullable().meta({ description: 'The browser, as it named itself at the login.' }),
    current: z.boolean().meta({ description: 'Whether it is the browser of this session.' }),
    created_at: timeSchema.meta({ description: 'When it subscribed.' }),
    last_at: timeSchema.nullable().meta({ description: 'When it was told of something last. Null before.' }),
    error: z
      .string()
      .nullable()
      .meta({ description: 'Why the push service did not take the last one. Null if it did.' }),
  })
  .meta({ id: 'PushSubscription' });
export const pushSubscriptionPage = pageSchema(pushSubscriptionSchema).meta({ id: 'PushSubscriptionPage' });

/** The events that make news for people, or end some. */
export const newsTypes = [
  'note.created',
  'note.updated',
  'message.received',
  'message.failed',
  'message.unknown',
  'conversation.assigned',
  'conversation.reopened',
  'conversation.closed',
  'conversation.read',
  'alert.firing',
  'alert.cleared',
  'alert.taken',
  'campaign.approval_asked',
  'campaign.held',
  'campaign.approved',
  'campaign.refused',
  'campaign.updated',
  'campaign.preparing',
  'campaign.running',
  'campaign.scheduled',
  'campaign.paused',
  'campaign.cancelled',
  'campaign_rules.updated',
] as const;

/** One thing that a browser is told of. */
export interface PushItem extends Pick<Notification, 'id' | 'kind' | 'count' | 'at'> {
  conversation_id: string | null;
  campaign_id: string | null;
  /** Null where nothing of it may be seen. */
  shown: { name: string | null; by: string | null; account: string | null; text: string | null } | null;
}

/** What a push service carries to the service worker, which only that browser can read. */
export interface PushMessage {
  language: PushLanguage;
  /** The newest notifications that are not read: whatever else is on the screen is taken back. */
  unread: string[];
  items: PushItem[];
  /** How many there are, where they are too many to be told one by one. */
  more: number;
}
