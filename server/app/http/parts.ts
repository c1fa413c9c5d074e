// Parts of the HTTP server that features share.
import type { FastifyRequest } from 'fastify';
import type { CookieSessions, LogInNeeds } from '../../features/auth/index.ts';
import type { Caller } from '../../kit/http/routes.ts';
import type { admission, standing } from './authenticate.ts';
import type { RateLimits } from './rate-limits.ts';

export interface HttpParts {
  authenticate: (request: FastifyRequest) => Promise<Caller | undefined>;
  /** How connections that stay open are admitted, and how their callers are looked up again. */
  connecting: ReturnType<typeof standing> & { admit: ReturnType<typeof admission> };
  limits: RateLimits;
  cookies: CookieSessions;
  logIn: LogInNeeds;
}
