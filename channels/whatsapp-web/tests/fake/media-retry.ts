// A companion misses a file: its phone uploads the file again, and says where.
import { randomBytes } from 'node:crypto';
import { aesEncryptGCM, type BinaryNode, hkdf, proto } from 'baileys';
import type { Device } from './accounts.ts';
import type { ChatMessage } from './chat-message.ts';
import type { MediaKind, MediaServer } from './media.ts';
import { child, node } from './nodes.ts';
import { notify } from './router.ts';

const { ResultType } = proto.MediaRetryNotification;

/** Answers a request for a file. Without `message` the phone does not have it either. */
export function answerMediaRetry(
  media: MediaServer,
  device: Device,
  request: BinaryNode,
  message: ChatMessage | undefined,
): void {
  const { id = '' } = request.attrs;
  const about = child(request, 'rmr');
  const own = device.account.jid('pn');
  const tell = (part: BinaryNode) => notify(device, 'mediaretry', { id, from: own }, about ? [about, part] : [part]);
  const found = message && uploadAgain(media, message);
  if (!found) {
    tell(node('error', { code: String(ResultType.NOT_FOUND) }));
    return;
  }
  const answer = proto.MediaRetryNotification.encode({
    stanzaId: id,
    directPath: found.directPath,
    result: ResultType.SUCCESS,
  }).finish();
  const key = Buffer.from(hkdf(Buffer.from(found.mediaKey), 32, { info: 'WhatsApp Media Retry Notification' }));
  const iv = randomBytes(12);
  const sealed = aesEncryptGCM(answer, key, iv, Buffer.from(id));
  tell(node('encrypt', {}, [node('enc_p', {}, sealed), node('enc_iv', {}, iv)]));
}

function uploadAgain(media: MediaServer, message: ChatMessage) {
  const kind = message.kind?.replace('Message', '') as MediaKind;
  const part = message.content?.[`${kind as 'image'}Message`];
  const plain = media.originals.get(part?.directPath ?? '');
  return part?.mediaKey && plain ? media.upload(plain, kind, part.mediaKey) : undefined;
}
