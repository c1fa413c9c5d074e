// Rate limits of requests: for each caller and workspace, and for addresses with bad credentials.
import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { commonProblem } from '../../kit/errors.ts';
import { type Allowance, type RateLimit, rateLimit } from '../../kit/http/rate-limit.ts';
import type { Caller } from '../../kit/http/routes.ts';
import { networkOf } from '../../kit/net/network.ts';

/**
 * In requests: per caller and per workspace in ten seconds, failures per address in a minute; 0 is unlimited. Without
 * a failure limit, requests without credentials have no limit either.
 */
export interface RateLimitSettings {
  caller: number;
  workspace: number;
  failures: number;
}

export interface RateLimits {
  /** Rejects an address with too many failures, unless these credentials recently worked. @throws AppError */
  demandCredit(request: FastifyRequest): void;
  /** Counts a request to a public route by its address. @throws AppError */
  limitPublic(request: FastifyRequest): void;
  /** Counts a request with bad credentials. */
  failed(request: FastifyRequest): void;
  /** Counts a webhook with a wrong signature. @throws AppError if its address has sent too many */
  wrongSignature(request: FastifyRequest): void;
  /** Whether an address has sent too many of them. */
  signsWrong(request: FastifyRequest): boolean;
  /** Counts a caller's request, and reports the remaining limit in the response. @throws AppError */
  admit(caller: Caller, request: FastifyRequest, reply: FastifyReply): void;
}

const seconds = 10;
const mostRemembered = 10_000;
/** A burst, and the seconds to refill it: enough for an office behind one address, and a small load. */
const publicBurst = { most: 100, seconds: 5 };

/**
 * Creates the limits of this process: each node counts for itself. `now` returns milliseconds, `credentialOf` the
 * token or key of a request.
 */
export function rateLimits(
  settings: RateLimitSettings,
  now: () => number,
  credentialOf: (request: FastifyRequest) => string | undefined,
): RateLimits {
  const limitOf = (most: number, within: number): RateLimit | undefined =>
    most > 0 ? rateLimit({ most, seconds: within }, now) : undefined;
  const failures = limitOf(settings.failures, 60);
  // Apart: where Meta signs with a secret that we do not have yet, others behind its address still get in.
  const signatures = limitOf(settings.failures, 60);
  const publicLimit = failures && rateLimit(publicBurst, now);
  const active = [
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
  ].flatMap(({ limit, ...rest }) => (limit ? [{ ...rest, limit }] : []));
  const policy = active.map(({ name, most }) => `"${name}";q=${most};w=${seconds}`).join(', ');
  // Hashes, so that no process memory holds a list of valid credentials.
  const goodLately = new Set<string>();
  const hashOf = (request: FastifyRequest) => hash('sha256', credentialOf(request) ?? '', 'base64');

  return {
    demandCredit(request) {
      // No address has failed: skip the check.
      if (!failures || failures.size() === 0) return;
      const { allowed, nextIn } = failures.look(networkOf(request.ip));
      if (!allowed && !goodLately.has(hashOf(request)))
        throw tooMany('Too many requests from this address had invalid credentials.', nextIn);
    },
    limitPublic(request) {
      const left = publicLimit?.take(networkOf(request.ip));
      if (left && !left.allowed) throw tooMany('Too many requests from this address had no credentials.', left.nextIn);
    },
    failed(request) {
      if (!failures) return;
      goodLately.delete(hashOf(request));
      failures.take(networkOf(request.ip));
    },
    wrongSignature(request) {
      const left = signatures?.take(networkOf(request.ip));
      if (left && !left.allowed)
        throw tooMany('Too many webhooks from this address had a wrong signature.', left.nextIn);
    },
    signsWrong(request) {
      if (!signatures || signatures.size() === 0) return false;
      return !signatures.look(networkOf(request.ip)).allowed;
    },
    admit(caller, request, reply) {
      if (failures) {
        if (goodLately.size >= mostRemembered) goodLately.clear();
        goodLately.add(hashOf(request));
      }
      if (active.length === 0) return;
      const full = active.filter(({ limit, of }) => !limit.look(of(caller)).allowed);
      // A request rejected by one limit does not use up the other.
      const isFull = full.length > 0;
      const left = active.map(({ name, limit, of }) => ({
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
  commonProblem('rate_limited', `${what} Try again in ${retryAfterSeconds} seconds.`, { retryAfterSeconds });
