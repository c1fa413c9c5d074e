// The business port: what a channel says about credentials and numbers, and how webhooks are set up there.

/**
 * A failed call. `unreachable`: the channel gave no answer of its own, so nothing is known; `answered` then says whether
 * something answered at all.
 */
export interface BusinessFailure {
  ok: false;
  kind: 'rejected' | 'unreachable';
  code: string;
  subcode?: number | undefined;
  answered?: boolean;
  title: string;
}

export type BusinessAnswer<Value> = { ok: true; value: Value } | BusinessFailure;

/** What the channel says about an access token. */
export interface TokenInfo {
  appId: string | undefined;
  isValid: boolean;
  /** Undefined for a token without an end. */
  expiresAt: Date | undefined;
  scopes: readonly string[];
  /** The business accounts that the token may use; empty where the channel names none. */
  businessIds: readonly string[];
}

/** What the channel says about a number. Undefined where it does not say. */
export interface NumberInfo {
  /** In E.164. */
  phone: string | undefined;
  verifiedName: string | undefined;
  nameStatus: string | undefined;
  quality: string | undefined;
  throughput: string | undefined;
  messagingLimit: string | undefined;
  /** The state of the number, such as CONNECTED, PENDING, RESTRICTED or BANNED. */
  status: string | undefined;
  /** Whether somebody entered the code of the verification: VERIFIED, NOT_VERIFIED or EXPIRED. */
  codeVerification: string | undefined;
  /** LIVE or SANDBOX. */
  mode: string | undefined;
  platform: string | undefined;
  /** Whether the number is in use in the WhatsApp Business app too. */
  isOnBusinessApp: boolean | undefined;
  health: NumberHealth | undefined;
  /** False for a number that is not registered for the API; undefined where the channel does not say. */
  isRegistered: boolean | undefined;
}

/** Whether a number can send, and why not. */
export interface NumberHealth {
  /** AVAILABLE, LIMITED or BLOCKED. */
  canSend: string;
  reasons: readonly HealthReason[];
}

export interface HealthReason {
  /** The kind of thing that has the trouble: the number, the business account, the business or the app. */
  entity: string;
  code: string | undefined;
  message: string;
  remedy: string | undefined;
}

/** The channel's facts of a business account. Undefined where it gives none. */
export interface BusinessInfo {
  name: string | undefined;
  /** Whether it has signed up for the endpoint of marketing messages. */
  marketingOnboarding: string | undefined;
  /** Whether it takes marketing messages at that endpoint only. */
  isMarketingDisabled: boolean | undefined;
}

/** The names of what an app can be subscribed to. */
export interface WebhookFields {
  needed: readonly string[];
  /** The channel may refuse them to an app. */
  optional: readonly string[];
  /** The channel may not know them. */
  uncertain: readonly string[];
  /** The fields that a callback of a business account takes over from the callback of the app. */
  overridable: ReadonlySet<string>;
}

/** The fields of a callback that the channel took, and those that it refused. */
export interface TakenFields {
  taken: readonly string[];
  refused: readonly string[];
}

/** The callback of an app, and the fields that go there. */
export interface AppCallback {
  url: string;
  fields: readonly string[];
  isActive: boolean;
}

/** An access token, with the secret of its app, which proves that the app uses it. */
export interface AccessKey {
  accessToken: string;
  /** Undefined where it is not known. */
  appSecret: string | undefined;
}

/** An app with its own token, which only calls about the app itself take. */
export interface AppKey {
  appId: string;
  appSecret: string;
}

/** Where a business account's webhooks go instead of the callback of the app. */
export interface CallbackOverride {
  url: string;
  verifyToken: string;
}

/** What the channel bills for messages of a day, a number and a category. */
export interface BilledVolume {
  /** In UTC. */
  day: string;
  /** The digits of the number; undefined where the channel does not say. */
  phone: string | undefined;
  volume: number;
  /** A decimal number as text; undefined where the channel tells no cost, because a partner pays. */
  cost: string | undefined;
}

/** Calls about business accounts. None of them throws, retries, or follows a redirect. */
export interface BusinessApi {
  /** Describes a token, asked by its app or with itself. */
  describeToken(accessToken: string, by: AccessKey | AppKey): Promise<BusinessAnswer<TokenInfo>>;
  describeNumber(key: AccessKey, numberId: string): Promise<BusinessAnswer<NumberInfo>>;
  describeBusiness(key: AccessKey, businessId: string): Promise<BusinessAnswer<BusinessInfo>>;
  /** What a business account was billed for from one day to another, both in UTC and within. */
  listBilled(
    key: AccessKey,
    businessId: string,
    from: string,
    until: string,
  ): Promise<BusinessAnswer<readonly BilledVolume[]>>;
  /** The numbers of a business account. */
  listNumbers(key: AccessKey, businessId: string): Promise<BusinessAnswer<readonly (NumberInfo & { id: string })[]>>;
  readonly webhookFields: WebhookFields;
  /** The callback of an app; undefined if it has none. */
  findAppCallback(app: AppKey): Promise<BusinessAnswer<AppCallback | undefined>>;
  /**
   * Sets the callback of an app, with its earlier fields and all others that the channel takes. The channel verifies
   * the callback before it answers.
   */
  setAppCallback(
    app: AppKey,
    callback: { url: string; verifyToken: string; earlier: readonly string[] },
  ): Promise<BusinessAnswer<TakenFields>>;
  /**
   * Subscribes the app of the token to a business account. Without an override, an earlier one ends. With one, the
   * channel verifies it before it answers; it refuses one that comes before a subscription without.
   */
  subscribe(key: AccessKey, businessId: string, override: CallbackOverride | undefined): Promise<BusinessAnswer<null>>;
  /** The apps that are subscribed to a business account, with the callback that replaces their own. */
  listSubscriptions(
    key: AccessKey,
    businessId: string,
  ): Promise<BusinessAnswer<readonly { appId: string; override: string | undefined }[]>>;
  /** Registers a number for the API with the PIN of its two-step verification. */
  register(key: AccessKey, numberId: string, pin: string): Promise<BusinessAnswer<null>>;
}
