// The door of the fake WhatsApp: a server on this machine that real clients link to and talk through.
import { quietLibsignal } from './quiet.ts';
import { type FakeOptions, FakeWhatsApp } from './server.ts';

export type { Device } from './accounts.ts';
export type { ChatMessage } from './chat-message.ts';
export type { Group } from './groups.ts';
export type { HistoryItem } from './history.ts';
export type { LoggedStanza } from './log.ts';
export type { Owner } from './owner.ts';
export type { Person, WriteOptions } from './person.ts';
export type { ExpectedFault, MessageFault } from './script.ts';
export type { Ending } from './sessions.ts';
export type { FakeOptions, FakeWhatsApp };

/** Starts a fake WhatsApp on a free port of 127.0.0.1. */
export async function startFakeWhatsApp(options: FakeOptions = {}): Promise<FakeWhatsApp> {
  quietLibsignal();
  const fake = new FakeWhatsApp(options);
  await fake.start();
  return fake;
}
