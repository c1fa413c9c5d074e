// How letters leave: a port, so that no feature knows of SMTP.
export interface Letter {
  /** An e-mail address. */
  to: string;
  subject: string;
  /** Plain text. */
  text: string;
}

/**
 * What came of a letter.
 * - sent: the mail server took it
 * - not_now: it did not, and may take it later; rarely it has taken it all the same, and another would be the second
 * - refused: it never will
 */
export type Delivery = 'sent' | 'not_now' | 'refused';

export interface Mailer {
  /** Hands a letter to the mail server, once. A failure is logged, without the address, and never thrown. */
  send(letter: Letter): Promise<Delivery>;
}
