// The round trip through the public address: a request with a nonce, and an answer that only this installation can give. It
// stands beside the webhooks, so it passes what they pass.
import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { deriveKey } from '../../kit/crypto/secrets.ts';
import type { Server } from '../../kit/http/routes.ts';

export const reachPath = '/webhooks/reach';

export const answerTo = (secretKey: string, nonce: string): string =>
  createHmac('sha256', deriveKey(secretKey, 'reach')).update(nonce).digest('hex');

const body = z.strictObject({ nonce: z.string().regex(/^[0-9a-f]{32}$/) });

/** Answers the round trip. */
export function reachRoute(app: Server, secretKey: string): void {
  app.post(reachPath, { config: { public: true }, schema: { hide: true, body } }, async request => ({
    answer: answerTo(secretKey, request.body.nonce),
  }));
}
