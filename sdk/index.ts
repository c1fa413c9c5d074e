// @recado/client: the API of Recado for TypeScript and JavaScript.
export { Recado } from './client.ts';
export * from './errors.ts';
export type * from './generated/types.ts';
export { List, type Page } from './list.ts';
export type { StreamOptions } from './stream.ts';
export type { CreateOptions, RecadoOptions, RequestOptions, Timers } from './transport.ts';
export { WaitError, type WaitOptions, type WaitStatus } from './wait.ts';
export { type VerifyOptions, verifyWebhook, type WebhookHeaders } from './webhooks.ts';
