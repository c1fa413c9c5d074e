// The catalogue of events: what can happen in a workspace, and what an event of each type says.
import { z } from 'zod';
import { alertSeverities, alertSignals } from './alerts.ts';
import { type CampaignState, campaignStates } from './campaigns/index.ts';
import { timeSchema } from './common.ts';
import { idExamples, idSchema } from './ids.ts';
import { importStates } from './imports.ts';
import { labelKinds } from './labels.ts';
import { linkCauseMeta, linkCauses, linkMethods, linkStates } from './links.ts';
import { messageSchema, type Status, shownExample } from './messages.ts';
import { noteEventData, noteEventExample } from './notes.ts';
import { optOutCategories, optOutSources } from './opt-outs.ts';
import type { Permission } from './permissions.ts';
import { savedReplyExample } from './saved-replies.ts';
import { segmentKinds } from './segments.ts';
import {
  assignedEventData,
  assignedEventExample,
  followEventData,
  followEventExample,
  stateEventData,
  stateEventExample,
} from './team.ts';
import { availabilityEventData, availabilityEventExample, teamEventData, teamEventExample } from './teams.ts';
import { type EventType as TimelineType, eventTypes as timelineTypes } from './timeline.ts';
import { savedViewExample } from './views.ts';

const details = z.record(z.string(), z.unknown()).meta({
  description: 'What the event says beside the message, such as code and title of an error.',
});

const messageData = z.strictObject({
  message: messageSchema.meta({
    description: 'The message as it is when you get the event. It may be newer than the event.',
  }),
  number: z.number().int().meta({ description: "The position in the message's timeline: 1, 2, 3 and so on." }),
  details,
});

const time = '2026-11-24T15:04:05.678Z';

/** A test holds the examples against their schemas. */
type Example = Readonly<Record<string, unknown>>;

/** What the message of an example has in its place. */
const outbound = (status: Status, more: Partial<Example> = {}): Example => ({ ...shownExample, status, ...more });
const inbound: Example = {
  ...shownExample,
  direction: 'inbound',
  from: shownExample.to,
  to: shownExample.from,
  text: { body: 'Is Thursday free?' },
  status: 'received',
  priority: null,
  reference: null,
  metadata: {},
  channel_message_id: 'wamid.HBgLMTIwMjU1NTAxMjMVAgASGBQzQTdC',
  created_by: null,
};

interface CatalogueEntry {
  /** The permission that a caller needs to see events of the type. */
  permission: Permission;
  description: string;
  data: z.ZodType;
  /** The version that introduced the type. */
  since: string;
  example: unknown;
  /** Only for clients that listen at the moment: endpoints do not get it. */
  live?: true;
}

const since = '0.1.0';

const ofMessage = (
  description: string,
  message: Example = inbound,
  more: Record<string, unknown> = {},
): CatalogueEntry => ({
  permission: 'messages.read',
  description,
  data: messageData,
  since,
  example: { message, number: 1, details: more },
});

