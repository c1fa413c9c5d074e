// The messages of the past that a phone hands to a companion that was just linked.
import { deflateSync } from 'node:zlib';
import { proto } from 'baileys';
import type { Account } from './accounts.ts';
import type { MediaServer } from './media.ts';

/** A message of the past. */
export interface HistoryItem {
  /** The other person of the conversation. */
  with: { account: Account };
  isOwn?: boolean;
  text?: string;
  /** Any protobuf, instead of a text. */
  content?: proto.IMessage;
  id: string;
  /** Unix time in seconds. */
  at: number;
  /** After how many seconds messages of the conversation disappear, since the time of this one. */
  timer?: number;
}

/** The message that brings a companion its history: within it, or as a file at the media server. */
export function historyMessage(
  media: MediaServer,
  owner: Account,
  items: HistoryItem[],
  isInline: boolean,
): proto.IMessage {
  const syncType = proto.HistorySync.HistorySyncType.RECENT;
  const others = [...new Set(items.map(item => item.with.account))];
  const history = proto.HistorySync.encode({
    syncType,
    progress: 100,
    chunkOrder: 1,
    conversations: others.map(other => conversation(other, items)),
    pushnames: others.map(other => ({ id: other.jid('pn'), pushname: other.name })),
    phoneNumberToLidMappings: [owner, ...others].map(each => ({ pnJid: each.jid('pn'), lidJid: each.jid('lid') })),
  }).finish();
  const packed = deflateSync(history);
  const place = isInline ? { initialHistBootstrapInlinePayload: packed } : placeOf(media.upload(packed, 'history'));
  return {
    protocolMessage: {
      type: proto.Message.ProtocolMessage.Type.HISTORY_SYNC_NOTIFICATION,
      historySyncNotification: { syncType, progress: 100, chunkOrder: 1, ...place },
    },
  };
}

const placeOf = ({ url: _, ...fields }: ReturnType<MediaServer['upload']>) => fields;

function conversation(other: Account, items: HistoryItem[]): proto.IConversation {
  const jid = other.jid('pn');
  const messages = items
    .filter(item => item.with.account === other)
    .sort((a, b) => b.at - a.at)
    .map((item, index) => ({
      msgOrderId: index + 1,
      message: {
        key: { remoteJid: jid, fromMe: item.isOwn ?? false, id: item.id },
        message: item.content ?? { conversation: item.text ?? '' },
        messageTimestamp: item.at,
        ...(item.isOwn && { status: proto.WebMessageInfo.Status.READ }),
        ...(!item.isOwn && { pushName: other.name }),
      },
    }));
  const timed = items.find(item => item.with.account === other && item.timer !== undefined);
  const timer = timed && { ephemeralExpiration: timed.timer ?? 0, ephemeralSettingTimestamp: timed.at };
  return { id: jid, name: other.name, lidJid: other.jid('lid'), messages, ...timer };
}
