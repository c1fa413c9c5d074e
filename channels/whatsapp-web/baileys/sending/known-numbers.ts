// Whether a number is on WhatsApp: asked once, kept for days. A message to nobody would seem sent.
import { jidNormalizedUser, type WASocket } from 'baileys';
import type { Gateway } from '../../driver.ts';
import { type KnownNumber, readOwnKey, writeOwnKey } from '../session/own-keys.ts';

const dayMs = 86_400_000;
/** Somebody who was not on WhatsApp may join soon. */
const memberMs = 14 * dayMs;
const strangerMs = dayMs / 4;

/** Whether an answer is recent enough to rely on. */
export const isRecent = ({ jid, at }: KnownNumber, now: number): boolean =>
  now - at < (jid === null ? strangerMs : memberMs);

/** The questions about a number that WhatsApp answers. */
export interface NumberQueries {
  onWhatsApp: WASocket['onWhatsApp'];
  /** The LID of an address by number; undefined if there is none, or no answer. */
  lidOf(jid: string): Promise<string | undefined>;
}

/**
 * The addresses of a number at WhatsApp, which may know the person by another number (as in Brazil and Mexico).
 * A null `jid`: the number is not on WhatsApp. Undefined: WhatsApp did not answer.
 */
export const findNumber = async (
  digits: string,
  { onWhatsApp, lidOf }: NumberQueries,
  gateway: Gateway,
): Promise<KnownNumber | undefined> => {
  const known = await readOwnKey(gateway, 'known-number', digits);
  if (known && isRecent(known, Date.now())) return known;
  const answer = await onWhatsApp(digits);
  if (!answer) return undefined;
  // Numbers that are not on WhatsApp are missing in the answer.
  const member = answer.find(({ exists }) => exists);
  const jid = member ? jidNormalizedUser(member.jid) : null;
  const found: KnownNumber = { jid, lid: jid === null ? undefined : await lidOf(jid), at: Date.now() };
  await writeOwnKey(gateway, 'known-number', digits, found);
  return found;
};
