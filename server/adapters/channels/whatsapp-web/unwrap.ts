// Takes a message out of what WhatsApp wraps around it.
import { asRecord } from '../json.ts';
import type { Json } from './values.ts';

/** The wrappers that only say how their message is shown. */
const wrappers = [
  'ephemeralMessage',
  'viewOnceMessage',
  'viewOnceMessageV2',
  'viewOnceMessageV2Extension',
  'documentWithCaptionMessage',
  'deviceSentMessage',
  'groupMentionedMessage',
  'botInvokeMessage',
  'associatedChildMessage',
  'groupStatusMentionMessage',
  'lottieStickerMessage',
  'editedMessage',
] as const;

/** Wrappers in wrappers; more is no message of WhatsApp's apps. */
const deepest = 10;

/** The message inside of all wrappers. */
export function unwrapped(message: Json): Json {
  let inner = message;
  for (let depth = 0; depth < deepest; depth++) {
    const wrapper = wrappers.find(name => asRecord(asRecord(inner[name])?.message));
    if (!wrapper) return inner;
    inner = asRecord(asRecord(inner[wrapper])?.message) ?? {};
  }
  return inner;
}
