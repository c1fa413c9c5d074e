// Whether a number is on WhatsApp: asked once, kept for days. A message to nobody would seem sent.
import { jidNormalizedUser, type WASocket } from 'baileys';
import type { Gateway } from '../driver.ts';
import { type KnownNumber, readOwnKey, writeOwnKey } from './own-keys.ts';

const dayMs = 86_400_000;
/** Somebody who was not on WhatsApp may join soon. */
const memberMs = 14 * dayMs;
const strangerMs = dayMs / 4;

/** Whether an answer is recent enough to rely on. */
export const isRecent = ({ jid, at }: KnownNumber, now: number): boolean =>
  now - at < (jid === null ? strangerMs : memberMs);

/**
 * The address of a number at WhatsApp, which may be another number (as in Brazil and Mexico).
 * Null: it is not on WhatsApp. Undefined: WhatsApp did not answer.
 */
export const findNumber = async (
  digits: string,
  onWhatsApp: WASocket['onWhatsApp'],
  gateway: Gateway,
): Promise<string | null | undefined> => {
  const known = await readOwnKey(gateway, 'known-number', digits);
  if (known && isRecent(known, Date.now())) return known.jid;
  const answer = await onWhatsApp(digits);
  if (!answer) return undefined;
  // Numbers that are not on WhatsApp are missing in the answer.
  const member = answer.find(({ exists }) => exists);
  const jid = member ? jidNormalizedUser(member.jid) : null;
  await writeOwnKey(gateway, 'known-number', digits, { jid, at: Date.now() });
  return jid;
};
