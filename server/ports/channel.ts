// The channel port: sends one message, reports its outcome truthfully, and parses the channel's webhooks.
import type { Readable } from 'node:stream';
import type { AnyMessageType, FileType, InteractiveType, MessageContent, MessageType } from '@recado/contract';

/**
 * A message for a channel. `numberId` is the channel's id of the account's number. `to` is a number in E.164, or the
 * channel's id of a person who hides it. `target` is the channel's id of the message that it quotes or reacts to.
 */
export interface Outgoing {
  numberId: string;
  to: string;
  type: MessageType;
  content: MessageContent<MessageType>;
  target?: string | undefined;
  /** Options for the channel beside the content, with its own names of fields. */
  options?: Record<string, unknown> | undefined;
  /** A marketing template for the channel's endpoint for marketing; `prefer`: the plain one may take it too. */
  marketing?: 'prefer' | 'only' | undefined;
}

/**
 * The outcome of one call.
 * - accepted: the channel accepted it and returned an id; `phone` is the number that it knows the recipient by, in E.164,
 *   where it differs; `code` is what the channel does with it first, where it does not send it at once
 * - not_sent: it provably never reached the channel; the engine retries
 * - throttled, recipient_throttled: provably rejected for now; the whole account, or only this recipient, waits
 * - unavailable: the channel had an error of its own and took nothing; the engine retries as for not_sent
 * - deferred: provably rejected for now; only this message waits
 * - templates_restricted, marketing_restricted: the channel sends no templates, or no marketing templates, of the account
 *   for now; all others leave
 * - rejected: permanently rejected; with unknownMedia the channel may no longer have the file; with
 *   notByMarketing its endpoint for marketing does not take the message
 * - account_error: the account cannot send until someone acts
 * - flagged: the channel flagged the account; it is paused until someone resumes it
 * - unknown: it may or may not have been accepted
 */
export type Outcome =
  | { class: 'accepted'; channelMessageId: string; phone?: string; code?: string }
  | {
      class: 'throttled' | 'recipient_throttled' | 'deferred' | Restriction;
      code: string;
      title: string;
      waitMs?: number;
    }
  | { class: 'rejected'; code: string; title: string; unknownMedia?: true; notByMarketing?: true }
  | { class: 'not_sent' | 'unavailable' | 'account_error' | 'flagged' | 'unknown'; code: string; title: string };

/** Messages that the channel does not send for now, as a rejected call tells. */
export type Restriction = 'templates_restricted' | 'marketing_restricted';

/** Trouble of an account that the channel reports without a call. */
export type Trouble = 'account_error' | 'flagged' | Restriction;

/** The kind of a file: the type of message that carries it. */
export type MediaKind = FileType;

/** A channel's limits for one kind of file. MIME types have no parameters. */
export interface MediaLimits {
  mimeTypes: readonly string[];
  maxBytes: number;
  /** A higher limit for animated files. */
  maxAnimatedBytes?: number;
}

/** A limit of a field. The path begins with the type; `[]` stands for each item of a list. */
export interface ContentLimit {
  field: string;
  /** The most characters. */
  maxLength?: number;
  /** The most values that the path leads to. */
  maxCount?: number;
  /** Whether no two values may be equal. */
  isUnique?: boolean;
  /** Whether it is required where the path leads to several places. */
  isRequiredInSeveral?: boolean;
}

/** A channel's limits by type of content; those of an interactive message by `interactive.<its type>`. */
export type ContentLimits = Readonly<
  Record<Exclude<MessageType, 'interactive'> | `interactive.${InteractiveType}`, readonly ContentLimit[]>
>;

/** A file to upload. `stream` yields exactly `size` bytes; the channel always destroys it. */
export interface MediaUpload {
  stream: Readable;
  size: number;
  mimeType: string;
  fileName: string;
}

/** The file of a message. */
export interface MessageFile extends MediaUpload {
  /** The type of message that carries it. */
  kind: MediaKind;
  /** Whether it is a voice note. */
  isVoice: boolean;
  /** What is known of a picture. */
  picture?: FilePicture | undefined;
}

/** A picture, as a recipient sees it before they have downloaded it. */
export interface FilePicture {
  /** In pixels. */
  width: number;
  height: number;
  /** A small version as webp; undefined if there is none, or it cannot be read now. Never throws. */
  thumbnail(): Promise<Buffer | undefined>;
}

/** The account is not connected from this process now. Nothing was sent, and the call counts as no attempt. */
export interface NotOpen {
  class: 'not_open';
  title: string;
}

