// The conversation with one client: login or link, then its stanzas.
import { type BinaryNode, KEY_BUNDLE_TYPE, type proto } from 'baileys';
import type { Device } from './accounts.ts';
import { type Answer, answer, isReady } from './answers.ts';
import type { Linking, Unlinked } from './linking.ts';
import { child, firstChild, node, now, server } from './nodes.ts';
import { acknowledge, connected } from './post.ts';
import { routeReceipt } from './router.ts';
import { takeSubmission } from './submissions.ts';
import type { Transport } from './transport.ts';
import type { World } from './world.ts';

/** What happens around a session that others want to know. */
export interface SessionEvents {
  /** A device logged in. */
  joined(session: Session, device: Device): void;
  /** It had what waited for it, and gets the rest at once. */
  isReady(session: Session, device: Device): void;
  /** It has something that was sent to it. */
  acknowledged(): void;
  left(session: Session, device: Device): void;
}

export class Session {
  device: Device | undefined;
  /** The connection; set before anything comes in. */
  transport!: Transport;
  private unlinked: Unlinked | undefined;
  private isReady = false;

  constructor(
    private readonly world: World,
    private readonly linking: Linking,
    private readonly events: SessionEvents,
  ) {}

  send(stanza: BinaryNode): void {
    this.world.log.add('got', this.device, stanza);
    this.transport.send(stanza);
  }

  opened(client: proto.ClientPayload): void {
    if (isOlder(client, this.world.script.minimumVersion)) this.refuse(405);
    else if (client.devicePairingData) this.offerLink(client.devicePairingData);
    else this.logIn(client);
  }

  private offerLink(data: proto.ClientPayload.IDevicePairingRegistrationData): void {
    this.unlinked = { send: stanza => this.send(stanza), keys: registeredKeys(data) };
    this.linking.offer(this.unlinked);
  }

  private logIn({ username, device: id }: proto.ClientPayload): void {
    const account = this.world.accounts.withNumber(String(username));
    const device = account?.devices.get(id ?? 0);
    const refusal = account && device ? this.world.script.takeRefusal(account) : 401;
    if (refusal !== undefined || !account || !device) {
      this.refuse(refusal ?? 401);
      return;
    }
    this.device = device;
    this.events.joined(this, device);
    this.send(node('success', { t: now(), lid: account.jid('lid', device.id) }));
  }

  closed(): void {
    if (this.unlinked) this.linking.forget(this.unlinked);
    if (!this.device) return;
    this.events.left(this, this.device);
  }

  took(stanza: BinaryNode): void {
    if (stanza.attrs.xmlns !== 'w:p') this.world.log.add('sent', this.device, stanza);
    if (stanza.tag === 'iq') this.takeQuery(stanza);
    else if (this.device) this.takeFrom(this.device, stanza);
  }

  private takeFrom(device: Device, stanza: BinaryNode): void {
    if (stanza.tag === 'message') takeSubmission(this.world, device, stanza, this);
    else if (stanza.tag === 'receipt') this.takeReceipt(device, stanza);
    else if (stanza.tag === 'ack') this.takeSign(device, stanza);
    else if (stanza.tag === 'ib' && child(stanza, 'offline_batch')) this.handOver();
  }

  private refuse(reason: number): void {
    this.send(node('failure', { reason: String(reason) }));
    this.transport.end();
  }

  private takeQuery(query: BinaryNode): void {
    const about = firstChild(query);
    if (query.attrs.type === 'result') {
      if (about?.tag === 'pair-device-sign') this.confirmLink();
      return;
    }
    if (about?.tag === 'remove-companion-device') this.unlink(query);
    else this.respond(query, this.answerTo(query, about));
    if (this.device && isReady(query)) this.announceWaiting(this.device);
  }

  private answerTo(query: BinaryNode, about: BinaryNode | undefined): Answer {
    if (about?.tag === 'ping') return [];
    if (this.device) return answer(this.world, this.device, query);
    if (about?.tag !== 'link_code_companion_reg' || !this.unlinked) return [];
    return this.linking.codeStep(this.unlinked, about, this.world.accounts.at(about.attrs.jid));
  }

  private respond({ attrs }: BinaryNode, content: Answer): void {
    const response = { from: attrs.to ?? server, id: attrs.id };
    if (typeof content === 'number') {
      this.send(
        node('iq', { ...response, type: 'error' }, [node('error', { code: String(content), text: 'refused' })]),
      );
    } else this.send(node('iq', { ...response, type: 'result' }, content.length > 0 ? content : undefined));
  }

  /** The link is made; clients connect anew for it. */
  private confirmLink(): void {
    if (!this.unlinked) return;
    this.linking.confirmed(this.unlinked);
    this.send(node('stream:error', { code: '515' }));
    this.transport.end();
  }

  /** The client unlinks itself. */
  private unlink(query: BinaryNode): void {
    this.respond(query, []);
    if (this.device) this.device.account.devices.delete(this.device.id);
    this.transport.end();
  }

  private announceWaiting(device: Device): void {
    if (this.isReady) return;
    const count = String(device.waiting.length);
    if (device.waiting.length === 0) this.handOver();
    else this.send(node('ib', { from: server }, [node('offline_preview', { count, message: count })]));
  }

  private handOver(): void {
    if (this.isReady || !this.device) return;
    this.isReady = true;
    const count = String(this.device.waiting.length);
    connected(this.device, stanza => this.send(stanza));
    this.send(node('ib', { from: server }, [node('offline', { count })]));
    this.device.account.onReady(this.device);
    this.events.isReady(this, this.device);
  }

  private takeSign(device: Device, sign: BinaryNode): void {
    acknowledge(device, sign);
    this.events.acknowledged();
  }

  private takeReceipt(device: Device, receipt: BinaryNode): void {
    const { id, to, type, participant } = receipt.attrs;
    this.takeSign(device, receipt);
    this.send(node('ack', { class: 'receipt', id, from: to, type, participant }));
    if (type === 'server-error') device.account.phone.receive?.(receipt);
    else routeReceipt(this.world, device, receipt);
  }
}

function isOlder(
  { userAgent }: proto.ClientPayload,
  [first, second, third]: readonly [number, number, number],
): boolean {
  const { primary, secondary, tertiary } = userAgent?.appVersion ?? {};
  const [a, b, c] = [primary ?? 0, secondary ?? 0, tertiary ?? 0];
  if (a !== first) return a < first;
  if (b !== second) return b < second;
  return c < third;
}

function registeredKeys(data: proto.ClientPayload.IDevicePairingRegistrationData): BinaryNode {
  const part = (tag: string, bytes: Uint8Array | null | undefined) => node(tag, {}, Buffer.from(bytes ?? []));
  return node('keys', {}, [
    part('registration', data.eRegid),
    part('type', KEY_BUNDLE_TYPE),
    part('identity', data.eIdent),
    node('list', {}, []),
    node('skey', {}, [part('id', data.eSkeyId), part('value', data.eSkeyVal), part('signature', data.eSkeySig)]),
  ]);
}
