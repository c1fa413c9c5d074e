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

export interface Mailer {
  /** Sends a mail once. Logs a failure without the address; never throws. */
  send(letter: Letter): Promise<Delivery>;
}
