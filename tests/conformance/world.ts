// The outside world of a channel: every channel plays the same scenarios in it.
import type { Scenario } from '../setup/scenario.ts';

/** A person with a phone, far away from Recado. */
export interface Person {
  /** In E.164. */
  number: string;
  /** The texts on their phone, one for each message that it shows. */
  shown(): Promise<string[]>;
  write(text: string): Promise<void>;
  /** Opens the chat: everything in it is read. */
  read(): Promise<void>;
}

export interface World {
  /** The API alone: the lanes run in the nodes that a scenario starts and kills. */
  scenario: Scenario;
  accountId: string;
  /** The settings that a node needs beside those of the scenario. */
  nodeEnv: Record<string, string>;
  /** Whether an unknown outcome is called again, because the outside world drops a repeated id. */
  repeats: boolean;
  /** The roles of a node. */
  roles: string;
  /** Resolves when a new node can send for the account. */
  ready(): Promise<void>;
  person(): Promise<Person>;
  /** The outside world accepts the next message to this person and keeps its answer back. Resolves when it has it. */
  keepAnswer(person: Person): Promise<{ accepted: Promise<void> }>;
  /** The ids under which the outside world has this text for this person, one for each time that it came. */
  idsOf(person: Person, text: string): Promise<string[]>;
  /** The table whose insert commits what was received: a node that is killed there has acknowledged already. */
  gapTable: 'message' | 'inbound_payload';
  close(): Promise<void>;
}
