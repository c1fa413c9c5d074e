// Access tokens: signed with Ed25519, valid for 15 minutes. They name the session; its rights are read at each
// request.
import { jwtVerify, SignJWT } from 'jose';
import { deriveSigningKey } from '../../kit/crypto/secrets.ts';
import type { Clock } from '../../kit/time.ts';

export const accessTokenSeconds = 15 * 60;
const issuer = 'recado';
const audience = 'recado-api';
const mostRemembered = 10_000;

export interface TokenSubject {
  personId: string;
  workspaceId: string;
  sessionId: string;
}

export interface AccessTokens {
  sign(subject: TokenSubject): Promise<string>;
  /** The session (UUID) of a token; undefined if the token is not ours or has expired. */
  verify(token: string): Promise<string | undefined>;
}

/**
 * Signs and verifies access tokens with a key derived from SECRET_KEY; tokens of earlier secret keys are valid too.
 * Caches verified signatures: a verification costs more than most requests.
 */
export function accessTokens(secretKey: string, clock: Clock, earlierKeys: readonly string[] = []): AccessTokens {
  const [key, ...earlier] = [secretKey, ...earlierKeys].map(text => deriveSigningKey(text, 'access tokens 1'));
  if (!key) throw new Error('access tokens need a key');
  const publicKeys = new Map([key, ...earlier].map(({ id, publicKey }) => [id, publicKey]));
  /** By token: its session and its expiry in seconds. */
  const verified = new Map<string, { sessionId: string; exp: number }>();

  async function read(token: string) {
    const { payload } = await jwtVerify(
      token,
      ({ kid }) => {
        const publicKey = publicKeys.get(kid ?? '');
        if (!publicKey) throw new Error('no such key');
        return publicKey;
      },
      {
        algorithms: ['EdDSA'],
        issuer,
        audience,
        typ: 'at+jwt',
        requiredClaims: ['exp', 'iat', 'sub', 'sid'],
        currentDate: new Date(clock.now()),
      },
    );
    const { sid, exp } = payload;
    if (typeof sid !== 'string' || !uuid.test(sid) || exp === undefined) return undefined;
    return { sessionId: sid, exp };
  }

  return {
    sign: ({ personId, workspaceId, sessionId }) =>
      new SignJWT({ wsp: workspaceId, sid: sessionId })
        .setProtectedHeader({ alg: 'EdDSA', kid: key.id, typ: 'at+jwt' })
        .setSubject(personId)
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(Math.floor(clock.now() / 1000))
        .setExpirationTime(Math.floor(clock.now() / 1000) + accessTokenSeconds)
        .sign(key.privateKey),
    async verify(token) {
      const now = clock.now() / 1000;
      const known = verified.get(token);
      if (known) return known.exp > now ? known.sessionId : undefined;
      try {
        const found = await read(token);
        if (!found) return undefined;
        if (verified.size >= mostRemembered) verified.clear();
        verified.set(token, found);
        return found.sessionId;
      } catch {
        // jose reports many kinds of failure; callers learn none of them.
        return undefined;
      }
    },
  };
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
