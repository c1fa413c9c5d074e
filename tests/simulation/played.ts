// What a schedule leaves behind to be judged.
import type { CampaignSettings } from '../../contract/campaigns/settings.ts';
import type { SendMessageBody } from '../../contract/messages.ts';
import { toUuid } from '../../server/kit/ids.ts';
import type { Meta } from './meta.ts';
import type { Process, World } from './world.ts';

/** A message as its client knows it. */
export interface SendRequest {
  key: string;
  account: Account;
  body: SendMessageBody;
  id: string | undefined;
  refused: string | undefined;
  /** At whom the request is, while it is. */
  at: Process | undefined;
  cancelled: boolean;
  /** Somebody has asked for that, with or without success. */
  isCancelAsked: boolean;
  /** The campaign that it is of, if it is of one. */
  campaign?: Campaign;
  /** An operator has asked to send it again, by its id. */
  isRetriedByName: boolean;
}

/** A template, which the channel may pause. */
export interface Template {
  id: string;
  workspaceId: string;
  name: string;
}

/** A campaign as who made it knows it. */
export interface Campaign {
  id: string;
  settings: CampaignSettings;
  /** What becomes of it where it is stopped when nothing else happens any more. */
  ending: 'resume' | 'cancel' | 'leave';
  /** Somebody has asked for that, with or without success. */
  isCancelAsked: boolean;
  /** What there was of it when it was last seen to be stopped, while it is. */
  stopped: Seen | undefined;
  /** It was seen without a next step. */
  isLost?: boolean;
}

/** What there is of a campaign: messages by their ids, calls by their tokens. */
export interface Seen {
  /** Its queue fits its state. */
  isApplied: boolean;
  messages: string[];
  calls: string[];
}

/** Somebody opted out: by which addresses the person was known then, and the last event that there was. */
export interface OptOut {
  person: string;
  category: 'all' | 'marketing';
  addresses: string[];
  afterEvent: number;
}

type Choice = 'hold' | 'retry' | 'fail';

/** The settings of an account from some moment on. */
export interface Term {
  /** The tokens of the calls that had been claimed when it began. */
  before: ReadonlySet<string>;
  /** The last event that there was. */
  afterEvent: number;
  rate: { messages: number; seconds: number };
  recipient: { burst: number; seconds: number } | null;
  perDay: number | null;
  newPerDay: number | null;
  onUnknown: Choice;
  windowSeconds: number;
  quiet: { from: string; until: string } | null;
  zone: string;
}

export interface Account {
  id: string;
  numberId: string;
  /** What becomes of a message outside of its window, where it does not say so itself. */
  onWindowClosed: 'hold' | 'reject' | 'send';
  /** One after the other; the last one is in force. */
  terms: Term[];
  /**
   * The tokens of the calls that had been claimed when it was paused, by an operator or by danger, while it is, and when
   * it was deleted, if it was.
   */
  paused: ReadonlySet<string> | undefined;
  deleted: ReadonlySet<string> | undefined;
  /** It was seen to be paused because the channel distrusts it. */
  endangered: boolean;
  /** Somebody has asked to cancel all that it has waiting. */
  isPurged: boolean;
}

/** What may become of an unknown outcome: as the message says, or as its account has said at some time. */
export const choicesOf = ({ body, account }: SendRequest): Choice[] =>
  body.on_unknown ? [body.on_unknown] : account.terms.map(({ onUnknown }) => onUnknown);

/** What a schedule is about. */
export interface Profile {
  /** No sweeper, so only wake-ups and timers start work: nothing may fail or be deferred. */
  calm: boolean;
  /** A process stands still with a call in its hands, and speaks up when its lease is over. */
  halting: boolean;
  /** Clients change their minds about what they have just sent. */
  fickle: boolean;
  /** Answers get lost, receipts come late, and some of what is sent again for that is cancelled. */
  doubting: boolean;
  /** Operators pause, change and delete accounts, and decide what becomes of messages. */
  meddled: boolean;
  /** Messages carry files. */
  laden: boolean;
  /** Of those in which operators meddle: they erase people. */
  erasing: boolean;
  /** Of the plain ones: messages need the window of 24 hours, which people open and days close. */
  windowed: boolean;
  /** Of the plain ones: the channel refuses kinds of messages, or single ones, for a while. */
  restricted: boolean;
  /** Of the plain ones: templates are paused and approved. */
  templated: boolean;
  /** Of the plain ones: people have a number and a user id, which turn out to be of one person. */
  merging: boolean;
  /** Of the plain ones and those in which operators meddle: people send campaigns. */
  campaigning: boolean;
}

export interface Played {
  seed: number;
  world: World;
  meta: Meta;
  accounts: Account[];
  requests: SendRequest[];
  /** Whether the clock was set: budgets are then no promise. */
  clockSet: boolean;
  complaints: string[];
  /** The templates of its messages. */
  templates: Template[];
  /** Contacts that were deleted: their messages then, and the tokens of the calls that had been claimed for them. */
  forgotten: { person: string; messages: ReadonlySet<string>; calls: ReadonlySet<string> }[];
  /** Cancellations that found their message being sent, and those that began before its claim and lost against it. */
  cancels: { ofSending: number; lostToClaim: number };
  campaigns: Campaign[];
  /** What campaigns asked to send, by the id of the message, whether or not it was accepted. */
  fed: Map<string, SendMessageBody>;
  optOuts: OptOut[];
  /** Erasures that were asked for, by the contact. */
  erasures: Map<string, Erasing>;
}

/** What was there of a person each time that a piece of an erasure was committed: that, if it ended, is gone. */
export interface Erasing {
  person: string;
  messages: Set<string>;
  /** The tokens of calls, of which account each was, and when it was last seen, in milliseconds that nothing sets. */
  calls: Map<string, { account: string; at: number }>;
  /** What the person wrote, by the channel's ids. */
  received: Set<string>;
}

/** The tokens of the calls that were there when something was erased, of all accounts or of one. */
export const erasedCalls = ({ erasures }: Played, account?: Account): string[] =>
  [...erasures.values()].flatMap(({ calls }) =>
    [...calls].flatMap(([token, of]) => (!account || of.account === toUuid(account.id) ? token : [])),
  );