const timelineEntries: Record<TimelineType, CatalogueEntry> = {
  'message.scheduled': ofMessage('Recado accepted a message for later.', outbound('scheduled')),
  'message.queued': ofMessage('A message waits to be sent: it is new, or it was queued again.', outbound('queued')),
  'message.sending': ofMessage('Recado calls WhatsApp for the message.', outbound('sending'), { attempt: 1 }),
  'message.retry_scheduled': ofMessage('A call did not succeed. Recado repeats it.', outbound('queued'), {
    class: 'not_sent',
    code: 'ECONNREFUSED',
    due_at: time,
  }),
  'message.sent': ofMessage('WhatsApp accepted the message.', outbound('sent', { sent_at: time })),
  'message.delivered': ofMessage('The message reached the phone.', outbound('delivered', { delivered_at: time })),
  'message.read': ofMessage(
    'The recipient read the message. For an inbound message: somebody marked it as read.',
    outbound('read', { read_at: time }),
  ),
  'message.played': ofMessage('The recipient played the voice message.', outbound('played')),
  'message.failed': ofMessage('The message failed for good.', outbound('failed', { failed_at: time }), {
    code: '131026',
    title: 'Message undeliverable',
  }),
  'message.unknown': ofMessage(
    'The call ended without an answer, so the message may have been sent.',
    outbound('unknown'),
  ),
  'message.held': ofMessage('The message waits for a decision, or for its template.', outbound('queued'), {
    reason: 'template_paused',
  }),
  'message.resolved': ofMessage('A person decided what became of an unknown outcome.', outbound('sent'), {
    resolution: 'sent',
  }),
  'message.reconciled': ofMessage('A late receipt changed the outcome of a message.', outbound('delivered'), {
    from: 'failed',
    to: 'delivered',
  }),
  'message.duplicated': ofMessage('WhatsApp accepted more than one call for the message.', outbound('sent'), {
    attempts: 2,
  }),
  'message.undelivered': ofMessage('No delivery receipt came within the time of the account.', outbound('sent'), {
    reason: 'no_delivery_receipt',
  }),
  'message.stuck': ofMessage('The message waits longer than its reason explains.', outbound('queued'), {
    reason: 'queued',
  }),
  'message.cancelled': ofMessage('The message was cancelled before it was sent.', outbound('cancelled')),
  'message.expired': ofMessage('The message was not sent before its `expires_at`.', outbound('expired')),
  'message.received': ofMessage('A person wrote to one of your accounts.'),
  'message.imported': ofMessage('A message from before the link came with the history of the phone.'),
  'message.standby': ofMessage(
    'A person and somebody else wrote to each other: another partner, or an agent of WhatsApp. Nothing is to be answered.',
    { ...inbound, source: 'standby', status: 'read' },
  ),
  'message.edited': ofMessage('A message was edited.'),
  'message.revoked': ofMessage('A message was deleted for everyone.'),
  'message.call_updated': ofMessage('A call of a person changed: it was taken, missed or ended.'),
  'media.stored': ofMessage('Recado stored the file of a message.'),
  'media.failed': ofMessage('Recado could not store the file of a message.'),
  'media.expired': ofMessage('WhatsApp no longer has the file of a message.'),
};

const contactEvent = (description: string): CatalogueEntry => ({
  permission: 'contacts.read',
  description,
  data: z.strictObject({ contact_id: idSchema('contact') }),
  since,
  example: { contact_id: idExamples.contact },
});

const accountEvent = (description: string, status = 'connected', reason: string | null = null): CatalogueEntry => ({
  permission: 'accounts.read',
  description,
  data: z.strictObject({
    status: z.string().meta({ description: 'The status of the account.' }),
    status_reason: z.string().nullable().meta({ description: 'Why it has this status.' }),
  }),
  since,
  example: { status, status_reason: reason },
});

const templateEvent = (description: string): CatalogueEntry => ({
  permission: 'templates.read',
  description,
  data: z.strictObject({
    template_id: idSchema('template'),
    name: z.string().meta({ description: 'The name of the template.' }),
    language: z.string().meta({ description: 'The language of the template.' }),
    status: z.string().meta({ description: 'The status at WhatsApp.' }),
    reason: z.string().nullable().meta({ description: 'Why WhatsApp rejected or paused it.' }),
  }),
  since,
  example: {
    template_id: idExamples.template,
    name: 'appointment_reminder',
    language: 'en_US',
    status: 'approved',
    reason: null,
  },
});

const optOutEvent = (description: string): CatalogueEntry => ({
  permission: 'opt_outs.read',
  description,
  data: z.strictObject({
    opt_out_id: idSchema('opt_out'),
    contact_id: idSchema('contact'),
    category: z.enum(optOutCategories).meta({ description: 'marketing, or all messages.' }),
    source: z.enum(optOutSources).meta({ description: 'Where the opt-out came from.' }),
  }),
  since,
  example: {
    opt_out_id: idExamples.opt_out,
    contact_id: idExamples.contact,
    category: 'marketing',
    source: 'word',
  },
});

const endpointEvent = (description: string, reason: string | null = null): CatalogueEntry => ({
  permission: 'endpoints.read',
  description,
  data: z.strictObject({
    endpoint_id: idSchema('endpoint'),
    reason: z.string().nullable().meta({ description: 'Why Recado did it. Null where a person or program did.' }),
  }),
  since,
  example: { endpoint_id: idExamples.endpoint, reason },
});

const wallViewEvent = (description: string): CatalogueEntry => ({
  permission: 'wall_views.manage',
  description,
  data: z.strictObject({
    wall_view_id: idSchema('wall_view'),
    name: z.string().meta({ description: 'Where the screen hangs.' }),
  }),
  since,
  example: { wall_view_id: idExamples.wall_view, name: 'Shop floor' },
});

