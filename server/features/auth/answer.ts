// The response to a new session: tokens, or cookies that contain them.
import type { CookieSession, Tokens } from '@recado/contract';
import type { FastifyReply } from 'fastify';
import type { CookieSessions } from './cookies.ts';
import type { Opened } from './log-in.ts';

export function answerSession(
  cookies: CookieSessions,
  reply: FastifyReply,
  { tokens, sessionId }: Opened,
  inCookies: boolean,
): Tokens | CookieSession {
  reply.header('cache-control', 'no-store');
  if (!inCookies) return tokens;
  return { csrf_token: cookies.set(reply, tokens, sessionId), expires_in: tokens.expires_in };
}
