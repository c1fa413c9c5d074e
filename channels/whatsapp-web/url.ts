// Which addresses this process connects to: TLS is the only proof that WhatsApp is on the other side.

const isLoopback = ({ hostname }: URL): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);

/** Refuses an address of WhatsApp without TLS, other than a test server on this machine. */
export const checkUrl = (url: string): void => {
  const parsed = new URL(url);
  if (parsed.protocol === 'wss:') return;
  if (parsed.protocol === 'ws:' && isLoopback(parsed)) return;
  throw new Error('The address of WhatsApp must begin with wss:, or be on this machine.');
};

/**
 * Whether a file may be fetched from there. The sender of a message chooses the address of its file,
 * and must not make us call machines of the operator's network. Tests serve files from this machine.
 */
export const isFileHost = (url: string, whatsappUrl: string): boolean => {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== 'https:') return false;
  if (isLoopback(new URL(whatsappUrl))) return isLoopback(new URL(url));
  return port === '' && (hostname === 'whatsapp.net' || hostname.endsWith('.whatsapp.net'));
};
