// The promise of a channel: send one message, say honestly what came of it, and read what the channel posts to us.
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
 * - rejected: refused for good
 * - account: the account itself cannot send until somebody acts
 * - danger: the channel distrusts the account; it is paused until somebody resumes it
 * - unknown: it may or may not have been taken
 */
export type Outcome =
  | { class: 'accepted'; channelMessageId: string }
  | { class: 'throttled' | 'recipient_throttled'; code: string; title: string; waitMs?: number }
  | { class: 'not_sent' | 'rejected' | 'account' | 'danger' | 'unknown'; code: string; title: string };

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
}

/** A message that a person wrote to an account. */
export interface IncomingMessage {
  kind: 'message';
  numberId: string;
  from: { kind: 'phone' | 'bsuid'; value: string };
  name: string | undefined;
  channelMessageId: string;
  type: MessageType | 'unsupported';
  content: Record<string, unknown>;
  at: Date;
}

/** The channel distrusts an account, or has locked it: it is paused until somebody resumes it. */
export interface DangerSignal {
  kind: 'signal';
  /** The number that people see, in E.164; undefined for all numbers of the app. */
  phone: string | undefined;
  /** What the channel says, as a sentence for the operator. */
  title: string;
}

/** An item that cannot be applied; it is kept with the reason. */
export interface UnreadableItem {
  kind: 'unreadable';
  reason: string;
  item: unknown;
}

export type InboundItem = Receipt | IncomingMessage | DangerSignal | UnreadableItem;

export interface Channel {
  /** What this channel can carry, asked before a message is accepted. */
  readonly capabilities: { readonly types: ReadonlySet<MessageType> };
  /** Calls the channel once: no retries, no redirects, within a deadline. It never throws. */
  send(outgoing: Outgoing, token: string): Promise<Outcome>;
  /** Shows the writer that their message, and those before it, were read. */
  markRead(numberId: string, channelMessageId: string): Promise<'done' | 'refused' | 'try_again'>;
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
