// What the fake does wrong on purpose.
import type { Account } from './accounts.ts';
import { deferred } from './waiting.ts';

/** What becomes of the next message that a companion sends. */
export interface MessageFault {
  /** Only messages to this number (E.164) or group. */
  to?: string;
  /** How the server answers: with a code of error (then nothing is delivered), never, or when `release` is called. */
  ack?: number | 'lost' | 'held';
  /** False: the message is lost with its acknowledgement. */
  delivered?: false;
  /** Cuts the connection instead of acknowledging. */
  disconnects?: true;
}

/** How many people who never wrote an account may write to, until when in Unix seconds. */
export interface NewChats {
  total: number;
  until: number;
}

/** A fault that waits for its message. */
export interface ExpectedFault {
  /** Resolves when a message met the fault. */
  readonly met: Promise<{ id: string; to: string }>;
  /** Lets a held acknowledgement go. */
  release(): void;
}

interface Planned {
  fault: MessageFault;
  meet(message: { id: string; to: string }): void;
  readonly released: Promise<void>;
}

interface Refusal {
  reason: number;
  /** Of whose companions; undefined: of everybody's. */
  account: Account | undefined;
  times: number;
}

export class Script {
  /** How long each stanza takes, each way. */
  delayMs = 0;
  /** Clients with an older version are refused with 405. */
  minimumVersion: readonly [number, number, number] = [2, 3000, 0];
  /** Answers requests for the list of all groups with this code of error. */
  groupsError: number | undefined;
  /** The revision that `/sw.js` names as the current one; undefined: the server does not have the file. */
  revision: number | undefined = 1_043_857_760;
  /** Answers WebSocket upgrades with this HTTP status. */
  upgradeStatus: number | undefined;
  /** Accounts that may not write to people who never wrote to them, until when in Unix seconds. */
  readonly restricted = new Map<Account, number>();
  /** The quotas of new chats, with the people who count. */
  readonly newChats = new Map<Account, NewChats & { begun: Set<Account> }>();
  /** Answers requests for the quota of new chats with this code of error, as a WhatsApp that does not know them. */
  newChatsError: number | undefined;
  private readonly planned: Planned[] = [];
  private readonly refusals: Refusal[] = [];

  plan(fault: MessageFault): ExpectedFault {
    const met = deferred<{ id: string; to: string }>();
    const released = deferred<void>();
    this.planned.push({ fault, meet: met.resolve, released: released.promise });
    return { met: met.promise, release: () => released.resolve() };
  }

  /** The fault for a message, which is then used up. */
  takeFault(to: string): Planned | undefined {
    const index = this.planned.findIndex(({ fault }) => fault.to === undefined || fault.to === to);
    return index < 0 ? undefined : this.planned.splice(index, 1)[0];
  }

  refuse(refusal: Refusal): void {
    this.refusals.push(refusal);
  }

  /** The reason why this login is refused, if it is. */
  takeRefusal(account: Account): number | undefined {
    const index = this.refusals.findIndex(each => each.account === undefined || each.account === account);
    const refusal = this.refusals[index];
    if (!refusal) return undefined;
    refusal.times -= 1;
    if (refusal.times <= 0) this.refusals.splice(index, 1);
    return refusal.reason;
  }

  /** Ends all refusals: of an account, or of everybody. */
  welcome(account: Account | undefined): void {
    const kept = account === undefined ? [] : this.refusals.filter(refusal => refusal.account !== account);
    this.refusals.splice(0, Infinity, ...kept);
  }
}
