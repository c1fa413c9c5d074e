// The calls of the gateway about an open session.
import { S_WHATSAPP_NET, type WASocket } from 'baileys';
import type { Log } from '../../log.ts';
import type { ProcessSettings, SessionCall, SessionCalls } from '../../protocol.ts';
import { fetchFile, uploadFile } from './media.ts';
import type { Sender } from './send.ts';
import type { Targets } from './targets.ts';

interface CallParts {
  sock: WASocket;
  sender: Sender;
  targets: Targets;
  settings: ProcessSettings;
  log: Log;
}

type Handlers = {
  [Name in SessionCall]: (args: SessionCalls[Name]['args']) => Promise<SessionCalls[Name]['result']>;
};

const doneOrAgain = async (work: Promise<unknown>): Promise<'done' | 'try_again'> => {
  try {
    await work;
    return 'done';
  } catch {
    return 'try_again';
  }
};

/** The handlers of the calls, by name. */
export const createCalls = ({ sock, sender, targets, settings, log }: CallParts): Handlers => ({
  send: args => sender.send(args),
  upload: args => uploadFile({ sock, settings, log }, args),
  fetch: args => fetchFile({ sock, settings, log }, args),
  markRead: ({ keys }) =>
    doneOrAgain(sock.readMessages(keys.map(key => ({ ...key, participant: key.participant ?? null })))),
  async showTyping({ to, isTyping }) {
    const jid = await targets.known(to);
    return doneOrAgain(sock.sendPresenceUpdate(isTyping ? 'composing' : 'paused', jid));
  },
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
