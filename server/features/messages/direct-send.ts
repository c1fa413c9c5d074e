// The calls that may begin in the COMMIT of an acceptance: by the process that accepts, where it works too.
import type { MessageContent, MessageType } from '@recado/contract';

/** A message that was claimed: the claimer has to call the channel for it, or to say that it did not. */
export interface ClaimedMessage {
  account_id: string;
  message_id: string;
  token: string;
  phone_number_id: string;
  channel: string;
  address: string;
  type: MessageType;
  content: MessageContent<MessageType>;
  /** The message that it quotes or reacts to, by the channel's `id`. */
  context: { id?: string; options?: Record<string, unknown> } | null;
  /** Calls before this one that provably never reached the channel. */
  failed_attempts: number;
  /** The number of this attempt, from 1. */
  number: number;
  retry_attempts: number;
  retry_delay_ms: number;
  /** Milliseconds until the message expires, where it does; at most a day. */
  expires_in_ms: number | null;
}

/** For whom an acceptance may claim. */
export interface Offer {
  routes: readonly string[];
  runner: string;
  leaseSeconds: number;
}

export interface DirectSend {
  /** Has a batch written, and calls for what it has claimed. There is no offer while this process begins nothing. */
  begin<Result>(
    write: (offer: Offer | undefined) => Promise<Result>,
    claimedOf: (result: Result) => ClaimedMessage[],
  ): Promise<Result>;
}

/** Where this process does not work. */
export const noDirectSend: DirectSend = { begin: write => write(undefined) };
