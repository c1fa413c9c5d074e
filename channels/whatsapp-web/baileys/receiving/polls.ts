// Polls and their votes: a vote is encrypted with a secret of the poll, which the library does not keep.
import { decryptPollVote, normalizeMessageContent, type proto, sha256 } from 'baileys';
import type { KnownPoll } from '../session/own-keys.ts';

/** What to keep of a message that is a poll. Undefined if it is none. */
export const pollOf = (message: proto.IMessage, authors: readonly (string | undefined)[]): KnownPoll | undefined => {
  const content = normalizeMessageContent(message);
  const poll = content?.pollCreationMessage ?? content?.pollCreationMessageV2 ?? content?.pollCreationMessageV3;
  const secret = message.messageContextInfo?.messageSecret ?? content?.messageContextInfo?.messageSecret;
  if (!poll || !secret) return undefined;
  return {
    secret: Buffer.from(secret).toString('base64'),
    options: (poll.options ?? []).flatMap(({ optionName }) => (optionName ? [optionName] : [])),
    authors: authors.filter(jid => jid !== undefined),
  };
};

interface EncryptedVote {
  pollId: string;
  vote: proto.Message.IPollEncValue;
  /** The addresses of who voted. */
  voters: readonly (string | undefined)[];
}

/** The names of the chosen options. Undefined if the vote does not belong to this poll. */
export const readVote = (poll: KnownPoll, { pollId, vote, voters }: EncryptedVote): string[] | undefined => {
  const pollEncKey = Buffer.from(poll.secret, 'base64');
  for (const pollCreatorJid of poll.authors) {
    for (const voterJid of voters) {
      if (!voterJid) continue;
      try {
        // A vote is bound to the addresses that its sender used, by number or by LID: only the right pair decrypts.
        const read = decryptPollVote(vote, { pollCreatorJid, pollMsgId: pollId, pollEncKey, voterJid });
        const chosen = new Set(read.selectedOptions?.map(hash => Buffer.from(hash).toString('hex')));
        return poll.options.filter(name => chosen.has(sha256(Buffer.from(name)).toString('hex')));
      } catch {
        // The next pair may be the one.
      }
    }
  }
  return undefined;
};
