// A shim for baileys 7.0.0-rc14: WhatsApp may ask for a new secret after the first scan (`companion_reg_refresh`).
// The library does not handle it, and new links fail. Remove it once the library does (Baileys pull request 2765).
import { randomBytes } from 'node:crypto';
import type { EventEmitter } from 'node:events';
import { type BinaryNode, buildAckStanza } from 'baileys';

export interface RegistrationSocket {
  ws: EventEmitter;
  ev: { emit(event: 'creds.update', update: { advSecretKey: string }): boolean };
  authState: { creds: { me?: { id: string } | undefined } };
  sendNode(node: BinaryNode): Promise<void>;
}

/** Makes a new secret when WhatsApp asks for it. `onRefreshed` must show the code again, with the new secret. */
export const refreshRegistration = (sock: RegistrationSocket, onRefreshed: () => void): void => {
  sock.ws.on('CB:notification,type:companion_reg_refresh', (node: BinaryNode) => {
    // A pairing code makes its own secret, and a linked session keeps its own.
    if (sock.authState.creds.me?.id) return;
    sock.ev.emit('creds.update', { advSecretKey: randomBytes(32).toString('base64') });
    sock.sendNode(buildAckStanza(node)).catch(() => undefined);
    onRefreshed();
  });
};

/** The place of the secret in a QR code: reference, noise key, identity key, secret, platform. */
const secretField = 3;

/** The text of a QR code with the current secret: the library builds all codes with the first one. */
export const withSecret = (qr: string, secret: string): string => {
  const start = qr.lastIndexOf('#') + 1;
  const fields = qr.slice(start).split(',');
  fields[secretField] = secret;
  return qr.slice(0, start) + fields.join(',');
};
