// Links to the page where a person leaves the offers of a workspace. They name the person, do not expire and are not stored.
import { bytesOfUuid, signedTokens, uuidOfBytes } from '../../kit/crypto/signed-token.ts';

export interface PersonClaim {
  workspaceId: string;
  contactId: string;
}

export interface OptOutLinks {
  sign(claim: PersonClaim): string;
  /** Verifies a token; undefined if it is not ours. */
  read(token: string): PersonClaim | undefined;
}

/** Signs and verifies links with SECRET_KEY; links of earlier keys are valid too. */
export function optOutLinks(secretKey: string, earlierKeys: readonly string[] = []): OptOutLinks {
  const tokens = signedTokens('links to opt out', 32, secretKey, earlierKeys);
  return {
    sign: ({ workspaceId, contactId }) =>
      tokens.sign(Buffer.concat([bytesOfUuid(workspaceId), bytesOfUuid(contactId)])),
    read(token) {
      const claim = tokens.read(token);
      return (
        claim && { workspaceId: uuidOfBytes(claim.subarray(0, 16)), contactId: uuidOfBytes(claim.subarray(16, 32)) }
      );
    },
  };
}
