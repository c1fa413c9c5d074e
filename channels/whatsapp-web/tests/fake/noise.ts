// The encryption between a client and WhatsApp: Noise_XX_25519_AESGCM_SHA256, the answering side.
import { aesDecryptGCM, aesEncryptGCM, Curve, hkdf, NOISE_MODE, proto, sha256 } from 'baileys';

interface KeyPair {
  public: Uint8Array;
  private: Uint8Array;
}

/** The keys of a server, with the certificate that clients see in the handshake. */
export interface ServerKeys {
  /** Its public half would have to be in the clients, if they checked signatures. */
  root: KeyPair;
  own: KeyPair;
  certificate: Uint8Array;
}

const nothing = Buffer.alloc(0);

/** Fresh keys, with a chain of certificates of the form that clients expect. */
export function makeServerKeys(): ServerKeys {
  const [root, intermediate, own] = [Curve.generateKeyPair(), Curve.generateKeyPair(), Curve.generateKeyPair()];
  const { Details } = proto.CertChain.NoiseCertificate;
  const certify = (serial: number, key: Uint8Array, issuer: KeyPair) => {
    const details = Details.encode({ serial, issuerSerial: serial - 1, key, notBefore: 0, notAfter: 4e9 }).finish();
    return { details, signature: Curve.sign(issuer.private, details) };
  };
  const certificate = proto.CertChain.encode({
    intermediate: certify(1, intermediate.public, root),
    leaf: certify(2, own.public, intermediate),
  }).finish();
  return { root, own, certificate };
}

function counterBytes(counter: number): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt32BE(counter, 8);
  return bytes;
}

/** One handshake: `hello`, then `finish`, which gives the cipher of what follows. */
export class Handshake {
  private readonly ephemeral = Curve.generateKeyPair();
  private hash: Buffer = Buffer.from(NOISE_MODE);
  private salt: Buffer = this.hash;
  private key: Buffer = this.hash;
  private counter = 0;

  constructor(
    private readonly keys: ServerKeys,
    header: Uint8Array,
  ) {
    this.authenticate(header);
  }

  /** Answers the client's first message. */
  hello(message: Uint8Array): Uint8Array {
    const theirs = proto.HandshakeMessage.decode(message).clientHello?.ephemeral;
    if (!theirs) throw new Error('The client sent no ephemeral key.');
    this.authenticate(theirs);
    this.authenticate(this.ephemeral.public);
    this.mix(Curve.sharedKey(this.ephemeral.private, theirs));
    const own = this.encrypt(this.keys.own.public);
    this.mix(Curve.sharedKey(this.keys.own.private, theirs));
    const payload = this.encrypt(this.keys.certificate);
    const serverHello = { ephemeral: this.ephemeral.public, static: own, payload };
    return proto.HandshakeMessage.encode({ serverHello }).finish();
  }

  /** Reads the client's second message: who it is, and the cipher to speak with it. */
  finish(message: Uint8Array): { client: proto.ClientPayload; cipher: Cipher } {
    const finish = proto.HandshakeMessage.decode(message).clientFinish;
    if (!finish?.static || !finish.payload) throw new Error('The client did not finish the handshake.');
    this.mix(Curve.sharedKey(this.ephemeral.private, this.decrypt(finish.static)));
    const client = proto.ClientPayload.decode(this.decrypt(finish.payload));
    const [read, write] = this.expand(nothing);
    return { client, cipher: new Cipher(read, write) };
  }

  private authenticate(data: Uint8Array): void {
    this.hash = sha256(Buffer.concat([this.hash, data]));
  }

  private expand(data: Uint8Array): [Buffer, Buffer] {
    const both = Buffer.from(hkdf(Buffer.from(data), 64, { salt: this.salt, info: '' }));
    return [both.subarray(0, 32), both.subarray(32)];
  }

  private mix(shared: Uint8Array): void {
    [this.salt, this.key] = this.expand(shared);
    this.counter = 0;
  }

  private encrypt(plain: Uint8Array): Buffer {
    const sealed = aesEncryptGCM(plain, this.key, counterBytes(this.counter++), this.hash);
    this.authenticate(sealed);
    return sealed;
  }

  private decrypt(sealed: Uint8Array): Buffer {
    const plain = aesDecryptGCM(sealed, this.key, counterBytes(this.counter++), this.hash);
    this.authenticate(sealed);
    return plain;
  }
}

/** Encrypts and decrypts frames after the handshake. */
export class Cipher {
  private reads = 0;
  private writes = 0;

  constructor(
    private readonly readKey: Buffer,
    private readonly writeKey: Buffer,
  ) {}

  encrypt(plain: Uint8Array): Buffer {
    return aesEncryptGCM(plain, this.writeKey, counterBytes(this.writes++), nothing);
  }

  decrypt(sealed: Uint8Array): Buffer {
    return aesDecryptGCM(sealed, this.readKey, counterBytes(this.reads++), nothing);
  }
}
