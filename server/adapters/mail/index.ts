// Letters by SMTP.
import { createTransport, type NodemailerError } from 'nodemailer';
import type { Mailer } from '../../ports/mail.ts';

export interface SmtpSettings {
  /** smtp://user:password@host:587, or smtps:// where TLS begins at once. */
  url: string;
  /** The sender: an address, or `Name <address>`. */
  from: string;
  /** How long a letter may take as a whole, in milliseconds; 30 seconds if not given. */
  deadlineMs?: number;
}

/** What is told of a letter that did not leave. */
export interface MailLog {
  warn(fields: object, message: string): void;
}

const loopback = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;

/** How long each step of a delivery may take: whoever invites somebody waits for it. The last counts silence only. */
const patience = { dnsTimeout: 5_000, connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 10_000 };

/** Refused by the server with a code of that kind, or by us, as it offers no TLS. */
const isForGood = ({ responseCode, code }: Partial<NodemailerError>) =>
  (responseCode !== undefined && responseCode >= 500) || code === 'ETLS';

/**
 * Sends through one mail server, over a connection for each letter. Credentials never travel without TLS, but for a
 * server on this machine.
 */
export function smtpMailer({ url, from, deadlineMs = 30_000 }: SmtpSettings, log: MailLog): Mailer {
  const { protocol, hostname, port, username, password } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const transport = createTransport({
    host,
    port: port === '' ? (protocol === 'smtps:' ? 465 : 587) : Number(port),
    secure: protocol === 'smtps:',
    requireTLS: username !== '' && protocol === 'smtp:' && !loopback.test(host),
    ...(username !== '' && { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    ...patience,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send({ to, subject, text }) {
      const whole = new AbortController();
      const timer = setTimeout(() => whole.abort(), deadlineMs);
      try {
        await transport.sendMail({ from, to: { name: '', address: to }, subject, text, signal: whole.signal });
        return 'sent';
      } catch (error) {
        // What the server says repeats the address; the codes say enough.
        const { code, responseCode, command } = error as Partial<NodemailerError>;
        const fields = { code: whole.signal.aborted ? 'deadline' : code, response_code: responseCode, command };
        log.warn(fields, 'a letter could not be sent');
        return isForGood(error as Partial<NodemailerError>) ? 'refused' : 'not_now';
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
