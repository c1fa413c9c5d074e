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

export interface Played {
  seed: number;
  world: World;
  meta: Meta;
  accounts: Account[];
  wishes: Wish[];
  /** Whether the clock was set: budgets are then no promise. */
  clockSet: boolean;
  complaints: string[];
}