/** The outcome of an upload, in classes as for a call. A second upload does no harm, so `unknown` may be retried. */
export type UploadOutcome =
  | { class: 'uploaded'; channelMediaId: string; expiresAt: Date }
  | Exclude<Outcome, { class: 'accepted' }>;

/**
 * A file at the channel.
 * - found: the stream fails if it breaks off, stalls, takes too long, or is not exactly `size` bytes long; the reader
 *   compares the hash (hex), and must destroy a stream that it does not read to the end
 * - gone: the channel no longer has it
 * - try_again: a temporary obstacle; with mayBeGone the channel may no longer have it
 * - rejected: a retry is pointless
 */
export type MediaFetch =
  | {
      class: 'found';
      stream: Readable;
      mimeType: string;
      size: number;
      sha256: string | undefined;
      fileName: string | undefined;
    }
  | { class: 'gone' | 'rejected'; code: string; title: string }
  | { class: 'try_again'; code: string; title: string; waitMs?: number; mayBeGone?: true };

/** The file of an inbound message, as the channel describes it; `sha256` in hex. */
export interface IncomingMedia {
  channelMediaId: string;
  mimeType: string | undefined;
  sha256: string | undefined;
  caption: string | undefined;
  fileName: string | undefined;
  /** Whether it is a voice note. */
  voice: boolean;
}

export type ReceiptStatus = 'sent' | 'delivered' | 'read' | 'played' | 'failed';

/** A channel's report about an outbound message. `token` echoes the attempt's token. */
export interface Receipt {
  kind: 'receipt';
  numberId: string;
  channelMessageId: string;
  token: string | undefined;
  status: ReceiptStatus;
  at: Date;
  code: string;
  title: string;
  /** What the channel says of the price; undefined if it says nothing. */
  pricing?: Pricing | undefined;
  /** The number and the user id of the recipient, where the channel names both. */
  person?: { phone: string; userId: string } | undefined;
  /**
   * Set if the account caused the failure, so that other messages would fail too: the class of a call with this code.
   */
  trouble?: Trouble;
}

/** What a message costs, in the channel's words; `origin` is what opened the conversation. */
export interface Pricing {
  category: string | undefined;
  type: string | undefined;
  model: string | undefined;
  billable: boolean | undefined;
  origin: string | undefined;
  /** The amount itself, a decimal number as text, where the channel names it. */
  cost?: { amount: string; currency: string } | undefined;
}

/** An address of a person: a number in E.164, or the channel's id of the person: Meta's user id, or a LID. */
export interface Address {
  kind: 'phone' | 'bsuid' | 'lid';
  value: string;
}

/** A person with every address that the channel names. */
export interface IncomingPerson {
  /** The address by which the channel names the person. */
  from: Address;
  /** The channel's id of the person: it stays the same when their number is hidden. */
  userId: string | undefined;
  /** The id of the person for all businesses of the parent company. */
  parentUserId: string | undefined;
  username: string | undefined;
  name: string | undefined;
  /** The addresses that the person had until now, where the channel says that they changed. */
  former: Address[];
}

/**
 * An inbound message of a person, or what the business wrote to them on its own phone (outbound). Type `system` is a note
 * of the channel about a person, type `call` a call with them.
 */
export interface IncomingMessage extends IncomingPerson {
  kind: 'message';
  numberId: string;
  direction: 'inbound' | 'outbound';
  channelMessageId: string;
  type: AnyMessageType;
  content: MessageContent;
  /** The message context in the channel's form: `id` is the message that it answers. */
  context: Record<string, unknown> | undefined;
  /** The ad that led the person here, in the channel's form. */
  referral: Record<string, unknown> | undefined;
  /** What the channel could not deliver, and why. */
  error: { code: string; title: string } | undefined;
  /** Its file, if one can be fetched. */
  media: IncomingMedia | undefined;
  /** The group that it was written in. */
  groupId: string | undefined;
  /** The channel's address of the chat, and in a group that of the writer, where marking it as read needs them. */
  chat?: string | undefined;
  /** Not a message of its own: the message with this id gets this content, or was deleted by its writer. */
  change: 'edited' | 'revoked' | undefined;
  /** Base64. What is sealed later about this message, such as an edit, is opened with it. */
  secret?: string | undefined;
  /** With an edit that is sealed: opens it with the secret of its message. Undefined: the secret is not the right one. */
  open?: ((secret: Buffer) => SealedEdit | undefined) | undefined;
  /** With a change: the addresses of who made it, where it may only be of a message of theirs. */
  changedBy?: readonly string[] | undefined;
  /** Whether it came with the history of a new link: it was written before. */
  isImported?: boolean | undefined;
  /** standby: somebody else has the conversation, and the channel only lets us listen. */
  source?: 'standby' | undefined;
  /** Who has the conversation from this moment on, in the channel's words for roles. */
  owner?: { role: string } | undefined;
  /** Whether somebody has to read it. */
  unread: boolean;
  /** When the person called, or took a call. */
  calledAt: Date | undefined;
  at: Date;
}

