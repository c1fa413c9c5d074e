// The handshake in which a callback proves that it knows the verify token.
import { randomInt } from 'node:crypto';

/** Whether the callback answers the challenge; false if there is none or it cannot be reached. */
export const verifyCallback = async (
  callbackUrl: string | null,
  verifyToken: string,
  challenge = String(randomInt(100_000_000, 1_000_000_000)),
): Promise<boolean> => {
  if (callbackUrl === null) return false;
  const url = new URL(callbackUrl);
  url.searchParams.set('hub.mode', 'subscribe');
  url.searchParams.set('hub.challenge', challenge);
  url.searchParams.set('hub.verify_token', verifyToken);
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(10_000) });
    const answered = await response.text();
    return response.status === 200 && answered === challenge;
  } catch {
    return false;
  }
};
