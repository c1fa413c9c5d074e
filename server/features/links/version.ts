// The version of WhatsApp Web as a text and as numbers.
import type { WebVersion } from '../../ports/gateway.ts';
import type { WebVersionSetting } from './version-store.ts';

/** The numbers of a version. */
export function readVersion(text: string): WebVersion {
  const [major = 0, minor = 0, patch = 0] = text.split('.').map(Number);
  return [major, minor, patch];
}

/** Until when the version is known to be good, in Unix milliseconds: since it is used, or since WhatsApp had none newer. */
export const confirmedAt = ({ since, read_at }: WebVersionSetting): number =>
  Math.max(since.getTime(), read_at?.getTime() ?? 0);

/** After so long a version is old: WhatsApp rejects old ones for new links. */
export const oldAfterMs = 60 * 86_400_000;
