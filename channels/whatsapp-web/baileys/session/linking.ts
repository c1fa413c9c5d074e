// Linking a phone: shows QR codes or asks for a pairing code, until the phone accepts one.
import { once } from 'node:events';
import { type BinaryNode, getBinaryNodeChild, getBinaryNodeChildren, type WASocket } from 'baileys';
import type { CloseCode, LinkMethod, SessionNotice } from '../../protocol.ts';
import { refreshRegistration, withSecret } from '../library/shim-registration-refresh.ts';

/** How long the library shows its first code, and each further one. */
const firstCodeMs = 60_000;
const laterCodeMs = 20_000;

/** How long a pairing code can be typed in on the phone. */
const pairingCodeMs = 180_000;

/** The library ends a connection when its QR codes run out: they must outlive the pairing code. */
export const qrTimeoutOf = (link: LinkMethod | null): number | undefined =>
  link?.kind === 'pairing_code' ? pairingCodeMs : undefined;

interface LinkingParts {
  sock: WASocket;
  link: LinkMethod;
  notify(notice: SessionNotice): void;
  /** Ends the connection with the code of a refusal. */
  stop(code: CloseCode, title: string): void;
}

/**
 * The notifications by which WhatsApp demands a passkey after the scan or the typed code. A browser could create one at
 * web.whatsapp.com; a program cannot.
 */
const passkeyDemands = ['passkey_prologue_request', 'crsc_continuation'];

const errorCode = (node: BinaryNode): number => Number(getBinaryNodeChild(node, 'error')?.attrs.code ?? 400);

/** Shows codes. `onQr` takes each QR code of the library; `end` stops the clock. */
export const startLinking = ({ sock, link, notify, stop }: LinkingParts): { onQr(qr: string): void; end(): void } => {
  const ended = new AbortController();
  let codes = 0;
  let number = 0;
  let shown: { qr: string; until: number } | undefined;
  let timer: NodeJS.Timeout | undefined;

  const show = (): void => {
    if (!shown) return;
    const value = withSecret(shown.qr, sock.authState.creds.advSecretKey);
    const expiresInMs = Math.max(0, shown.until - Date.now());
    notify({ kind: 'code', method: 'qr', value, number, of: Math.max(codes, number), expiresInMs });
  };

  const askPairingCode = async (phone: string): Promise<void> => {
    // The library does not wait for the answer: WhatsApp's refusal comes as an error by itself.
    sock.ws.on('CB:iq,type:error', (node: BinaryNode) => stop(errorCode(node), 'WhatsApp refused the pairing code'));
    const isKnown = once(sock.ws, 'CB:iq,type:result,link_code_companion_reg', { signal: ended.signal });
    // The connection may end before anybody waits for it.
    isKnown.catch(() => undefined);
    const value = await sock.requestPairingCode(phone);
    // A phone accepts the code only once WhatsApp knows of it.
    await isKnown;
    notify({ kind: 'code', method: 'pairing_code', value, number: 1, of: 1, expiresInMs: pairingCodeMs });
    timer = setTimeout(() => stop(408, 'The pairing code expired'), pairingCodeMs);
  };

  sock.ws.on('CB:iq,type:set,pair-device', (node: BinaryNode) => {
    codes = getBinaryNodeChildren(getBinaryNodeChild(node, 'pair-device'), 'ref').length;
  });
  for (const type of passkeyDemands)
    sock.ws.on(`CB:notification,type:${type}`, () => stop('passkey_required', 'WhatsApp demands a passkey'));
  refreshRegistration(sock as Parameters<typeof refreshRegistration>[0], show);

  return {
    onQr(qr) {
      number += 1;
      if (link.kind === 'qr') {
        shown = { qr, until: Date.now() + (number === 1 ? firstCodeMs : laterCodeMs) };
        show();
      } else if (number === 1) {
        askPairingCode(link.phone).catch(() => stop(428, 'The connection closed before there was a pairing code'));
      }
    },
    end() {
      clearTimeout(timer);
      ended.abort();
    },
  };
};
