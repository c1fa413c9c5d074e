// The version of WhatsApp Web as a text and as numbers.
import type { WebVersion } from '../../ports/gateway.ts';

/** The numbers of a version. */
export function readVersion(text: string): WebVersion {
  const [major = 0, minor = 0, patch = 0] = text.split('.').map(Number);
  return [major, minor, patch];
}

/** After so long a version is old: WhatsApp rejects old ones for new links. */
export const oldAfterMs = 60 * 86_400_000;
