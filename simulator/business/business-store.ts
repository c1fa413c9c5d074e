// Apps, access tokens, numbers and subscriptions at Meta. Every change is journaled.
import { join } from 'node:path';
import { z } from 'zod';
import { openLineFile, readLineFile, rewriteLineFile } from '../kit/line-file.ts';
import { isOverridable, webhookFields } from '../webhooks/webhook-fields.ts';

const app = z.object({
  id: z.string(),
  secret: z.string(),
  /** Where webhooks go that no override sends elsewhere, and the fields that the app has chosen for it. */
  callback: z
    .object({ url: z.string(), verifyToken: z.string(), fields: z.array(z.string()).default([...webhookFields]) })
    .nullable(),
  /** The fields that Meta does not offer to this app. */
  refusedFields: z.array(z.string()).default([]),
  /** Whether each call of its tokens needs a proof: the switch Require App Secret. */
  requiresSecret: z.boolean().default(false),
});

const token = z.object({
  token: z.string(),
  app: z.string(),
  accounts: z.array(z.string()),
  scopes: z.array(z.string()),
  /** In milliseconds; null for one without an end. */
  expiresAt: z.number().nullable(),
});

const number = z.object({
  id: z.string(),
  verifiedName: z.string(),
  nameStatus: z.string(),
  quality: z.string(),
  registered: z.boolean(),
  /** The PIN of the two-step verification, where there is one. */
  pin: z.string().nullable(),
  codeVerification: z.string().default('VERIFIED'),
  /** Null: it follows from the registration. */
  status: z.string().nullable().default(null),
  mode: z.string().default('LIVE'),
  isOnBusinessApp: z.boolean().default(false),
  canSend: z.string().default('AVAILABLE'),
  /** When it was registered lately, in milliseconds. */
  registrations: z.array(z.number()).default([]),
});

const account = z.object({
  id: z.string(),
  name: z.string(),
  marketingOnboarding: z.string(),
  isMarketingDisabled: z.boolean(),
  /** Whether the credit line of a partner pays: Meta then tells no cost. */
  isPartnerPaying: z.boolean().default(false),
});

const subscription = z.object({
  account: z.string(),
  app: z.string(),
  override: z.string().nullable(),
});

/** An app at Meta. */
export type BusinessApp = z.infer<typeof app>;
/** An access token of an app, for some business accounts. */
export type BusinessToken = z.infer<typeof token>;
/** A number as Meta knows it. */
export type BusinessNumber = z.infer<typeof number>;
/** A business account as Meta knows it. */
export type BusinessAccount = z.infer<typeof account>;
/** An app that gets the webhooks of a business account. */
export type Subscription = z.infer<typeof subscription>;

const line = z.union([
  z.object({ app }),
  z.object({ token }),
  z.object({ number }),
  z.object({ account }),
  z.object({ subscription }),
  z.object({ unsubscribed: subscription.pick({ account: true, app: true }) }),
]);
type Line = z.infer<typeof line>;

export type Business = {
  apps(): BusinessApp[];
  app(id: string): BusinessApp | undefined;
  tokens(): BusinessToken[];
  token(token: string): BusinessToken | undefined;
  numbers(): BusinessNumber[];
  number(id: string): BusinessNumber | undefined;
  account(id: string): BusinessAccount;
  putAccount(account: BusinessAccount): void;
  subscriptions(account: string): Subscription[];
  putApp(app: BusinessApp): void;
  putToken(token: BusinessToken): void;
  putNumber(number: BusinessNumber): void;
  subscribe(subscription: Subscription): void;
  unsubscribe(account: string, app: string): void;
  close(): Promise<void>;
};

/** Reads the journal and opens it for appending. */
export const openBusiness = async (dataDir: string): Promise<Business> => {
  const path = join(dataDir, 'business.jsonl');
  const apps = new Map<string, BusinessApp>();
  const tokens = new Map<string, BusinessToken>();
  const numbers = new Map<string, BusinessNumber>();
  const accounts = new Map<string, BusinessAccount>();
  const subscriptions = new Map<string, Subscription>();
  const keyOf = (account: string, id: string) => `${account} ${id}`;
  const apply = (change: Line) => {
    if ('app' in change) apps.set(change.app.id, change.app);
    else if ('token' in change) tokens.set(change.token.token, change.token);
    else if ('number' in change) numbers.set(change.number.id, change.number);
    else if ('account' in change) accounts.set(change.account.id, change.account);
    else if ('subscription' in change)
      subscriptions.set(keyOf(change.subscription.account, change.subscription.app), change.subscription);
    else subscriptions.delete(keyOf(change.unsubscribed.account, change.unsubscribed.app));
  };
  for await (const value of readLineFile(path)) apply(line.parse(value));
  await rewriteLineFile(path, [
    ...[...apps.values()].map(each => ({ app: each })),
    ...[...tokens.values()].map(each => ({ token: each })),
    ...[...numbers.values()].map(each => ({ number: each })),
    ...[...accounts.values()].map(each => ({ account: each })),
    ...[...subscriptions.values()].map(each => ({ subscription: each })),
  ]);
  const journal = await openLineFile(path);
  const record = (change: Line) => {
    apply(change);
    journal.note(change);
  };
  return {
    apps: () => [...apps.values()],
    app: id => apps.get(id),
    tokens: () => [...tokens.values()],
    token: text => tokens.get(text),
    numbers: () => [...numbers.values()],
    number: id => numbers.get(id),
    account: id =>
      accounts.get(id) ?? {
        id,
        name: 'Simulated business',
        marketingOnboarding: 'ELIGIBLE',
        isMarketingDisabled: false,
        isPartnerPaying: false,
      },
    putAccount: each => record({ account: each }),
    subscriptions: account => [...subscriptions.values()].filter(each => each.account === account),
    putApp: each => record({ app: each }),
    putToken: each => record({ token: each }),
    putNumber: each => record({ number: each }),
    subscribe: each => record({ subscription: each }),
    unsubscribe: (account, id) => record({ unsubscribed: { account, app: id } }),
    close: journal.close,
  };
};

/** Where the webhooks of a business account go, each signed with the secret of its app. */
export type Target = { url: string; secret: string };

/** The targets of a field of a business account; undefined where no app of this store is subscribed. */
export const targetsOf = (business: Business, account: string, field: string): Target[] | undefined => {
  const subscribed = business.subscriptions(account);
  if (subscribed.length === 0) return undefined;
  return subscribed.flatMap(({ app: id, override }) => {
    const owner = business.app(id);
    if (!owner?.callback?.fields.includes(field)) return [];
    const url = override !== null && isOverridable(field) ? override : owner.callback.url;
    return [{ url, secret: owner.secret }];
  });
};
