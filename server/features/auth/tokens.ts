// Access tokens: signed with Ed25519, good for 15 minutes, naming the person, the workspace and the role.
import { type Role, rolePermissions } from '@recado/contract';
import { jwtVerify, SignJWT } from 'jose';
import type { Caller } from '../../kit/http.ts';
import { deriveSigningKey } from '../../kit/secrets.ts';
import type { Clock } from '../../kit/time.ts';

export const accessTokenSeconds = 15 * 60;
const issuer = 'recado';
const audience = 'recado-api';

export interface AccessTokens {
  sign(caller: Caller): Promise<string>;
  /** The caller of a token; undefined for any token that is not ours, or not good any more. */
  verify(token: string): Promise<Caller | undefined>;
}

/** Makes and reads access tokens with the key that follows from SECRET_KEY. */
export function accessTokens(secretKey: string, clock: Clock): AccessTokens {
  const key = deriveSigningKey(secretKey, 'access tokens 1');
  return {
    sign: caller =>
      new SignJWT({ wsp: caller.workspaceId, role: caller.role })
        .setProtectedHeader({ alg: 'EdDSA', kid: key.id, typ: 'at+jwt' })
        .setSubject(caller.personId)
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(Math.floor(clock.now() / 1000))
        .setExpirationTime(Math.floor(clock.now() / 1000) + accessTokenSeconds)
        .sign(key.privateKey),
    async verify(token) {
      try {
        const { payload, protectedHeader } = await jwtVerify(token, key.publicKey, {
          algorithms: ['EdDSA'],
          issuer,
          audience,
          typ: 'at+jwt',
          requiredClaims: ['exp', 'iat', 'sub'],
          currentDate: new Date(clock.now()),
        });
        const { sub, wsp, role } = payload;
        if (protectedHeader.kid !== key.id || typeof sub !== 'string' || typeof wsp !== 'string') return undefined;
        if (typeof role !== 'string' || !(role in rolePermissions)) return undefined;
        return { personId: sub, workspaceId: wsp, role: role as Role };
      } catch {
        // jose tells apart many ways to be wrong; a caller is told none of them.
        return undefined;
      }
    },
  };
}
