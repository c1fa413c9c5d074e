// What a process of the baseline is told when it is started.
export interface BaselineSettings {
  databaseUrl: string;
  redisUrl: string;
  /** The key that access tokens are signed with, as Recado's SECRET_KEY. */
  secretKey: string;
  /** The key that webhooks are signed with. */
  appSecret: string;
  /** The Graph API with its version. */
  channelUrl: string;
  port: number;
  roles: ('api' | 'worker')[];
  /** How many jobs the worker takes at once. */
  concurrency: number;
}
