// The Signal sessions of a phone: real encryption, with the library's own implementation.
import {
  type AuthenticationCreds,
  addTransactionCapability,
  type BinaryNode,
  DEFAULT_CONNECTION_CONFIG,
  encodeBigEndian,
  encodeWAMessage,
  initAuthCreds,
  KEY_BUNDLE_TYPE,
  parseAndInjectE2ESessions,
  proto,
  type SignalDataTypeMap,
  type SignalKeyStore,
  type SignalRepositoryWithLIDStore,
  signedKeyPair,
  unpadRandomMax16,
  xmppSignedPreKey,
} from 'baileys';
import type { Account, Device } from './accounts.ts';
import type { Group } from './groups.ts';
import { contentOf, node } from './nodes.ts';
import { silent } from './silent.ts';

function memoryKeys(): SignalKeyStore {
  const values = new Map<string, unknown>();
  return {
    async get<T extends keyof SignalDataTypeMap>(type: T, ids: string[]) {
      const found: { [id: string]: SignalDataTypeMap[T] } = {};
      for (const id of ids) {
        const value = values.get(`${type}:${id}`);
        if (value !== undefined) found[id] = value as SignalDataTypeMap[T];
      }
      return found;
    },
    async set(changes) {
      for (const [type, byId] of Object.entries(changes))
        for (const [id, value] of Object.entries(byId ?? {}))
          if (value === null) values.delete(`${type}:${id}`);
          else values.set(`${type}:${id}`, value);
    },
  };
}

/** Devices have one session each, however they are addressed. */
const sessionOf = ({ account, id }: Device) => account.jid('pn', id);

export class PhoneSignal {
  private readonly repository: SignalRepositoryWithLIDStore;
  private readonly owner: Account;
  readonly registrationId: number;
  /** Who has the phone's key of a group already. */
  private readonly knowsGroupKey = new Map<Group, Set<Device>>();

  constructor(owner: Account) {
    const signedPreKey = signedKeyPair(owner.identity, 1);
    const creds: AuthenticationCreds = { ...initAuthCreds(), signedIdentityKey: owner.identity, signedPreKey };
    const keys = addTransactionCapability(memoryKeys(), silent, { maxCommitRetries: 1, delayBetweenTriesMs: 1 });
    this.owner = owner;
    this.registrationId = creds.registrationId;
    this.repository = DEFAULT_CONNECTION_CONFIG.makeSignalRepository({ creds, keys }, silent, async () => undefined);
    owner.phone.keys.put(
      node('keys', {}, [
        node('registration', {}, encodeBigEndian(creds.registrationId)),
        node('type', {}, KEY_BUNDLE_TYPE),
        node('identity', {}, owner.identity.public),
        node('list', {}, []),
        xmppSignedPreKey(signedPreKey),
      ]),
    );
  }

  /** Encrypts for one device, with a new session if there is none. Undefined: the device has no keys yet. */
  async encrypt(device: Device, message: proto.IMessage): Promise<BinaryNode | undefined> {
    const jid = sessionOf(device);
    const { exists } = await this.repository.validateSession(jid);
    if (!exists && !(await this.begin(device))) return undefined;
    const { type, ciphertext } = await this.repository.encryptMessage({ jid, data: encodeWAMessage(message) });
    return node('enc', { v: '2', type }, ciphertext);
  }

  /** Decrypts what a device encrypted for this phone. */
  async decrypt(from: Device, encrypted: BinaryNode, group: Group | undefined): Promise<proto.Message> {
    const [jid, bytes, type] = [sessionOf(from), contentOf(encrypted), encrypted.attrs.type];
    let plain: Uint8Array;
    if (type === 'skmsg') {
      if (!group) throw new Error('A message of a group outside of one.');
      plain = await this.repository.decryptGroupMessage({ group: group.jid, authorJid: jid, msg: bytes });
    } else if (type === 'msg' || type === 'pkmsg') {
      plain = await this.repository.decryptMessage({ jid, type, ciphertext: bytes });
    } else throw new Error(`The fake knows no encryption ${type}.`);
    const message = proto.Message.decode(unpadRandomMax16(plain));
    const item = message.senderKeyDistributionMessage;
    if (item) await this.repository.processSenderKeyDistributionMessage({ authorJid: jid, item });
    return message;
  }

  /** Encrypts for a group: once for all, and the key for those devices that do not have it yet. */
  async encryptForGroup(group: Group, devices: Device[], message: proto.IMessage) {
    const meId = this.owner.jid('pn');
    const { ciphertext, senderKeyDistributionMessage } = await this.repository.encryptGroupMessage({
      group: group.jid,
      data: encodeWAMessage(message),
      meId,
    });
    const knowing = this.knowsGroupKey.get(group) ?? new Set();
    this.knowsGroupKey.set(group, knowing);
    const key = { groupId: group.jid, axolotlSenderKeyDistributionMessage: senderKeyDistributionMessage };
    const keys: { device: Device; encrypted: BinaryNode }[] = [];
    for (const device of devices) {
      const encrypted = knowing.has(device)
        ? undefined
        : await this.encrypt(device, { senderKeyDistributionMessage: key });
      if (encrypted) keys.push({ device, encrypted });
      knowing.add(device);
    }
    return { encrypted: node('enc', { v: '2', type: 'skmsg' }, ciphertext), keys };
  }

  /** Forgets the session with a device: the next message begins a new one. */
  async forget(device: Device): Promise<void> {
    await this.repository.deleteSession([sessionOf(device)]);
    for (const knowing of this.knowsGroupKey.values()) knowing.delete(device);
  }

  private async begin(device: Device): Promise<boolean> {
    const keys = device.keys.take();
    if (!keys) return false;
    const users = [node('user', { jid: sessionOf(device) }, keys)];
    await parseAndInjectE2ESessions(node('iq', {}, [node('list', {}, users)]), this.repository);
    return true;
  }
}
