// How a companion is linked to a phone: by QR code, or by a code that the owner types on the phone.
import { createHmac, randomBytes } from 'node:crypto';
import {
  aesDecryptCTR,
  aesDecryptGCM,
  aesEncryptCTR,
  type BinaryNode,
  Curve,
  derivePairingCodeKey,
  hkdf,
  proto,
  WA_ADV_ACCOUNT_SIG_PREFIX,
} from 'baileys';
import type { Account, Device } from './accounts.ts';
import { bytesIn, node, now, server, stanzaId } from './nodes.ts';
import { Changes, deferred } from './waiting.ts';

/** The connection of a client that nobody is linked to yet. */
export interface Unlinked {
  send(stanza: BinaryNode): void;
  /** The keys that the client registered with, in the form of an upload. */
  keys: BinaryNode;
}

interface PairedDevice {
  device: Device;
  done(): void;
}

interface CodeAttempt {
  client: Unlinked;
  wrapped: Buffer;
  /** Known once the owner typed the code. */
  typed:
    | { ephemeral: { private: Uint8Array }; companion: Buffer; linked: (result: Promise<Device>) => void }
    | undefined;
}

export class Linking {
  /** Accounts whose next scan makes the companion begin anew with another secret. */
  readonly refreshing = new Set<Account>();
  /** Accounts that cannot link a companion without a passkey. */
  readonly needPasskey = new Set<Account>();
  /** Errors for the next requests for a code to type. */
  readonly refusedCodes: number[] = [];
  private readonly clients = new Map<string, Unlinked>();
  private readonly paired = new Map<Unlinked, PairedDevice & { failed(error: Error): void }>();
  private readonly attempts = new Map<string, CodeAttempt>();
  private readonly changes = new Changes();
  private readonly retiredSecrets = new Set<string>();

  /** Offers codes to a client that is not linked. */
  offer(client: Unlinked): void {
    const refs = Array.from({ length: 6 }, () => randomBytes(12).toString('base64'));
    for (const ref of refs) this.clients.set(ref, client);
    const offered = refs.map(ref => node('ref', {}, Buffer.from(ref)));
    client.send(
      node('iq', { from: server, type: 'set', id: stanzaId(), xmlns: 'md' }, [node('pair-device', {}, offered)]),
    );
  }

  /** The connection of a client ended: its codes are worth nothing. */
  forget(client: Unlinked): void {
    for (const [ref, each] of this.clients) if (each === client) this.clients.delete(ref);
    for (const [number, { client: each }] of this.attempts) if (each === client) this.attempts.delete(number);
    const paired = this.paired.get(client);
    if (!paired) return;
    this.paired.delete(client);
    paired.device.account.devices.delete(paired.device.id);
    paired.failed(new Error('The companion went away while it was being linked.'));
  }

  /** The owner scans a QR code. Resolves when the companion confirmed the link. */
  async scan(account: Account, qr: string): Promise<Device | 'refreshed' | 'passkey'> {
    const [ref = '', , identity = '', secret = ''] = (qr.split('#').pop() ?? '').split(',');
    const client = this.clients.get(ref);
    if (!client) throw new Error('The phone knows no such code: it is too old, or from elsewhere.');
    if (this.retiredSecrets.has(secret)) throw new Error('The phone could not link: the code has an old secret.');
    if (this.needPasskey.has(account)) {
      demandPasskey(client, 'passkey_prologue_request');
      return 'passkey';
    }
    if (this.refreshing.delete(account)) {
      this.retiredSecrets.add(secret);
      const content = [node('companion_reg_refresh', {})];
      client.send(
        node('notification', { id: stanzaId(), from: server, type: 'companion_reg_refresh', t: now() }, content),
      );
      return 'refreshed';
    }
    return this.pair(client, account, Buffer.from(identity, 'base64'), Buffer.from(secret, 'base64'));
  }

  /** Waits until a companion asked for a code for this account. */
  async askedForCode(account: Account): Promise<void> {
    await this.changes.until(() => this.attempts.has(account.number), `a request for a code for ${account.name}`);
  }

  /** The owner types a code. Resolves when the companion confirmed the link. */
  async enterCode(account: Account, code: string): Promise<Device | 'passkey'> {
    const attempt = this.attempts.get(account.number);
    if (!attempt) throw new Error('Nobody asked for a code for this number.');
    if (this.needPasskey.has(account)) {
      demandPasskey(attempt.client, 'crsc_continuation');
      return 'passkey';
    }
    const salted = attempt.wrapped;
    const key = await derivePairingCodeKey(plainCode(code), salted.subarray(0, 32));
    const companion = aesDecryptCTR(salted.subarray(48), key, salted.subarray(32, 48));
    const ephemeral = Curve.generateKeyPair();
    const [salt, iv] = [randomBytes(32), randomBytes(16)];
    const own = aesEncryptCTR(ephemeral.public, await derivePairingCodeKey(plainCode(code), salt), iv);
    const linked = deferred<Device>();
    attempt.typed = { ephemeral, companion, linked: linked.resolve };
    const content = node('link_code_companion_reg', { stage: 'primary_hello' }, [
      node('link_code_pairing_ref', {}, Buffer.from(account.number)),
      node('link_code_pairing_wrapped_primary_ephemeral_pub', {}, Buffer.concat([salt, iv, own])),
      node('primary_identity_pub', {}, Buffer.from(account.identity.public)),
    ]);
    const attrs = { from: server, type: 'link_code_companion_reg', id: stanzaId(), t: now() };
    attempt.client.send(node('notification', attrs, [content]));
    return linked.promise;
  }