/**
 * The channel reports trouble of an account: it is held as after such a call.
 * - throttled: the number is too fast
 * - replies_restricted: the channel sends no free-form messages for now
 * - warned: the channel still sends
 * - ended, reconnected: the number is no longer at the channel, or is again
 */
export interface Signal {
  kind: 'signal';
  class: Trouble | 'throttled' | 'replies_restricted' | 'warned' | 'ended' | 'reconnected';
  /** When a restriction ends; an hour later if the channel does not say. */
  until?: Date | undefined;
  /** The app that it is about, if not all. */
  appId?: string | undefined;
  /** The channel's id of the number; undefined if the report names the phone number, or all numbers. */
  numberId: string | undefined;
  /** The phone number, in E.164. With neither, all numbers of a business are meant. */
  phone: string | undefined;
  /** The business, all of whose numbers are meant; undefined for all of the app. */
  businessId?: string | undefined;
  /** The channel's report as a sentence for the operator. */
  title: string;
  /** Equal for each repeat of the same report; undefined if a repeat cannot be recognized. */
  hash: Buffer | undefined;
}

/** A notice of the channel about an account, a business or a preference of a person. It is kept as an event. */
export interface Notice {
  kind: 'notice';
  /** The channel's name of this kind of notice. */
  field: string;
  /** The number that it is about; with neither this nor a phone number, all numbers of the business. */
  numberId: string | undefined;
  /** The phone number, in E.164. */
  phone: string | undefined;
  businessId: string | undefined;
  value: Record<string, unknown>;
  /** Whether a signal of the same change says so too, if no account is meant. */
  hasSignal: boolean;
  /** Equal for each repeat of the same notice. */
  hash: Buffer;
}

/** Two addresses of one person. */
export interface SamePerson {
  kind: 'same_person';
  numberId: string;
  /** In E.164. */
  phone: string;
  userId: string;
  name: string | undefined;
}

/** An item that cannot be applied; it is stored with the reason. */
export interface UnreadableItem {
  kind: 'unreadable';
  code: 'body_unreadable' | 'body_too_complex' | 'item_unreadable' | 'field_unknown' | 'app_unknown';
  reason: string;
  item: unknown;
  /** The number that it is about, if the item says so. */
  numberId: string | undefined;
}

/** The business account of a number. */
export interface NumberOfBusiness {
  kind: 'number';
  numberId: string;
  businessId: string;
}

/** What a sealed edit says. */
export type SealedEdit = Pick<IncomingMessage, 'type' | 'content'>;

export type InboundItem = Receipt | IncomingMessage | Signal | Notice | NumberOfBusiness | SamePerson | UnreadableItem;

/** A template as the channel has it; the components have the channel's own fields. */
export interface ChannelTemplate {
  channelId: string | undefined;
  name: string;
  language: string;
  category: string;
  status: string;
  reason: string | undefined;
  quality: string | undefined;
  parameterFormat: 'named' | 'positional';
  components: Record<string, unknown>[];
}

/** Why the channel did not do what was asked. `words` is what it says to a person. */
export interface TemplateRefusal {
  class: 'rejected' | 'try_again' | 'account_error';
  code: string;
  title: string;
  words?: string;
  waitMs?: number;
}

/** What a template is made or changed to. */
export interface TemplateDefinition {
  name: string;
  language: string;
  category: string;
  parameterFormat: 'named' | 'positional';
  ttlSeconds: number | undefined;
  components: Record<string, unknown>[];
}

/** The templates of business accounts at a channel. No call throws; each has a deadline. */
export interface ChannelTemplates {
  /** All templates of a business account. */
  list(businessId: string): Promise<{ class: 'listed'; templates: ChannelTemplate[] } | TemplateRefusal>;
  create(
    businessId: string,
    definition: TemplateDefinition,
  ): Promise<{ class: 'done'; channelId: string; status: string; category: string } | TemplateRefusal>;
  edit(
    channelId: string,
    change: Partial<Pick<TemplateDefinition, 'category' | 'components' | 'ttlSeconds'>>,
  ): Promise<{ class: 'done' } | TemplateRefusal>;
  /** Deletes one language of a template. */
  delete(businessId: string, name: string, channelId: string): Promise<{ class: 'done' } | TemplateRefusal>;
  /** Uploads the sample of a header. */
  uploadSample(file: MediaUpload): Promise<{ class: 'done'; handle: string } | TemplateRefusal>;
}

