// Who calls too often: limits for each caller and workspace, and for addresses whose credentials are not good.
import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { refuseCommon } from '../../kit/errors.ts';
import { type Allowance, type RateLimit, rateLimit } from '../../kit/http/rate-limit.ts';
import type { Caller } from '../../kit/http/routes.ts';
import { networkOf } from '../../kit/net/network.ts';

/**
 * In requests: for each caller and for each workspace in ten seconds, failures of each address in a minute; 0 is no limit.
 * Without one of failures there is none of requests without credentials.
 */
export interface RateLimitSettings {
  caller: number;
  workspace: number;
  failures: number;
}

export interface RateLimits {
  /** Refuses an address that failed too often, unless these credentials were good lately. @throws AppError */
  demandCredit(request: FastifyRequest): void;
  /** Counts a request of somebody who is not known yet, by the address that it comes from. @throws AppError */
  knock(request: FastifyRequest): void;
  /** Counts credentials that were not good. */
  failed(request: FastifyRequest): void;
  /** Counts a request of a caller, and says in the answer what is left. @throws AppError */
  admit(caller: Caller, request: FastifyRequest, reply: FastifyReply): void;
}

const seconds = 10;
const mostRemembered = 10_000;
/** At once, and within so many seconds after that: for a whole office behind one address, and no load. */
const knocks = { most: 100, seconds: 5 };

/**
 * Makes the limits of this process: each node counts for itself. `now` tells milliseconds, and `credentialOf` the token or
 * the key of a request.
 */
export function rateLimits(
  settings: RateLimitSettings,
  now: () => number,
  credentialOf: (request: FastifyRequest) => string | undefined,
): RateLimits {
  const limitOf = (most: number, within: number): RateLimit | undefined =>
    most > 0 ? rateLimit({ most, seconds: within }, now) : undefined;
  const failures = limitOf(settings.failures, 60);
  const strangers = failures && rateLimit(knocks, now);
  const walls = [
    {
      name: 'caller',
      most: settings.caller,
      limit: limitOf(settings.caller, seconds),
      of: (caller: Caller) => caller.id,
    },
    {
      name: 'workspace',
      most: settings.workspace,
      limit: limitOf(settings.workspace, seconds),
      of: (caller: Caller) => caller.workspaceId,
    },
  ].flatMap(({ limit, ...wall }) => (limit ? [{ ...wall, limit }] : []));
  const policy = walls.map(({ name, most }) => `"${name}";q=${most};w=${seconds}`).join(', ');
  // As hashes, so that no memory of the process has a list of what is good.
  const goodLately = new Set<string>();
  const hashOf = (request: FastifyRequest) => hash('sha256', credentialOf(request) ?? '', 'base64');

  return {
    demandCredit(request) {
      // Where no address has failed, there is nothing to ask.
      if (!failures || failures.size() === 0) return;
      const { allowed, nextIn } = failures.look(networkOf(request.ip));
      if (!allowed && !goodLately.has(hashOf(request)))
        throw tooMany('Too many requests from this address had no good credentials.', nextIn);
    },
    knock(request) {
      const left = strangers?.take(networkOf(request.ip));
      if (left && !left.allowed) throw tooMany('Too many requests from this address had no credentials.', left.nextIn);
    },
    failed(request) {
      if (!failures) return;
      goodLately.delete(hashOf(request));
      failures.take(networkOf(request.ip));
    },
    admit(caller, request, reply) {
      if (failures) {
        if (goodLately.size >= mostRemembered) goodLately.clear();
        goodLately.add(hashOf(request));
      }
      if (walls.length === 0) return;
      const full = walls.filter(({ limit, of }) => !limit.look(of(caller)).allowed);
      // Who is refused by one wall does not use up the other.
      const isFull = full.length > 0;
      const left = walls.map(({ name, limit, of }) => ({
        name,
        allowance: isFull ? limit.look(of(caller)) : limit.take(of(caller)),
      }));
      reply.header('ratelimit-policy', policy);
      reply.header('ratelimit', left.map(({ name, allowance }) => `"${name}";${inWords(allowance)}`).join(', '));
      if (!isFull) return;
      const wait = Math.max(...left.map(({ allowance }) => allowance.nextIn));
      throw tooMany(`The limit of the ${full.map(({ name }) => name).join(' and of the ')} is reached.`, wait);
    },
  };
}

const inWords = ({ left, fullIn }: Allowance) => `r=${left};t=${fullIn}`;

const tooMany = (what: string, retryAfterSeconds: number) =>
  refuseCommon('rate_limited', `${what} Try again in ${retryAfterSeconds} seconds.`, { retryAfterSeconds });
