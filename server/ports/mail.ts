// The mail port: features send mail without knowing SMTP.
export interface Letter {
  /** An e-mail address. */
  to: string;
  subject: string;
  /** Plain text. */
  text: string;
}

/**
 * The result of a mail.
 * - sent: the mail server accepted it
 * - not_now: it did not, and may later; in rare cases it did, and a retry sends a second one
 * - rejected: permanently rejected
 */
export type Delivery = 'sent' | 'not_now' | 'rejected';

/** What failed, for the one who looks for the cause. */
export interface MailFailure {
  code: 'dns' | 'connection' | 'tls' | 'login' | 'sender' | 'recipient' | 'deadline' | 'other';
  /** What the mail server answered, if it did. It may repeat the address. */
  response: string | undefined;
}

export interface Mailer {
  /** The mail server with its port, and the sender. */
  server: string;
  from: string;
  /** Sends a mail once. Logs a failure without the address; never throws. */
  send(letter: Letter): Promise<Delivery>;
  /** The same, with what failed; undefined where the mail server accepted it. */
  attempt(letter: Letter): Promise<MailFailure | undefined>;
  /** Greets the server and logs in, without a mail. Returns what failed; undefined where nothing did. */
  check(): Promise<MailFailure | undefined>;
}
