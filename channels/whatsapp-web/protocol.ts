// What a gateway and its session process say to each other over Node's IPC channel. Types only: both sides import them.

/** A version of WhatsApp Web, such as [2, 3000, 1043857760]. */
export type WebVersion = readonly [number, number, number];

/** How an account that is not linked yet gets linked. `phone` is in digits. */
export type LinkMethod = { kind: 'qr' } | { kind: 'pairing_code'; phone: string };

/** Settings of every session of a process, sent once as its first message. */
export interface ProcessSettings {
  /** The address of WhatsApp: `wss:`; `ws:` only on loopback. */
  url: string;
  /** A folder of this machine where files pass between the two processes. */
  folder: string;
  /** Whether a person sees "typing" for a human time before a message. */
  showsTyping: boolean;
  /** How long a call waits for WhatsApp's acknowledgement, in milliseconds. */
  ackMs: number;
  /** The days of history that a new link brings along. 0 for none. */
  historyDays: number;
}

/** What a session begins with. One `open` is one connection: it ends with `closed`. */
export interface OpenSession {
  /** The id of the account. */
  session: string;
  /** Tells this connection from earlier ones of the account; every notice and request carries it. */
  epoch: number;
  /** The credentials, as JSON text; null for an account that was never linked. */
  credentials: string | null;
  /** Set while the account is being linked. */
  link: LinkMethod | null;
  version: WebVersion;
}

/** A change of keys: for each type, the values by id as JSON text; null deletes. */
export type KeyChanges = Record<string, Record<string, string | null>>;

/** The key types of ours, beside those of the library. `expires` is not known to the gateway: it deletes by age. */
export type OwnKeyType = 'pending-message' | 'sent-message' | 'poll' | 'known-number' | 'chat-timer' | 'retry';

/** A file of a message at WhatsApp: everything that fetches and decrypts it. */
export interface WebFile {
  kind: 'image' | 'video' | 'audio' | 'document' | 'sticker';
  url: string | undefined;
  directPath: string | undefined;
  /** Base64. */
  mediaKey: string;
  fileSha256: string | undefined;
  fileEncSha256: string | undefined;
  size: number | undefined;
  mimeType: string | undefined;
  /** How long a sound lasts. Only of an uploaded file, and not of each. */
  seconds?: number | undefined;
  /** What is known of a picture. Only of an uploaded file. */
  picture?: WebPicture | undefined;
  /** The key of its message, for a request to upload it again. */
  message?: WebKey | undefined;
}

/** A picture before it is downloaded. */
export interface WebPicture {
  /** In pixels. */
  width: number;
  height: number;
  /** A small JPEG as base64. */
  preview: string | undefined;
}

/** The address of a message at WhatsApp. */
export interface WebKey {
  id: string;
  remoteJid: string;
  fromMe: boolean;
  participant?: string | undefined;
}

/** A person as WhatsApp names them. At least one of the two is set. */
export interface WebPerson {
  /** The number in E.164. */
  phone: string | undefined;
  /** The user part of their LID, followed by `@lid`. */
  lid: string | undefined;
  /** The name that they gave themselves. */
  name: string | undefined;
}

/** An inbound message as it came, decrypted. `message` is the protobuf as a plain object: bytes in base64, longs as text. */
export interface WebMessageItem {
  kind: 'message';
  key: WebKey;
  /** The person of the conversation: the writer, or for our own messages the recipient. */
  person: WebPerson;
  /** The group that it was written in; undefined in a conversation between two. */
  group: string | undefined;
  /** Unix time in seconds. */
  at: number;
  /** How it came: while we were connected, while we were away, or with the history of a new link. */
  source: 'live' | 'offline' | 'history';
  /** Null: it could not be decrypted. The real message may come later, with the same id. */
  message: Record<string, unknown> | null;
  /** Set if the message could not be decrypted, or is a notice: the library's name of the kind. */
  stub: string | undefined;
  /** Base64. What is sealed later about the message, such as an edit, is opened with it. */
  secret?: string | undefined;
  /** The addresses of the writer, of a message that is sealed with the secret of another one. */
  writer?: string[] | undefined;
}

