// Sends mail by SMTP.
import { createTransport, type NodemailerError } from 'nodemailer';
import type { Mailer } from '../../ports/mail.ts';

export interface SmtpSettings {
  /** smtp://user:password@host:587, or smtps:// for TLS from the start. */
  url: string;
  /** The sender: an address, or `Name <address>`. */
  from: string;
  /** The deadline of one mail, in milliseconds; 30 seconds by default. */
  deadlineMs?: number;
}

/** The log of mails that could not be sent. */
export interface MailLog {
  warn(fields: object, message: string): void;
}

const loopback = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;

/** Time limits of the steps of a delivery: the inviting person waits. The last one limits silence only. */
const patience = { dnsTimeout: 5_000, connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 10_000 };

/** Permanent: the server rejected it with such a code, or we did because it offers no TLS. */
const isForGood = ({ responseCode, code }: Partial<NodemailerError>) =>
  (responseCode !== undefined && responseCode >= 500) || code === 'ETLS';

/**
 * Returns a mailer for one SMTP server, with a connection for each mail. It never sends credentials without TLS,
 * except to a server on this machine.
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
        // Do not log the server's text: it repeats the address. The codes are enough.
        const { code, responseCode, command } = error as Partial<NodemailerError>;
        const fields = { code: whole.signal.aborted ? 'deadline' : code, response_code: responseCode, command };
        log.warn(fields, 'a mail could not be sent');
        return isForGood(error as Partial<NodemailerError>) ? 'rejected' : 'not_now';
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
