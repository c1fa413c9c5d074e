// The promise of a channel: send one message, say honestly what came of it, and read what the channel posts to us.
import type { Readable } from 'node:stream';
import type { MessageType } from '@recado/contract';

/** A message as a channel gets it. `numberId` is what the channel calls the account's number. */
export interface Outgoing {
  numberId: string;
  to: string;
  type: string;
  content: Record<string, unknown>;
}

/**
 * What came of one call.
 * - accepted: the channel took it and gave its id
 * - not_sent: provably never reached the channel; the engine tries again
 * - throttled, recipient_throttled: provably refused for now; the whole account, or only this recipient, waits
 * - rejected: refused for good; with unknownMedia where it may be that the channel has the file no more
 * - account: the account itself cannot send until somebody acts
 * - danger: the channel distrusts the account; it is paused until somebody resumes it
 * - unknown: it may or may not have been taken
 */
export type Outcome =
  | { class: 'accepted'; channelMessageId: string }
  | { class: 'throttled' | 'recipient_throttled'; code: string; title: string; waitMs?: number }
  | { class: 'rejected'; code: string; title: string; unknownMedia?: true }
  | { class: 'not_sent' | 'account_error' | 'flagged' | 'unknown'; code: string; title: string };

export type MediaKind = 'image' | 'video' | 'audio' | 'document' | 'sticker';

/** What a channel takes as a file of one kind. MIME types are without parameters. */
export interface MediaLimits {
  mimeTypes: readonly string[];
  maxBytes: number;
  /** Where what moves may be larger. */
  maxAnimatedBytes?: number;
}

/** A file for a channel. `stream` brings exactly `size` bytes, and is destroyed by the channel, whatever comes of it. */
export interface MediaUpload {
  stream: Readable;
  size: number;
  mimeType: string;
  fileName: string;
}

/** What came of an upload: classes as of an outcome. To upload twice does no harm, so `unknown` may be repeated. */
export type UploadOutcome =
  | { class: 'uploaded'; channelMediaId: string; expiresAt: Date }
  | Exclude<Outcome, { class: 'accepted' }>;

/**
 * A file of the channel.
 * - found: the stream fails where it breaks off, stands still, takes too long, or is not exactly `size` bytes long;
 *   whoever reads it compares the hash (hex), and has to destroy a stream that is not read to its end
 * - gone: the channel does not have it any more
 * - try_again: something is in the way that may pass; with mayBeGone the channel may not have it any more
 * - refused: there is no use in asking again
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
  | { class: 'gone' | 'refused'; code: string; title: string }
  | { class: 'try_again'; code: string; title: string; waitMs?: number; mayBeGone?: true };

/** The file of an inbound message, as the channel tells of it; `sha256` in hex. */
export interface IncomingMedia {
  channelMediaId: string;
  mimeType: string | undefined;
  sha256: string | undefined;
  caption: string | undefined;
  fileName: string | undefined;
  /** Whether it was recorded as a voice note. */
  voice: boolean;
}

export type ReceiptStatus = 'sent' | 'delivered' | 'read' | 'played' | 'failed';

/** The word of a channel about an outbound message. `token` is the echo of the attempt's token. */
export interface Receipt {
  kind: 'receipt';
  numberId: string;
  channelMessageId: string;
  token: string | undefined;
  status: ReceiptStatus;
  at: Date;
  code: string;
  title: string;
  /** Where the failure is the account's, and others will end the same way: what an answer with this code is to it. */
  trouble?: 'account_error' | 'flagged';
}

/** A message that a person wrote to an account; of type system, something that the channel tells of a person. */
export interface IncomingMessage {
  kind: 'message';
  numberId: string;
  from: { kind: 'phone' | 'bsuid'; value: string };
  /** What the channel calls the writer, where it says so: the same with and without their number. */
  userId: string | undefined;
  name: string | undefined;
  channelMessageId: string;
  type: MessageType | 'system' | 'unsupported';
  content: Record<string, unknown>;
  /** What it is about, in the channel's words: `id` is the message that it answers. */
  context: Record<string, unknown> | undefined;
  /** Which ad led the person here, in the channel's words. */
  referral: Record<string, unknown> | undefined;
  /** What the channel could not hand on, and why. */
  error: { code: string; title: string } | undefined;
  /** Its file, where it has one that can be fetched. */
  media: IncomingMedia | undefined;
  at: Date;
}

/** The channel tells of itself that an account cannot send or is distrusted: it is held as by such an outcome of a call. */
export interface Signal {
  kind: 'signal';
  class: 'account_error' | 'flagged';
  /** What the channel calls the number; undefined where it tells of the one that people see, or of all. */
  numberId: string | undefined;
  /** The number that people see, in E.164. With neither, all numbers of a business are meant. */
  phone: string | undefined;
  /** The business, of whose numbers all are meant; undefined where all of the app are. */
  businessId?: string | undefined;
  /** What the channel says, as a sentence for the operator. */
  title: string;
  /** The same each time that the channel tells of the same, and no other time; undefined where that cannot be known. */
  hash: Buffer | undefined;
}

/** An item that cannot be applied; it is kept with the reason. */
export interface UnreadableItem {
  kind: 'unreadable';
  reason: string;
  item: unknown;
}

/** Of which business a number is. */
export interface NumberOfBusiness {
  kind: 'number';
  numberId: string;
  businessId: string;
}

export type InboundItem = Receipt | IncomingMessage | Signal | NumberOfBusiness | UnreadableItem;

/** A message that a channel's history lists as sent by a number. */
export interface HistoryEntry {
  channelMessageId: string;
  /** When it was first heard of there; undefined where the channel does not say. */
  at: Date | undefined;
  /** The digits of the recipient, as far as the id lets us guess them: nothing that the channel promises. */
  recipient: string | undefined;
}

/** A channel's history. `complete` where everything since the moment that was asked for is in it. */
export type History =
  | { class: 'listed'; entries: HistoryEntry[]; complete: boolean }
  | { class: 'failed'; code: string; title: string; waitMs?: number };

export interface Channel {
  /** What this channel can carry, asked before a message is accepted. */
  readonly capabilities: {
    readonly types: ReadonlySet<MessageType>;
    readonly media: Readonly<Record<MediaKind, MediaLimits>>;
  };
  /** Calls the channel once: no retries, no redirects, within a deadline. It never throws. */
  send(outgoing: Outgoing, token: string): Promise<Outcome>;
  /** Uploads a file for a number's messages, streamed. It never throws. */
  uploadMedia(numberId: string, file: MediaUpload): Promise<UploadOutcome>;
  /** Asks for a file of an inbound message. It never throws. */
  fetchMedia(channelMediaId: string): Promise<MediaFetch>;
  /** Shows the writer that their message, and those before it, were read. */
  markRead(numberId: string, channelMessageId: string): Promise<'done' | 'refused' | 'try_again'>;
  /** Where the channel keeps one: what a number has sent since then, within a deadline. It never throws. */
  readonly history?: (numberId: string, since: Date) => Promise<History>;
  /** Whether a posted body is from the channel; compares in constant time. */
  verify(raw: Buffer, signature: string | undefined): boolean;
  /** The answer to the channel's question whether this address is ours; undefined where the token is wrong. */
  challenge(query: Record<string, unknown>): string | undefined;
  /** The numbers that a posted body speaks of, in order, without failing on any body. */
  numbersIn(raw: Buffer): string[];
  /** Every item of a posted body. @throws where it cannot be read at all. */
  parse(raw: Buffer): InboundItem[];
  /** Breaks off what is at work. */
  close(): Promise<void>;
}