const hookEvent = (description: string): CatalogueEntry => ({
  permission: 'hooks.manage',
  description,
  data: z.strictObject({
    hook_id: idSchema('hook'),
    name: z.string().meta({ description: 'What people call the hook.' }),
  }),
  since,
  example: { hook_id: idExamples.hook, name: 'Grafana' },
});

const teamEvent = (description: string): CatalogueEntry => ({
  permission: 'contacts.read',
  description,
  data: teamEventData,
  since,
  example: teamEventExample,
});

const labelEvent = (description: string): CatalogueEntry => ({
  permission: 'contacts.read',
  description,
  data: z.strictObject({
    label_id: idSchema('label'),
    name: z.string().meta({ description: 'The name of the label.' }),
    on: z.enum(labelKinds).meta({ description: 'Whether it is for contacts or for conversations.' }),
  }),
  since,
  example: { label_id: idExamples.label, name: 'collector', on: 'contact' },
});

const savedViewEvent = (description: string): CatalogueEntry => ({
  permission: 'contacts.read',
  description,
  data: z.strictObject({
    saved_view_id: idSchema('saved_view'),
    name: z.string().meta({ description: 'The name of the view.' }),
  }),
  since,
  example: savedViewExample,
});

const savedReplyEvent = (description: string): CatalogueEntry => ({
  permission: 'messages.read',
  description,
  data: z.strictObject({
    saved_reply_id: idSchema('saved_reply'),
    shortcut: z.string().meta({ description: 'What people type after /.' }),
  }),
  since,
  example: savedReplyExample,
});

const capEvent = (description: string): CatalogueEntry => ({
  permission: 'cost.read',
  description,
  data: z.strictObject({
    account_id: idSchema('account').nullable().meta({ description: 'The account. Null: another cap.' }),
    campaign_id: idSchema('campaign').nullable().meta({ description: 'The campaign, if the cap is its own.' }),
    month: z.string().nullable().meta({ description: 'The month, by the clock of the account. Null for a campaign.' }),
  }),
  since,
  example: { account_id: null, campaign_id: null, month: '2026-11' },
});

const segmentEvent = (description: string): CatalogueEntry => ({
  permission: 'contacts.read',
  description,
  data: z.strictObject({
    segment_id: idSchema('segment'),
    name: z.string().meta({ description: 'The name of the segment.' }),
    kind: z.enum(segmentKinds).meta({ description: 'filter, or list.' }),
  }),
  since,
  example: { segment_id: idExamples.segment, name: 'Collectors, active', kind: 'filter' },
});

const fieldEvent = (description: string): CatalogueEntry => ({
  permission: 'contacts.read',
  description,
  data: z.strictObject({
    contact_field_id: idSchema('contact_field'),
    key: z.string().meta({ description: 'The key of the field.' }),
  }),
  since,
  example: { contact_field_id: idExamples.contact_field, key: 'favourite_shop' },
});

const importEvent = (description: string, state: string, done = 0): CatalogueEntry => ({
  permission: 'contacts.import',
  description,
  data: z.strictObject({
    contact_import_id: idSchema('contact_import'),
    state: z.enum(importStates).meta({ description: 'The state of the import.' }),
    done: z.number().int().meta({ description: 'The rows that are done.' }),
    of: z.number().int().meta({ description: 'The rows that there are to do.' }),
  }),
  since,
  example: { contact_import_id: idExamples.contact_import, state, done, of: 2431 },
});

const campaignEvent = (
  description: string,
  state: CampaignState = 'running',
  reason: string | null = null,
): CatalogueEntry => ({
  permission: 'campaigns.read',
  description,
  data: z.strictObject({
    campaign_id: idSchema('campaign'),
    name: z.string().meta({ description: 'The name of the campaign.' }),
    state: z.enum(campaignStates).meta({ description: 'The state of the campaign.' }),
    reason: z.string().nullable().meta({ description: 'The code of the reason why it is held or missed.' }),
  }),
  since,
  example: { campaign_id: idExamples.campaign, name: 'Book fair weekend', state, reason },
});

