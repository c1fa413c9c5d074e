// How letters leave: a port, so that no feature knows of SMTP.
export interface Letter {
  /** An e-mail address. */
  to: string;
  subject: string;
  /** Plain text. */
  text: string;
}

export interface Mailer {
  /** Whether the mail server took the letter. A failure is logged, without the address, and never thrown. */
  send(letter: Letter): Promise<boolean>;
}
