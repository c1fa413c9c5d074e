// One WebSocket of a client: frames, the handshake, then encrypted stanzas.
import { setTimeout as wait } from 'node:timers/promises';
import { type BinaryNode, decodeBinaryNode, encodeBinaryNode, type proto } from 'baileys';
import type { WebSocket } from 'ws';
import { type Cipher, Handshake, type ServerKeys } from './noise.ts';
import type { Script } from './script.ts';

/** What a client's connection is about. */
export interface Listener {
  opened(client: proto.ClientPayload): void;
  took(stanza: BinaryNode): void;
  closed(): void;
}

const headerBytes = 4;
const lengthBytes = 3;

export class Transport {
  /** Whether nothing flows any more, while the socket stays open. */
  isHalfOpen = false;
  private bytes = Buffer.alloc(0);
  private handshake: Handshake | undefined;
  private hasGreeted = false;
  private cipher: Cipher | undefined;
  private incoming: Promise<unknown> = Promise.resolve();
  private outgoing: Promise<unknown> = Promise.resolve();
  private unsent = 0;

  constructor(
    private readonly socket: WebSocket,
    private readonly keys: ServerKeys,
    private readonly script: Script,
    private readonly listener: Listener,
  ) {
    socket.on('message', data => {
      this.bytes = Buffer.concat([this.bytes, data as Buffer]);
      this.incoming = this.incoming.then(() => this.read()).catch(() => this.cut());
    });
    socket.on('error', () => this.cut());
    socket.on('close', () => this.listener.closed());
  }

  send(stanza: BinaryNode): void {
    if (this.script.delayMs === 0 && this.unsent === 0) {
      this.write(stanza);
      return;
    }
    this.unsent += 1;
    this.outgoing = this.outgoing.then(async () => {
      await wait(this.script.delayMs);
      this.unsent -= 1;
      this.write(stanza);
    });
  }

  /** Closes the connection after what was sent. */
  end(): void {
    void this.outgoing.then(() => this.socket.close());
  }

  /** Breaks the connection at once. */
  cut(): void {
    this.socket.terminate();
  }

  private write(stanza: BinaryNode): void {
    if (this.isHalfOpen || !this.cipher || this.socket.readyState !== this.socket.OPEN) return;
    this.sendFrame(this.cipher.encrypt(encodeBinaryNode(stanza)));
  }

  private sendFrame(frame: Uint8Array): void {
    const length = Buffer.alloc(lengthBytes);
    length.writeUIntBE(frame.length, 0, lengthBytes);
    this.socket.send(Buffer.concat([length, frame]));
  }

  private async read(): Promise<void> {
    if (!this.handshake) {
      if (this.bytes.length < headerBytes) return;
      this.handshake = new Handshake(this.keys, this.bytes.subarray(0, headerBytes));
      this.bytes = this.bytes.subarray(headerBytes);
    }
    while (this.bytes.length >= lengthBytes) {
      const end = lengthBytes + this.bytes.readUIntBE(0, lengthBytes);
      if (this.bytes.length < end) return;
      const frame = this.bytes.subarray(lengthBytes, end);
      this.bytes = this.bytes.subarray(end);
      if (this.script.delayMs > 0) await wait(this.script.delayMs);
      await this.takeFrame(this.handshake, frame);
    }
  }

  private async takeFrame(handshake: Handshake, frame: Buffer): Promise<void> {
    if (this.isHalfOpen) return;
    if (this.cipher) return this.listener.took(await decodeBinaryNode(this.cipher.decrypt(frame)));
    if (!this.hasGreeted) {
      this.hasGreeted = true;
      return this.sendFrame(handshake.hello(frame));
    }
    const { client, cipher } = handshake.finish(frame);
    this.cipher = cipher;
    this.listener.opened(client);
  }
}