const alertEvent = (description: string): CatalogueEntry => ({
  permission: 'alerts.read',
  description,
  data: z.strictObject({
    alert_id: idSchema('alert'),
    signal: z.enum(alertSignals).meta({ description: 'What is watched.' }),
    severity: z.enum(alertSeverities).meta({ description: 'notice, warning or critical.' }),
    subject: z.string().meta({ description: 'The name of what it is about.' }),
    value: z.number().meta({ description: 'The value, in the unit of the signal.' }),
  }),
  since,
  example: {
    alert_id: idExamples.alert,
    signal: 'failed_share',
    severity: 'warning',
    subject: 'Farol Online',
    value: 5.8,
  },
});

const followEvent = (description: string): CatalogueEntry => ({
  permission: 'contacts.read',
  description,
  data: followEventData,
  since,
  example: followEventExample,
});

const stateEvent = (description: string) => ({
  permission: 'contacts.read' as const,
  description,
  data: stateEventData,
  since,
  example: stateEventExample,
});

const noteEvent = (description: string) => ({
  permission: 'messages.read' as const,
  description,
  data: noteEventData,
  since,
  example: noteEventExample,
});

const otherEntries = {
  'alert.firing': alertEvent('An alert began to fire.'),
  'alert.cleared': alertEvent('An alert is over.'),
  'alert.taken': alertEvent('Somebody took an alert.'),
  'campaign.created': campaignEvent('A campaign was created.', 'draft'),
  'campaign.approval_asked': campaignEvent('Somebody asked a second person to approve a campaign.', 'draft'),
  'campaign.approved': campaignEvent('A second person approved a campaign.', 'draft'),
  'campaign.refused': campaignEvent('A second person refused to approve a campaign.', 'draft'),
  'campaign_rules.updated': {
    permission: 'campaigns.read',
    description: 'An owner changed above how many people campaigns need an approval.',
    data: z.strictObject({
      approval_above: z.number().int().nullable().meta({ description: 'The new limit. Null for none.' }),
      person_id: idSchema('person').meta({ description: 'The owner.' }),
    }),
    since,
    example: { approval_above: 1_000, person_id: idExamples.person },
  },
  'campaign.updated': campaignEvent('The settings or the approval of a campaign changed.', 'draft'),
  'campaign.scheduled': campaignEvent('A campaign starts at a time.', 'scheduled'),
  'campaign.missed': campaignEvent('Recado was not running at the start of a campaign.', 'missed', 'missed_start'),
  'campaign.preparing': campaignEvent('Recado prepares the list of a campaign.', 'preparing'),
  'campaign.running': campaignEvent('A campaign sends.'),
  'campaign.paused': campaignEvent('Somebody paused a campaign.', 'paused'),
  'campaign.held': campaignEvent('A rule holds a campaign.', 'held', 'not_on_whatsapp'),
  'campaign.done': campaignEvent('Every message of a campaign has an outcome.', 'done'),
  'campaign.cancelled': campaignEvent('Somebody cancelled a campaign.', 'cancelled'),
  'campaign.deleted': campaignEvent('A draft was deleted.', 'draft'),
  'conversation.read': {
    permission: 'messages.read',
    description: 'Somebody marked messages of a conversation as read, or removed the mark that it is unread.',
    data: z.strictObject({
      conversation_id: idSchema('conversation'),
      contact_id: idSchema('contact'),
      unread_count: z.number().int().meta({ description: 'The inbound messages that are still unread.' }),
    }),
    since,
    example: { conversation_id: idExamples.conversation, contact_id: idExamples.contact, unread_count: 0 },
  },
  'conversation.unread': {
    permission: 'messages.read',
    description: 'Somebody marked a conversation as unread.',
    data: z.strictObject({
      conversation_id: idSchema('conversation'),
      contact_id: idSchema('contact'),
      unread_count: z.number().int().meta({ description: 'The unread inbound messages, at least 1 for the mark.' }),
    }),
    since,
    example: { conversation_id: idExamples.conversation, contact_id: idExamples.contact, unread_count: 1 },
  },
  'conversation.closed': stateEvent('Somebody closed a conversation.'),
  'conversation.assigned': {
    permission: 'contacts.read',
    description: 'A conversation became somebody’s or nobody’s, or came to another team.',
    data: assignedEventData,
    since,
    example: assignedEventExample,
  },
  'conversation.followed': followEvent('A person follows a conversation.'),
  'conversation.unfollowed': followEvent('A person follows a conversation no longer.'),
  'conversation.snoozed': stateEvent('Somebody snoozed a conversation.'),
  'conversation.reopened': stateEvent(
    'A conversation is open again, or for the first time without a message of the person.',
  ),
  'conversation.updated': {
    permission: 'contacts.read',
    description: 'The labels of a conversation changed.',
    data: z.strictObject({ conversation_id: idSchema('conversation'), contact_id: idSchema('contact') }),
    since,
    example: { conversation_id: idExamples.conversation, contact_id: idExamples.contact },
  },
  'team.created': teamEvent('A team was created.'),
  'team.updated': teamEvent('The settings, the members or the accounts of a team changed.'),
  'team.deleted': teamEvent('A team was deleted: no open conversation is of it any more.'),
  'availability.changed': {
    permission: 'contacts.read',
    description: 'A person is online, away or offline: by choice, as the choice ended, or by the hours of their teams.',
    data: availabilityEventData,
    since,
    example: availabilityEventExample,
  },
  'notification.read': {
    permission: 'me.read',
    description: 'A person read what they were told of: their other devices show it no longer.',
    data: z.strictObject({ person_id: idSchema('person') }),
    since,
    example: { person_id: idExamples.person },
  },
  'saved_reply.created': savedReplyEvent('A reply was saved for the workspace. Personal ones have no events.'),
  'saved_reply.updated': savedReplyEvent('A reply of the workspace changed.'),
  'saved_reply.deleted': savedReplyEvent('A reply of the workspace was deleted.'),
  'saved_view.created': savedViewEvent('A view was saved for the workspace. Personal ones have no events.'),
  'saved_view.updated': savedViewEvent('The name or the filter of a view of the workspace changed.'),
  'saved_view.deleted': savedViewEvent('A view of the workspace was deleted.'),
  'note.created': noteEvent('Somebody wrote a note about a conversation.'),
  'note.updated': noteEvent('The author edited a note.'),
  'note.deleted': noteEvent('The author deleted a note. Its line stays.'),
  'label.created': labelEvent('A label was created.'),
  'label.updated': labelEvent('The name or the colour of a label changed.'),
  'label.deleted': labelEvent('A label was deleted: nothing has it any more.'),
  'segment.created': segmentEvent('A segment or a list was created.'),
  'segment.updated': segmentEvent('The name or the filter of a segment changed, or the people of a list.'),
  'segment.deleted': segmentEvent('A segment or a list was deleted.'),
  'rate_card.used': {
    permission: 'cost.read',
    description: 'Somebody took a rate card into use.',
    data: z.strictObject({
      rate_card_id: idSchema('rate_card'),
      name: z.string().meta({ description: 'The name of the card.' }),
      valid_from: z.iso.date().meta({ description: 'The first day that it counts for.' }),
    }),
    since,
    example: { rate_card_id: idExamples.rate_card, name: 'Meta, October 2026', valid_from: '2026-10-01' },
  },
  'spend_cap.approached': capEvent('80 % of a cap are spent.'),
  'spend_cap.reached': capEvent('A cap is spent: its campaigns hold, and the API refuses marketing.'),
  'contact_field.created': fieldEvent('A field of contacts was created.'),
  'contact_field.updated': fieldEvent('The name, the choices or the place of a field changed.'),
  'contact_field.deleted': fieldEvent('A field was deleted, with its values.'),
  'contact.created': contactEvent('A contact was created: by a message, or by hand.'),
  'contact.updated': contactEvent(
    'The name, number, reference, metadata, fields, language, labels or reachability of a contact changed.',
  ),
  'contact.deleted': contactEvent('A contact was deleted or erased.'),
  'contact.merged': {
    permission: 'contacts.read',
    description: 'Two contacts became one: Recado saw that they are one person, or somebody merged them.',
    data: z.strictObject({
      contact_id: idSchema('contact').meta({ description: 'The contact that remains.' }),
      merged_contact_id: idSchema('contact').meta({ description: 'The contact that no longer exists.' }),
    }),
    since,
    example: { contact_id: idExamples.contact, merged_contact_id: 'con_01k9m3q5w8e7taz4x2c6v0b1np' },
  },
  'import.created': importEvent('Somebody uploaded a file of contacts.', 'uploaded'),
  'import.checked': importEvent('The rows of an import are read, and it may run.', 'ready', 2431),
  'import.started': importEvent('An import began to create and change contacts.', 'running'),
  'import.progress': {
    ...importEvent('An import goes on, at most once in a second. Endpoints do not get it.', 'running', 1000),
    live: true,
  },
  'import.finished': importEvent('An import is over. Its contacts have no events of their own.', 'finished', 2402),
  'import.failed': importEvent('An import ended with an error.', 'failed', 1000),
  'import.cancelled': importEvent('Somebody cancelled an import.', 'cancelled'),
  'import.undone': importEvent('An import was undone, as far as nobody used its contacts.', 'undone', 2402),
  'account.created': accountEvent('An account was created.'),
  'account.updated': accountEvent('The settings, the status or the state of the number changed.'),
  'account.deleted': accountEvent('An account was deleted.', 'disconnected', 'deleted'),
  'account.connected': {
    permission: 'accounts.read',
    description: 'The trouble of an account ended.',
    data: z.strictObject({}),
    since,
    example: {},
  },
  'account.needs_attention': {
    permission: 'accounts.read',
    description: 'WhatsApp rejects the account until somebody acts.',
    data: z.strictObject({ reason: z.string().meta({ description: 'What is wrong.' }) }),
    since,
    example: { reason: 'The access token has expired.' },
  },
  'account.limit_reached': {
    permission: 'accounts.read',
    description: 'An account sends no more until a time, because a limit is reached.',
    data: z.strictObject({
      limit: z.string().meta({ description: 'The limit: daily_limit, throttled or flagged.' }),
      until: timeSchema.nullable().meta({ description: 'When it sends again. Null: once somebody resumes it.' }),
    }),
    since,
    example: { limit: 'daily_limit', until: time },
  },
  'account.notice_received': {
    permission: 'accounts.read',
    description: 'WhatsApp posted a notice about an account or its business.',
    data: z.strictObject({
      field: z.string().meta({ description: "WhatsApp's name of the notice." }),
      business_id: z.string().nullable().meta({ description: 'The business account at WhatsApp.' }),
      value: z.unknown().meta({ description: 'The notice as WhatsApp wrote it.' }),
    }),
    since,
    example: { field: 'phone_number_quality_update', business_id: '102290129340398', value: { event: 'FLAGGED' } },
  },
  'account.link_changed': {
    permission: 'accounts.read',
    description: 'The link of an account to its phone changed its state.',
    data: z.strictObject({
      from: z.enum(linkStates).meta({ description: 'The state before.' }),
      state: z.enum(linkStates).meta({ description: 'The state now.' }),
      reason: z.string().nullable().meta({ description: 'Human-readable: why.' }),
      code: z.number().int().nullable().meta({ description: 'The disconnect code of WhatsApp, such as 401 or 440.' }),
      cause: z.enum(linkCauses).nullable().meta(linkCauseMeta),
    }),
    since,
    example: {
      from: 'connected',
      state: 'logged_out',
      reason: 'The phone ended the link. Link it again.',
      code: 401,
      cause: null,
    },
  },
  'account.link_code_created': {
    permission: 'accounts.manage',
    description: 'There is a fresh code to link a phone with. The earlier one no longer works.',
    data: z.strictObject({
      method: z.enum(linkMethods).meta({ description: 'qr: for the camera. pairing_code: to type in.' }),
      value: z.string().meta({ description: 'The text of the QR code, or the pairing code.' }),
      number: z.number().int().meta({ description: 'Which code of this attempt it is: 1, 2, 3 and so on.' }),
      of: z.number().int().meta({ description: 'How many codes there are before linking ends.' }),
      expires_at: timeSchema.meta({ description: 'When it stops working.' }),
    }),
    since,
    example: { method: 'pairing_code', value: 'K7PW3XQ9', number: 1, of: 1, expires_at: time },
  },
  'account.silence_detected': {
    permission: 'accounts.read',
    description: 'A connected phone was silent for longer than it usually is.',
    data: z.strictObject({
      silent_seconds: z.number().int().meta({ description: 'How long nothing came or went.' }),
      usual_seconds: z.number().int().meta({ description: 'The longest usual silence of this account at such times.' }),
      action: z.enum(['probed', 'reconnected']).meta({ description: 'What Recado did about it.' }),
    }),
    since,
    example: { silent_seconds: 5_400, usual_seconds: 900, action: 'reconnected' },
  },
  'template.created': templateEvent('A template is new.'),
  'template.updated': templateEvent('The status or the content of a template changed.'),
  'template.deleted': templateEvent('A template was deleted.'),
  'opt_out.created': optOutEvent('A person wants no messages, or no marketing messages.'),
  'opt_out.deleted': optOutEvent('An opt-out ended.'),
  'opt_out.suggested': {
    permission: 'opt_outs.read',
    description: 'A message may mean an opt-out: a person decides.',
    data: z.strictObject({
      opt_out_suggestion_id: idSchema('opt_out_suggestion'),
      message_id: idSchema('message'),
      conversation_id: idSchema('conversation'),
      contact_id: idSchema('contact'),
    }),
    since,
    example: {
      opt_out_suggestion_id: idExamples.opt_out_suggestion,
      message_id: idExamples.message,
      conversation_id: idExamples.conversation,
      contact_id: idExamples.contact,
    },
  },
  'dead_letter.created': {
    permission: 'inbound.manage',
    description: 'Recado could not apply an item of a webhook of WhatsApp.',
    data: z.strictObject({
      dead_letter_id: idSchema('dead_letter'),
      code: z.string().meta({ description: 'Why not.' }),
    }),
    since,
    example: { dead_letter_id: idExamples.dead_letter, code: 'item_unreadable' },
  },
  'endpoint.created': endpointEvent('An endpoint for webhooks was created.'),
  'endpoint.updated': endpointEvent('An endpoint was changed, paused or resumed.'),
  'endpoint.deleted': endpointEvent('An endpoint was deleted.'),
  'endpoint.disabled': endpointEvent('Recado disabled an endpoint.', 'gone'),
  'endpoint.failing': endpointEvent(
    'A delivery to an endpoint failed, and the one before had succeeded. At most once in ten minutes.',
    'http_status',
  ),
  'endpoint.recovered': endpointEvent('An endpoint answers again after failures.'),
  'endpoint.test': {
    permission: 'endpoints.read',
    description: 'A test event, for one endpoint only. An endpoint that is sent an example gets that instead.',
    data: z.strictObject({
      endpoint_id: idSchema('endpoint'),
      reason: z.string().nullable().meta({ description: 'Always null.' }),
      event_type: z.string().nullable().meta({ description: 'The type whose example was sent. Null if none was.' }),
    }),
    since,
    example: { endpoint_id: idExamples.endpoint, reason: null, event_type: null },
  },
  'wall_view.created': wallViewEvent('Somebody created a wall view and its link.'),
  'wall_view.revoked': wallViewEvent('Somebody revoked a wall view: its link shows nothing any more.'),
  'hook.created': hookEvent('Somebody created a hook and its address.'),
  'hook.updated': hookEvent('Somebody changed a hook.'),
  'hook.rotated': hookEvent('A hook has a new address; the former one ended.'),
  'hook.revoked': hookEvent('Somebody revoked a hook: its address takes no calls any more.'),
  'delivery.failed': {
    permission: 'endpoints.read',
    description: 'All attempts of a delivery failed. Deliveries of events about endpoints are left out.',
    data: z.strictObject({
      endpoint_id: idSchema('endpoint'),
      delivery_id: idSchema('delivery'),
      event_id: idSchema('event').meta({ description: 'The event that was not delivered.' }),
      event_type: z.string().meta({ description: 'The type of that event.' }),
      error: z.string().nullable().meta({ description: 'Why the last attempt failed.' }),
      http_status: z.number().int().nullable().meta({ description: 'The HTTP status of the last answer, if any.' }),
    }),
    since,
    example: {
      endpoint_id: idExamples.endpoint,
      delivery_id: idExamples.delivery,
      event_id: idExamples.event,
      event_type: 'message.received',
      error: 'http_status',
      http_status: 500,
    },
  },
} satisfies Record<string, CatalogueEntry>;

/** Each type of event: who may see it, what it means, and the schema of its `data`. */
export const eventCatalogue: Readonly<Record<EventName, CatalogueEntry>> = { ...timelineEntries, ...otherEntries };

/** The name of a type of event. */
export type EventName = TimelineType | keyof typeof otherEntries;

/** All types of events. */
export const eventNames = [...timelineTypes, ...Object.keys(otherEntries)] as EventName[];

export const isEventName = (type: string): type is EventName => Object.hasOwn(eventCatalogue, type);
