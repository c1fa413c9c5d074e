// What a schedule leaves behind to be judged.
import type { SendMessageBody } from '../../contract/messages.ts';
import type { Meta } from './meta.ts';
import type { Process, World } from './world.ts';

/** A message as its client knows it. */
export interface Wish {
  key: string;
  account: Account;
  body: SendMessageBody;
  onUnknown: 'hold' | 'retry' | 'fail';
  id: string | undefined;
  refused: string | undefined;
  /** At whom the request is, while it is. */
  at: Process | undefined;
  cancelled: boolean;
}

export interface Account {
  id: string;
  numberId: string;
  rate: { messages: number; seconds: number };
  recipient: { burst: number; seconds: number } | null;
  perDay: number | null;
  onUnknown: 'hold' | 'retry' | 'fail';
}

/** What a schedule is about. */
export interface Mood {
  /** No sweeper, so that only words and timers keep work going: nothing may go wrong, nor be put off. */
  calm: boolean;
  /** A process stands still with a call in its hands, and speaks up when its lease is over. */
  halting: boolean;
  /** Clients change their minds about what they have just sent. */
  fickle: boolean;
  /** Of these: answers get lost, receipts come late, and what is sent again for that is cancelled. */
  doubting: boolean;
}

export interface Played {
  seed: number;
  world: World;
  meta: Meta;
  accounts: Account[];
  wishes: Wish[];
  /** Whether the clock was set: budgets are then no promise. */
  clockSet: boolean;
  complaints: string[];
  /** Cancellations that found their message being sent, and those that began before its claim and lost against it. */
  cancels: { ofSending: number; lostToClaim: number };
}