  /** A client asks for a code, or finishes after the owner typed it. Answers with the content of the result, or a code of error. */
  codeStep(client: Unlinked, request: BinaryNode, account: Account | undefined): BinaryNode[] | number {
    const number = (request.attrs.jid ?? '').split('@')[0] ?? '';
    if (request.attrs.stage === 'companion_hello') {
      const refused = this.refusedCodes.shift();
      if (refused !== undefined || !account) return refused ?? 404;
      const wrapped = bytesIn(request, 'link_code_pairing_wrapped_companion_ephemeral_pub');
      this.attempts.set(number, { client, wrapped, typed: undefined });
      this.changes.happened();
      const ref = node('link_code_pairing_ref', {}, Buffer.from(number));
      return [node('link_code_companion_reg', { stage: 'companion_hello' }, [ref])];
    }
    const attempt = this.attempts.get(number);
    if (!attempt?.typed || !account) return 400;
    this.attempts.delete(number);
    attempt.typed.linked(this.finishCode(client, account, attempt.typed, request));
    return [];
  }

  private async finishCode(
    client: Unlinked,
    account: Account,
    typed: NonNullable<CodeAttempt['typed']>,
    request: BinaryNode,
  ) {
    const wrapped = bytesIn(request, 'link_code_pairing_wrapped_key_bundle');
    const shared = Curve.sharedKey(typed.ephemeral.private, typed.companion);
    const info = 'link_code_pairing_key_bundle_encryption_key';
    const key = Buffer.from(hkdf(Buffer.from(shared), 32, { salt: wrapped.subarray(0, 32), info }));
    const bundle = unwrap(wrapped, key);
    const [identity, random] = [bundle.subarray(0, 32), bundle.subarray(64)];
    const secrets = Buffer.concat([shared, Curve.sharedKey(account.identity.private, identity), random]);
    return this.pair(client, account, identity, Buffer.from(hkdf(secrets, 32, { info: 'adv_secret' })));
  }

  /** The client confirmed. */
  confirmed(client: Unlinked): Device | undefined {
    const paired = this.paired.get(client);
    this.paired.delete(client);
    paired?.done();
    return paired?.device;
  }

  private pair(client: Unlinked, account: Account, identity: Buffer, secret: Buffer): Promise<Device> {
    const device = account.link();
    device.keys.put(client.keys);
    const timestamp = Math.floor(Date.now() / 1000);
    const details = proto.ADVDeviceIdentity.encode({ rawId: 1, timestamp, keyIndex: device.id }).finish();
    const signature = Curve.sign(
      account.identity.private,
      Buffer.concat([WA_ADV_ACCOUNT_SIG_PREFIX, details, identity]),
    );
    const signed = proto.ADVSignedDeviceIdentity.encode({
      details,
      accountSignatureKey: account.identity.public,
      accountSignature: signature,
    }).finish();
    const hmac = createHmac('sha256', secret).update(signed).digest();
    const content = node('pair-success', {}, [
      node('device-identity', {}, proto.ADVSignedDeviceIdentityHMAC.encode({ details: signed, hmac }).finish()),
      node('platform', { name: 'android' }),
      node('device', { jid: account.jid('pn', device.id), lid: account.jid('lid', device.id) }),
    ]);
    const done = deferred<Device>();
    this.paired.set(client, { device, done: () => done.resolve(device), failed: done.reject });
    client.send(node('iq', { from: server, type: 'set', id: stanzaId() }, [content]));
    return done.promise;
  }
}

/** The companion cannot go on without a passkey of the account. */
function demandPasskey(client: Unlinked, type: 'passkey_prologue_request' | 'crsc_continuation'): void {
  client.send(node('notification', { id: stanzaId(), from: server, type, t: now() }, [node(type, {})]));
}

const plainCode = (code: string) => code.replace(/[\s-]/g, '').toUpperCase();

function unwrap(wrapped: Buffer, key: Buffer): Buffer {
  try {
    return aesDecryptGCM(wrapped.subarray(44), key, wrapped.subarray(32, 44), Buffer.alloc(0));
  } catch {
    throw new Error('The phone could not link: the code is wrong.');
  }
}