/** A vote in a poll of ours or theirs, decrypted. */
export interface WebVoteItem {
  kind: 'vote';
  key: WebKey;
  /** The poll. */
  poll: WebKey;
  person: WebPerson;
  group: string | undefined;
  at: number;
  /** The names of the chosen options; empty if the vote was withdrawn. */
  options: string[];
}

/** What WhatsApp says of a message of ours. `participant` is set in groups. */
export interface WebReceiptItem {
  kind: 'receipt';
  key: WebKey;
  status: 'sent' | 'delivered' | 'read' | 'played' | 'failed';
  participant: string | undefined;
  at: number;
  /** The code of a failure, such as 463. */
  code: string | undefined;
}

/** Two addresses of one person. */
export interface WebSamePersonItem {
  kind: 'same_person';
  phone: string;
  lid: string;
  name: string | undefined;
}

/** A call that somebody made. */
export interface WebCallItem {
  kind: 'call';
  id: string;
  person: WebPerson;
  at: number;
  isVideo: boolean;
  status: 'ringing' | 'missed' | 'ended';
}

export type WebItem = WebMessageItem | WebVoteItem | WebReceiptItem | WebSamePersonItem | WebCallItem;

/** The body of a stored payload. */
export interface WebPayload {
  /** The id of the account. */
  session: string;
  items: WebItem[];
}

/** The types of content that a session sends. */
export type WebContentType = WebFile['kind'] | 'text' | 'location' | 'contacts' | 'reaction';

/** A message to send. `to` is a number in E.164, or a LID (`…@lid`). */
export interface WebSend {
  messageId: string;
  to: string;
  /** Recado's type and content. A type that is no `WebContentType` is rejected. */
  type: string;
  content: unknown;
  /** The file that `upload` returned, for the types that have one. */
  file: WebFile | undefined;
  /** The message that it answers or reacts to. */
  target: { id: string; fromMe: boolean; text: string | undefined } | undefined;
  /** The recipient as Recado knows them; undefined if it knows nothing. */
  recipient: WebRecipient | undefined;
}

/** A recipient as Recado knows them, beside the address that the message names. */
export interface WebRecipient {
  /** The number in E.164. */
  phone: string | undefined;
  /** The user part of their LID, followed by `@lid`. */
  lid: string | undefined;
  /** When they wrote to the account for the last time, in Unix milliseconds. */
  wroteAt: number | undefined;
}

/**
 * What became of a send:
 * - accepted: WhatsApp acknowledged it; `phone` where it knows the recipient by another number
 * - not_sent: nothing left this process
 * - rejected: refused for good, such as 463 or `not_on_whatsapp`
 * - unknown: it may or may not have arrived
 */
export type WebSent =
  | { class: 'accepted'; phone: string | undefined }
  | { class: 'not_sent' | 'rejected' | 'unknown'; code: string; title: string };

/** What happened to a file. `path` is in the shared folder; who gets it deletes it. */
export type WebFetched =
  | { class: 'found'; path: string; size: number; mimeType: string | undefined; sha256: string | undefined }
  | { class: 'gone' | 'rejected' | 'try_again'; code: string; title: string };

export type WebUploaded =
  | { class: 'uploaded'; file: WebFile }
  | { class: 'not_sent' | 'rejected' | 'unknown'; code: string; title: string };

/** The calls of a gateway about an open session, with their results. A session that is not open answers `not_open`. */
export interface SessionCalls {
  send: { args: WebSend; result: WebSent };
  /** Encrypts a file of the shared folder and uploads it. The gateway deletes the file. */
  upload: {
    args: Pick<WebFile, 'kind' | 'picture'> & { path: string; mimeType: string; fileName: string; isVoice: boolean };
    result: WebUploaded;
  };
  fetch: { args: { file: WebFile; maxBytes: number }; result: WebFetched };
  markRead: { args: { keys: WebKey[] }; result: 'done' | 'try_again' };
  showTyping: { args: { to: string; isTyping: boolean }; result: 'done' | 'try_again' };
  /** Asks WhatsApp whether the connection still works, within some seconds. */
  probe: { args: Record<string, never>; result: 'alive' | 'dead' };
}
export type SessionCall = keyof SessionCalls;

