// Our own links to a file. Anyone with a link can read the file until the link expires. Links are not stored.
import { bytesOfUuid, signedTokens, uuidOfBytes } from '../../../kit/crypto/signed-token.ts';

/** What a link grants. */
export interface LinkClaim {
  workspaceId: string;
  mediaId: string;
  /** Seconds since 1970. */
  expires: number;
}

export interface FileLinks {
  sign(claim: LinkClaim): string;
  /** Verifies a token; undefined if it is not ours. The caller checks the expiry. */
  read(token: string): LinkClaim | undefined;
}

const claimBytes = 16 + 16 + 6;

/** Signs and verifies links with SECRET_KEY; links of earlier keys are valid too. */
export function fileLinks(secretKey: string, earlierKeys: readonly string[] = []): FileLinks {
  const tokens = signedTokens('links to media', claimBytes, secretKey, earlierKeys);
  return {
    sign({ workspaceId, mediaId, expires }) {
      const time = Buffer.alloc(6);
      time.writeUIntBE(expires, 0, 6);
      return tokens.sign(Buffer.concat([bytesOfUuid(workspaceId), bytesOfUuid(mediaId), time]));
    },
    read(token) {
      const claim = tokens.read(token);
      return (
        claim && {
          workspaceId: uuidOfBytes(claim.subarray(0, 16)),
          mediaId: uuidOfBytes(claim.subarray(16, 32)),
          expires: claim.readUIntBE(32, 6),
        }
      );
    },
  };
}
