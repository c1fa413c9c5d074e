// The meaning of an inbound message for opt-outs: a word that acts, or a suggestion for its readers.
import type { IncomingMessage } from '../../ports/channel.ts';
import { nearMissIn } from './near-misses.ts';
import { type FoundWord, type OwnWords, wordIn } from './words.ts';

export interface Meaning {
  /** It stops or starts messages. */
  word?: FoundWord & { source: 'word' | 'button' };
  /** The phrase that may mean an opt-out. */
  suggestion?: string;
}

type Incoming = Pick<IncomingMessage, 'direction' | 'type' | 'content' | 'groupId' | 'change' | 'isImported'>;

const textsOf = ({ type, content }: Incoming): unknown[] => {
  if (type === 'text') return [Object(content).body];
  return type === 'button' ? [Object(content).payload, Object(content).text] : [];
};

/** The meaning of a message of a person to us. Words of imported history are old: they never act. */
export function meaningOf(message: Incoming, own: OwnWords | null): Meaning | undefined {
  if (message.direction !== 'inbound' || message.groupId !== undefined || message.change !== undefined)
    return undefined;
  const texts = textsOf(message).filter(text => typeof text === 'string');
  for (const text of texts) {
    const word = wordIn(text, own, message.type === 'button');
    if (word && !message.isImported)
      return { word: { ...word, source: message.type === 'button' ? 'button' : 'word' } };
    if (word?.action === 'stop') return { suggestion: word.word };
  }
  if (message.type !== 'text' || texts[0] === undefined) return undefined;
  const suggestion = nearMissIn(texts[0]);
  return suggestion === undefined ? undefined : { suggestion };
}
