// The end of a link at WhatsApp, from our side.
import { S_WHATSAPP_NET, type WASocket } from 'baileys';
import { statusOf } from '../errors.ts';

/** How long WhatsApp may take to confirm. */
const logoutMs = 20_000;

const loggedOutCode = 401;

/** Removes this device from the phone. Returns whether WhatsApp confirmed it: the library itself does not wait for that. */
export const logOut = async (sock: Pick<WASocket, 'query' | 'authState'>): Promise<boolean> => {
  const jid = sock.authState.creds.me?.id;
  if (!jid) return true;
  const content = [{ tag: 'remove-companion-device', attrs: { jid, reason: 'user_initiated' } }];
  try {
    const attrs = { to: S_WHATSAPP_NET, type: 'set', xmlns: 'md' };
    return (await sock.query({ tag: 'iq', attrs, content }, logoutMs)) !== undefined;
  } catch (error) {
    return statusOf(error) === loggedOutCode;
  }
};
