// The settings of a baseline process.
export interface BaselineSettings {
  databaseUrl: string;
  redisUrl: string;
  /** The key that signs access tokens, like Recado's SECRET_KEY. */
  secretKey: string;
  /** The key that signs webhooks. */
  appSecret: string;
  /** The Graph API base URL with its version. */
  channelUrl: string;
  port: number;
  roles: ('api' | 'worker')[];
  /** How many jobs the worker runs at once. */
  concurrency: number;
}
