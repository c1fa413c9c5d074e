// A client of the event log: what it wants, who may see it, and how its connection takes events.
import { type CloseCode, type EventName, namesOf, type PublicEvent } from '@recado/contract';
import { presenterFor } from '../../kit/http/masking.ts';
import type { Caller } from '../../kit/http/routes.ts';
import { canSee, type EventRow, isAbout, mayBeAbout, type Position, type Subject } from '../events/index.ts';

/** How to look up a caller again: without the credential itself, of which no memory should hold a list. */
export type Proof = { kind: 'session'; sessionId: string } | { kind: 'api_key'; hash: Buffer; address: string };

/** A caller with its connections: rights change for all of them at once. */
export interface Access {
  key: string;
  proof: Proof;
  caller: Caller;
  /** When the rights were last read, by the clock. */
  checkedAt: number;
  clients: number;
}

export interface Filter {
  /** The patterns as given, for reading the log. */
  types: readonly string[] | undefined;
  names: ReadonlySet<EventName> | undefined;
  /** UUIDs. */
  accounts: readonly string[] | undefined;
  subject: Subject | undefined;
}

export const filterOf = (
  types?: readonly string[],
  accounts?: readonly string[],
  subject?: Subject | undefined,
): Filter => ({
  types,
  names: types && new Set(types.flatMap(namesOf)),
  accounts,
  subject,
});

/** An event with its text, which is made once for all clients. */
export interface Prepared {
  row: EventRow;
  event: PublicEvent;
  /** The event as a block of a stream. */
  block(): Buffer;
}

/** The connection of one client. */
export interface Sink {
  transport: Transport;
  /** Sends an event, at the latest when the transport is flushed. */
  send(event: Prepared): void;
  /** Tells the client that it has everything up to this event. */
  mark(id: string): void;
  /** Tells a client that catches up how far it is behind, in seconds. */
  behind(seconds: number): void;
  /** Keeps the connection open where it is otherwise silent. */
  beat(): void;
  /** Tells the client that its rights changed: it sees other events from here on. */
  access(caller: Caller): void;
  /** Tells the client that events are missing, and closes. */
  resync(lastId: string | null): void;
  /** Says why, and closes. */
  close(code: CloseCode): void;
  /** How many bytes the client has not taken yet. */
  buffered(): number;
}

/** What all connections of a kind have in common. */
export interface Transport {
  name: 'sse' | 'socket';
  /** Sends what waits for company: one event goes to many at once. */
  flush(): void;
}

/** Clients with the same rights and filter, so that both are checked once for all of them. */
export interface Audience {
  access: Access;
  filter: Filter;
  clients: Set<Client>;
}

export interface Client {
  audience: Audience;
  sink: Sink;
  /** Spreads heartbeats over time. */
  slot: number;
  state: 'catching_up' | 'live' | 'closed';
  /** What came while the client catches up; undefined where that was too much. */
  pending: Prepared[] | undefined;
  /** The client has all events up to here; undefined once the feed is beyond it. */
  upTo: Position | undefined;
  /** The last id that the client got. */
  lastId: string | undefined;
  /** How far it was behind when it was told so last, in seconds. */
  behind: number;
}

/** Some readers of streams end a line at these characters too. As escapes they are the same JSON. */
const lineSafe = (json: string): string =>
  json.replace(/[\u0085\u2028\u2029]/g, found => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);

export const prepare = (row: EventRow, event: PublicEvent): Prepared => {
  let block: Buffer | undefined;
  return {
    row,
    event,
    block() {
      block ??= Buffer.from(`id: ${event.id}\ndata: ${lineSafe(JSON.stringify(event))}\n\n`);
      return block;
    },
  };
};

/** Whether an event may be for these clients, as far as its row says. */
export const wants = ({ access, filter }: Audience, row: EventRow): boolean =>
  canSee(access.caller, row) &&
  (filter.names === undefined || filter.names.has(row.type)) &&
  (filter.accounts === undefined || (row.account_id !== null && filter.accounts.includes(row.account_id))) &&
  (filter.subject === undefined || mayBeAbout(filter.subject, row));

/** Whether an event that they want is about what they ask for. */
export const isTheirs = ({ filter: { subject } }: Audience, prepared: Prepared): boolean =>
  subject === undefined || isAbout(subject, prepared);

/** The accounts that both a caller and a filter allow; undefined if all. */
export function accountsOf({ access: { caller }, filter }: Audience): readonly string[] | undefined {
  if (filter.accounts === undefined || caller.accounts === undefined) return filter.accounts ?? caller.accounts;
  const own = new Set(caller.accounts);
  return filter.accounts.filter(id => own.has(id));
}

/** Sends an event to these clients. */
export function send(event: Prepared, clients: readonly Client[]): void {
  const transports = new Set<Transport>();
  let masked: Prepared | undefined;
  for (const client of clients) {
    client.lastId = event.event.id;
    const { caller } = client.audience.access;
    if (caller.seesNumbers) client.sink.send(event);
    else {
      masked ??= prepare(event.row, presenterFor(caller).shown(event.event));
      client.sink.send(masked);
    }
    transports.add(client.sink.transport);
  }
  for (const transport of transports) transport.flush();
}
