// The calls of the gateway about an open session.
import { S_WHATSAPP_NET, type WASocket } from 'baileys';
import type { Log } from '../log.ts';
import type { ProcessSettings, SessionCall, SessionCalls } from '../protocol.ts';
import { fetchFile, uploadFile } from './media.ts';
import type { Sender } from './send.ts';

interface CallParts {
  sock: WASocket;
  sender: Sender;
  settings: ProcessSettings;
  log: Log;
}

type Handlers = {
  [Name in SessionCall]: (args: SessionCalls[Name]['args']) => Promise<SessionCalls[Name]['result']>;
};

const jidOf = (to: string): string => (to.includes('@') ? to : `${to.replace(/\D/g, '')}@s.whatsapp.net`);

const doneOrAgain = async (work: Promise<unknown>): Promise<'done' | 'try_again'> => {
  try {
    await work;
    return 'done';
  } catch {
    return 'try_again';
  }
};

/** The handlers of the calls, by name. */
export const createCalls = ({ sock, sender, settings, log }: CallParts): Handlers => ({
  send: args => sender.send(args),
  upload: args => uploadFile({ sock, settings, log }, args),
  fetch: args => fetchFile({ sock, settings, log }, args),
  markRead: ({ keys }) =>
    doneOrAgain(sock.readMessages(keys.map(key => ({ ...key, participant: key.participant ?? null })))),
  showTyping: ({ to, isTyping }) => doneOrAgain(sock.sendPresenceUpdate(isTyping ? 'composing' : 'paused', jidOf(to))),
  async probe() {
    const attrs = { to: S_WHATSAPP_NET, type: 'get', xmlns: 'w:p' };
    try {
      const answer = await sock.query({ tag: 'iq', attrs, content: [{ tag: 'ping', attrs: {} }] }, settings.ackMs);
      return answer ? 'alive' : 'dead';
    } catch {
      return 'dead';
    }
  },
});