/** What a channel can carry, checked before a message is accepted. */
export interface Capabilities {
  /** Whether free-form messages need an open 24-hour window. */
  readonly window: boolean;
  readonly types: ReadonlySet<MessageType>;
  readonly media: Readonly<Record<MediaKind, MediaLimits>>;
  /** Whether it fetches files from links itself. */
  readonly links: boolean;
  /** Whether it takes options beside the content. */
  readonly options: boolean;
  /** The kinds of addresses that it sends to. */
  readonly addresses: ReadonlySet<Address['kind']>;
  readonly content: ContentLimits;
}

/** A change of the owner of a conversation. `role` is the new owner, and `metadata` a text for them. */
export interface ThreadControl {
  action: 'take' | 'pass' | 'release';
  role?: string | undefined;
  metadata?: string | undefined;
}

/** unknown: it may have been done. */
export type ControlOutcome = { class: 'done' } | { class: 'rejected' | 'unknown'; code: string; title: string };

/** The calls of one account. */
export interface Channel {
  readonly capabilities: Capabilities;
  /** Calls the channel once: no retries, no redirects, with a deadline. It never throws. */
  send(outgoing: Outgoing, token: string): Promise<Outcome | NotOpen>;
  /** Uploads a file for a number's messages, as a stream. It never throws. */
  uploadMedia(numberId: string, file: MessageFile): Promise<UploadOutcome>;
  /** Fetches a file of an inbound message. It never throws. */
  fetchMedia(channelMediaId: string): Promise<MediaFetch>;
  /** Marks the message and those before it as read for the writer, and may show them that we are typing. */
  markRead(numberId: string, channelMessageId: string, isTyping?: boolean): Promise<'done' | 'rejected' | 'try_again'>;
  /** Where several may answer a conversation: takes it, passes it on, or releases it. It never throws. */
  controlThread?(numberId: string, to: string, control: ThreadControl): Promise<ControlOutcome>;
  /** Where the channel has templates. */
  readonly templates?: ChannelTemplates;
}

/** The webhooks of one app. */
export interface Webhooks {
  /** Whether a webhook body is from the channel; compares in constant time. */
  verify(raw: Buffer, signature: string | undefined): boolean;
  /** The response to the channel's challenge of our webhook URL; undefined if the token is wrong. */
  challenge(query: Record<string, unknown>): string | undefined;
  /** The numbers in a webhook body, in order. Never fails. */
  numbersIn(raw: Buffer): string[];
  /** Every item of a webhook body. @throws if the body cannot be parsed at all */
  parse(raw: Buffer): InboundItem[];
}

/** An account as far as its channel is concerned. */
export interface ChannelUser {
  accountId: string;
  /** The name of its channel. */
  channel: string;
}

/** The channels of all accounts that this process serves. */
export interface Channels {
  /** The routes of the accounts that it serves: names of channels, and its own route for linked accounts. */
  readonly routes: readonly string[];
  /** What accounts of a channel can send; undefined for one that is not served here. */
  capabilitiesOf(channel: string): Capabilities | undefined;
  /** @throws CredentialsError if the account has no credentials that can be used */
  of(user: ChannelUser): Promise<Channel>;
  /** The channel has rejected the credentials of the account: reads them again. `of` then has others if they changed. */
  renew(user: ChannelUser): Promise<void>;
}

/** The credentials of an account cannot be used. The message is a sentence for the operator, without any secret. */
export class CredentialsError extends Error {}

/** An app of a channel that posts webhooks to us. */
export interface WebhookApp {
  webhooks: Webhooks;
  /** The name of the channel of its accounts. */
  channel: string;
  /** The lane in which payloads of unknown numbers wait. */
  laneKey: string;
  /** The workspace that its webhooks are about; undefined if they may be about any. */
  workspaceId: string | undefined;
  /** The channel's id of the app, where it has one. */
  appId?: string | undefined;
}

/** The apps whose webhooks we take. */
export interface WebhookApps {
  /** The names of those that are not in the database. */
  readonly configured: readonly string[];
  find(name: string): Promise<WebhookApp | undefined>;
  /** A signature did not fit: reads the secret of the app again. Returns it only if it is another one now. */
  renew(name: string): Promise<WebhookApp | undefined>;
}
