// What a hook is told when somebody presses Test.
import { randomBytes } from 'node:crypto';
import type { ReadCall } from './read-call.ts';

/** A call that is about nothing else, so that no other test is a repeat of it. */
export const testCall = (): ReadCall => ({
  format: 'text',
  state: 'note',
  title: 'A test of this hook',
  text: 'Somebody pressed Test. Alerts come here.',
  source: 'Recado',
  link: undefined,
  subject: randomBytes(32),
  fingerprint: randomBytes(32),
});
