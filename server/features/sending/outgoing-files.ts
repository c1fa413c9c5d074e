// What the send lane does with files: it has them brought to the channel, and gives their messages back meanwhile.
import type { MessageContent, MessageType } from '@recado/contract';
import type { Database } from '../../kit/db/database.ts';
import type { Logger } from '../../kit/log.ts';
import type { Clock } from '../../kit/time.ts';
import type { Outcome } from '../../ports/channel.ts';
import type { ChannelUploads } from '../media/index.ts';
import { attachedFiles, type ClaimedMessage, forChannel, formatOf } from '../messages/index.ts';
import { releaseFile } from '../queue/index.ts';
import type { NoCall } from './store.ts';

/** A content to send, or the outcome to record instead of a call. */
export type Prepared =
  | { content: MessageContent<MessageType>; channelMediaIds: readonly string[] }
  | { instead: NoCall | Outcome; recorded: () => void };

export interface OutgoingFiles {
  prepare(message: ClaimedMessage, accountId: string): Promise<Prepared>;
  /** What the answer of the channel means, where it is that it does not know the file. */
  heard(outcome: Outcome | NoCall, accountId: string, channelMediaIds: readonly string[]): Promise<Outcome | NoCall>;
}

export interface OutgoingFileNeeds {
  db: Database;
  clock: Clock;
  log: Logger;
  uploads: ChannelUploads;
  wake: (kind: string, key: string) => void;
}

const uploading = { code: 'media_uploading', title: 'The file is not at the channel yet.' };

/** How long a released message waits for its file, unless the upload wakes it earlier. */
const waitMs = 30_000;

export function outgoingFiles({ db, clock, log, uploads, wake }: OutgoingFileNeeds): OutgoingFiles {
  async function release(messageId: string, accountId: string): Promise<void> {
    try {
      await releaseFile(db, messageId, clock.sqlNow());
      wake('send', accountId);
    } catch (error) {
      log.warn({ err: error, message: messageId }, 'a message was not woken for its file; it tries again later');
    }
  }

  const later = (code: string, title: string): NoCall => ({ class: 'file_pending', code, title, waitMs });

  return {
    async prepare(message, accountId) {
      const kinds = new Map(attachedFiles(message.type, message.content).map(({ id, kind }) => [id, kind]));
      if (kinds.size === 0) return { content: message.content, channelMediaIds: [] };
      const { message_id: messageId, channel, phone_number_id: numberId } = message;
      try {
        const format = formatOf(message.type, message.content);
        const ready = new Map<string, { channelMediaId: string; fileName: string | undefined }>();
        for (const [mediaId, kind] of kinds) {
          const file = await uploads.bring({ messageId, accountId, channel, numberId, mediaId, kind, format });
          if (file.state === 'failed') return { instead: file.trouble, recorded: () => {} };
          if (file.state === 'ready') ready.set(mediaId, file);
          else {
            const { ended, hindrance } = file;
            // Only after the message is released: the upload may have ended by then.
            const recorded = () =>
              void ended.then(({ lookAgain }) => (lookAgain ? release(messageId, accountId) : undefined));
            const { code, title } = hindrance ?? uploading;
            return { instead: later(code, title), recorded };
          }
        }
        return {
          content: forChannel(message.type, message.content, ready),
          channelMediaIds: [...ready.values()].map(file => file.channelMediaId),
        };
      } catch (error) {
        // No call was begun, and the message must not look as if one had been.
        log.warn({ err: error, message: messageId }, 'the file of a message could not be looked up');
        return { instead: later('media_not_looked_up', 'The file could not be looked up.'), recorded: () => {} };
      }
    },
    async heard(outcome, accountId, channelMediaIds) {
      if (outcome.class !== 'rejected' || !outcome.unknownMedia) return outcome;
      try {
        // The channel would reject a fresh upload again.
        let isFresh = true;
        for (const id of channelMediaIds) isFresh = (await uploads.forgetUploadId(accountId, id)).isFresh && isFresh;
        return isFresh ? outcome : { class: 'file_expired', code: outcome.code, title: outcome.title };
      } catch (error) {
        // The id is still stored, so the next call is rejected in the same way and deletes it then.
        log.warn({ err: error }, 'an id that the channel does not know could not be forgotten');
        return { class: 'file_expired', code: outcome.code, title: outcome.title };
      }
    },
  };
}
