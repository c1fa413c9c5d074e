// Reads the current version of WhatsApp Web from its own server, the one that sessions connect to.

/** How long the server may take. */
const deadlineMs = 10_000;

/** The script of WhatsApp Web that names its revision, beside the address for sessions. */
export function versionAddress(whatsAppUrl: string): string {
  const url = new URL('/sw.js', whatsAppUrl);
  url.protocol = url.protocol === 'wss:' ? 'https:' : 'http:';
  return url.href;
}

/** The current version, such as 2.3000.1043857760. @throws Error if the server does not tell it */
export async function readCurrentVersion(whatsAppUrl: string): Promise<string> {
  // Without this header the server takes a program for a page inside another one.
  const headers = { 'sec-fetch-site': 'none' };
  const signal = AbortSignal.timeout(deadlineMs);
  const response = await fetch(versionAddress(whatsAppUrl), { headers, signal, redirect: 'error' });
  const text = await response.text();
  if (!response.ok) throw new Error(`WhatsApp answered with HTTP ${response.status}.`);
  const [, revision] = /\\?"client_revision\\?":\s*(\d{1,12})\b/.exec(text) ?? [];
  if (revision === undefined) throw new Error('The answer of WhatsApp names no version.');
  return `2.3000.${revision}`;
}
