// The texts that each language must have: a word for every member of an enum of the contract.
import type {
  AlertChannelKind,
  AlertRuleState,
  AlertSeverity,
  AlertSignal,
  AlertUnit,
  AnyMessageType,
  accountStatuses,
  builtInValues,
  CampaignFate,
  CampaignReason,
  CampaignState,
  ChannelName,
  EventType,
  ImportFate,
  ImportRowCode,
  ImportState,
  KeyScope,
  LaneKind,
  LeftOutReason,
  LinkCause,
  LinkState,
  NotificationChannel,
  NotificationContent,
  NotificationKind,
  NotificationSound,
  Priority,
  RecipientState,
  Role,
  SkippedCode,
  Status,
  WaitingReason,
} from '@recado/contract';

/** A dot would part the names of a text. */
export type Underscored<Text extends string> = Text extends `${infer Left}.${infer Right}` ? `${Left}_${Right}` : Text;

type Of<Member extends string> = Record<Member, string>;

export interface Words {
  accountStatus: Of<(typeof accountStatuses)[number]>;
  channel: Of<ChannelName>;
  contentType: { inbox: Of<AnyMessageType>; composer: Of<AnyMessageType>; queue: Of<AnyMessageType> };
  imports: { code: Of<ImportRowCode>; fate: Of<ImportFate>; state: Of<ImportState> };
  inbox: { event: Of<Underscored<EventType>>; priority: Of<Priority>; waits: Of<WaitingReason> };
  link: { cause: Of<LinkCause>; head: Of<LinkState>; state: Of<LinkState>; text: Of<LinkState> };
  message: { event: Of<Underscored<EventType>>; priority: Of<Priority>; says: Of<Status> };
  queue: {
    because: Of<WaitingReason>;
    lane: Of<LaneKind>;
    reason: Of<WaitingReason>;
    skipped: Of<SkippedCode>;
  };
  role: Of<Role>;
  roleHint: Of<Role>;
  scope: Of<KeyScope>;
  status: Of<Status>;
}

/** The texts of alerts, which come with their pages. */
export interface AlertWords {
  alerts: {
    all: Of<AlertSignal>;
    kind: Of<AlertChannelKind>;
    remedy: Of<AlertSignal>;
    rule: Of<AlertSignal>;
    ruleState: Of<AlertRuleState>;
    signal: Of<AlertSignal>;
    tell: Of<AlertSeverity | 'cleared'>;
    title: Of<AlertSignal>;
    unit: Of<Exclude<AlertUnit, 'flag'>>;
  };
}

/** The texts of notifications, which come with their pages. */
export interface NotificationWords {
  hear: {
    channel: Of<NotificationChannel>;
    contents: Of<NotificationContent>;
    kind: Of<NotificationKind>;
    sounds: Of<NotificationSound>;
  };
}

/** The texts of campaigns, which come with their pages. */
export interface CampaignWords {
  campaigns: {
    builtIn: Of<(typeof builtInValues)[number]>;
    fate: Of<CampaignFate>;
    leftOut: Of<LeftOutReason>;
    personState: Of<RecipientState>;
    reason: Of<CampaignReason>;
    state: Of<CampaignState>;
  };
}