/** The requests of a session to its gateway. Each resolves when the database has committed. */
export interface GatewayRequests {
  getKeys: { args: { type: string; ids: string[] }; result: Record<string, string> };
  /** All keys of a type: for what is left over at `open`. */
  listKeys: { args: { type: string }; result: Record<string, string> };
  /** One transaction. Fails with `fenced` once another gateway holds the session. */
  setKeys: { args: { changes: KeyChanges }; result: null };
  saveCredentials: { args: { credentials: string }; result: null };
  /** Stores items, and deletes these `pending-message` keys in the same transaction. */
  deliver: { args: { items: WebItem[]; settled: string[] }; result: null };
}
export type GatewayRequest = keyof GatewayRequests;

/** Why a connection ended: a code of the library, or that the phone demands a passkey, which Recado cannot give. */
export type CloseCode = number | 'passkey_required';

/** WhatsApp's quota of chats that an account begins. `until`: its end, Unix time in milliseconds, if WhatsApp names one. */
export interface NewChatQuota {
  left: number;
  until: number | undefined;
}

/** What a session tells without an answer. */
export type SessionNotice =
  /** A fresh code to link with. `value` is the text of the QR code, or the pairing code. */
  | { kind: 'code'; method: 'qr' | 'pairing_code'; value: string; number: number; of: number; expiresInMs: number }
  /** The phone accepted the link. WhatsApp then closes with 515, and the gateway opens again. */
  | { kind: 'linked'; phone: string; lid: string | undefined; name: string | undefined }
  /** Messages can be sent. */
  | { kind: 'open'; phone: string; lid: string | undefined; name: string | undefined }
  /** Something came or went that shows life: at most once in ten seconds. `isMessage` for what people write. */
  | { kind: 'traffic'; isMessage: boolean }
  /**
   * The connection is over. `code` as in the library (401, 408, 440, 515, …); undefined after `close`. `network` is set
   * if the network failed, to the code of the system (ENOTFOUND, ECONNREFUSED, ETIMEDOUT, …). `loggedOut` is set after a
   * `close` with logout: whether WhatsApp confirmed it.
   */
  | {
      kind: 'closed';
      code: CloseCode | undefined;
      title: string;
      duringLink: boolean;
      network?: string;
      loggedOut?: boolean;
    }
  /** WhatsApp restricts new conversations until then (463), Unix time in milliseconds. */
  | { kind: 'restricted'; until: number | undefined }
  /** How many chats WhatsApp lets the account begin; null: WhatsApp names no quota. Not told if WhatsApp does not answer. */
  | { kind: 'new_chats'; quota: NewChatQuota | null };

/** Messages to the session process. */
export type ToProcess =
  | { kind: 'settings'; settings: ProcessSettings }
  | { kind: 'open'; open: OpenSession }
  /** Ends the connection. `logout` also unlinks the phone. Then `closed` comes. */
  | { kind: 'close'; session: string; epoch: number; logout: boolean }
  | { kind: 'call'; id: number; session: string; epoch: number; call: SessionCall; args: unknown }
  | { kind: 'answer'; id: number; ok: true; result: unknown }
  | { kind: 'answer'; id: number; ok: false; code: string; message: string };

/** Messages from the session process. */
export type FromProcess =
  | { kind: 'ready' }
  | { kind: 'notice'; session: string; epoch: number; notice: SessionNotice }
  | { kind: 'request'; id: number; session: string; epoch: number; request: GatewayRequest; args: unknown }
  | { kind: 'result'; id: number; ok: true; result: unknown }
  | { kind: 'result'; id: number; ok: false; code: string; message: string };
