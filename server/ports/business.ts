// The business port: what a channel says about credentials and numbers, and how webhooks are set up there.

/** A failed call. `unreachable`: the channel gave no answer of its own, so nothing is known. */
export interface BusinessFailure {
  ok: false;
  kind: 'rejected' | 'unreachable';
  code: string;
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
  /** False for a number that is not registered for the API; undefined where the channel does not say. */
  isRegistered: boolean | undefined;
}

/** Where a business account's webhooks go instead of the callback of the app. */
export interface CallbackOverride {
  url: string;
  verifyToken: string;
}

/** Calls about business accounts. None of them throws, retries, or follows a redirect. */
export interface BusinessApi {
  /** Describes a token, asked with another one or itself. */
  describeToken(accessToken: string, asToken: string): Promise<BusinessAnswer<TokenInfo>>;
  describeNumber(accessToken: string, numberId: string): Promise<BusinessAnswer<NumberInfo>>;
  /** The ids of the numbers of a business account. */
  listNumbers(accessToken: string, businessId: string): Promise<BusinessAnswer<readonly string[]>>;
  /** Subscribes the app of the token to a business account. The channel verifies the callback before it answers. */
  subscribe(
    accessToken: string,
    businessId: string,
    override: CallbackOverride | undefined,
  ): Promise<BusinessAnswer<null>>;
  /** The apps that are subscribed to a business account, with the callback that replaces their own. */
  listSubscriptions(
    accessToken: string,
    businessId: string,
  ): Promise<BusinessAnswer<readonly { appId: string; override: string | undefined }[]>>;
  /** Registers a number for the API with the PIN of its two-step verification. */
  register(accessToken: string, numberId: string, pin: string): Promise<BusinessAnswer<null>>;
}
