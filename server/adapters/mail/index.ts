// Sends mail by SMTP.
import { createTransport, type NodemailerError } from 'nodemailer';
import type { Letter, Mailer, MailFailure } from '../../ports/mail.ts';

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

type Failed = Pick<Partial<NodemailerError>, 'code' | 'responseCode' | 'response' | 'command'>;

const loopback = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;

/** Time limits of the steps of a delivery: the inviting person waits. The last one limits silence only. */
const patience = { dnsTimeout: 5_000, connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 10_000 };

/** Permanent: the server rejected it with such a code, or we did because it offers no TLS. */
const isForGood = ({ responseCode, code }: Failed) =>
  (responseCode !== undefined && responseCode >= 500) || code === 'ETLS';

/**
 * Returns a mailer for one SMTP server, with a connection for each mail. It never sends credentials without TLS,
 * except to a server on this machine.
 */
export function smtpMailer({ url, from, deadlineMs = 30_000 }: SmtpSettings, log: MailLog): Mailer {
  const { protocol, hostname, port, username, password } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const usedPort = port === '' ? (protocol === 'smtps:' ? 465 : 587) : Number(port);
  const transport = createTransport({
    host,
    port: usedPort,
    secure: protocol === 'smtps:',
    requireTLS: username !== '' && protocol === 'smtp:' && !loopback.test(host),
    ...(username !== '' && { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    ...patience,
    disableFileAccess: true,
    disableUrlAccess: true,
  });

  /** @returns the error; undefined where the mail server accepted the mail */
  async function trySend({ to, subject, text }: Letter): Promise<Failed | undefined> {
    const whole = new AbortController();
    const timer = setTimeout(() => whole.abort(), deadlineMs);
    try {
      await transport.sendMail({ from, to: { name: '', address: to }, subject, text, signal: whole.signal });
      return undefined;
    } catch (error) {
      // Do not log the server's text: it repeats the address. The codes are enough.
      const { code, responseCode, command } = error as Failed;
      const fields = { code: whole.signal.aborted ? 'deadline' : code, response_code: responseCode, command };
      log.warn(fields, 'a mail could not be sent');
      return { code: fields.code, responseCode, command, response: (error as Failed).response };
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    server: `${hostname}:${usedPort}`,
    from,
    async send(letter) {
      const failed = await trySend(letter);
      if (!failed) return 'sent';
      return isForGood(failed) ? 'rejected' : 'not_now';
    },
    async attempt(letter) {
      const failed = await trySend(letter);
      return failed && { code: failureOf(failed), response: failed.response };
    },
    async check() {
      try {
        await transport.verify();
        return undefined;
      } catch (error) {
        return { code: failureOf(error as Failed), response: (error as Failed).response };
      }
    },
  };
}

/** What failed by the codes of nodemailer, and of an envelope by the command. */
function failureOf({ code, command }: Failed): MailFailure['code'] {
  if (code === 'EENVELOPE') return command === 'MAIL FROM' ? 'sender' : 'recipient';
  return (code !== undefined && failures[code]) || 'other';
}

const failures: Record<string, MailFailure['code']> = {
  EDNS: 'dns',
  ECONNECTION: 'connection',
  ECONNREFUSED: 'connection',
  ETIMEDOUT: 'connection',
  ESOCKET: 'connection',
  ETLS: 'tls',
  EAUTH: 'login',
  ENOAUTH: 'login',
  deadline: 'deadline',
};
