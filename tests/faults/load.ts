// The load: clients that post and phones that write, without pausing for faults, and a witness of accepted messages.
import type { Actors } from './actors.ts';
import type { Answer, Json } from './client.ts';
import { pause } from './processes.ts';
import type { Random } from './random.ts';

/** Recipients that force a channel fault, by their last two digits (simulator/README.md), and their weights. */
export const channelFaults = {
  'answer lost': { digits: '16', weight: 8 },
  'garbage for an answer': { digits: '18', weight: 8 },
  // Each holds one of an account's ten slots for 15 s.
  'no answer': { digits: '26', weight: 1 },
  dropped: { digits: '27', weight: 8 },
  // A 5xx with an error of Meta's own is a refusal, and is tried again; a proxy's page proves nothing.
  'gateway error after accepting': { digits: '41', weight: 8 },
} as const;
export type ChannelFault = keyof typeof channelFaults;

/** A message that got a 202. */
export interface Accepted {
  id: string;
  key: string;
  to: string;
  accountId: string;
  fault: ChannelFault | undefined;
  /** When the response arrived, by performance.now(). */
  at: number;
}

export interface Witness {
  accepted: Accepted[];
  /** Two messages to one number, the second posted after the first's response. */
  pairs: [first: string, second: string][];
  /** Texts that a phone sent and the simulator confirmed. */
  written: string[];
  /** Responses that a client may not expect, as text. */
  complaints: string[];
  /** Requests without a response, or with one that asks to retry. */
  repeated: number;
}

export interface Load {
  witness: Witness;
  /** Resolves when all requests have a response; any without one after two minutes is a complaint. */
  stop(): Promise<void>;
}

const clients = 16;
const longestPauseMs = 150;

/** Starts at once. Uses each number once, except in pairs. */
export function startLoad(actors: Actors, accountIds: string[], random: Random): Load {
  const witness: Witness = { accepted: [], pairs: [], written: [], complaints: [], repeated: 0 };
  const { call } = actors.client;
  const nextNumber = numbers(random);
  let stopping = false;
  let giveUpAt = Number.POSITIVE_INFINITY;

  /** Retries with the same key until there is a response, as the guide tells clients. */
  async function insist(ask: () => Promise<Answer>): Promise<Answer> {
    for (;;) {
      const answer = await ask().catch(() => undefined);
      if (answer?.status === 500) witness.complaints.push(`a request was answered with 500 ${answer.body?.code}`);
      if (answer && answer.status < 500 && answer.status !== 401 && answer.status !== 429) return answer;
      if (performance.now() > giveUpAt) throw new Error('a request was never answered');
      witness.repeated++;
      await pause(100 + random.whole(0, 200));
    }
  }

  async function post(to: string, fault?: ChannelFault, nth = 1): Promise<string | undefined> {
    const key = `${to} ${nth}`;
    const accountId = accountIds[Number(to.slice(-3)) % accountIds.length] ?? '';
    const body = { account_id: accountId, to, type: 'text', text: { body: `message ${key}` } };
    const ask = () => call('POST', '/api/v1/messages', body, { 'idempotency-key': key });
    const { status, body: answer } = await insist(ask);
    if (status !== 202) {
      witness.complaints.push(`${key} was rejected with ${status} ${answer?.code}`);
      return undefined;
    }
    witness.accepted.push({ id: answer.id, key, to, accountId, fault, at: performance.now() });
    if (random.chance(0.05)) {
      const again = await insist(ask);
      if (again.status !== 202 || again.body.id !== answer.id)
        witness.complaints.push(`${key} was repeated and answered with ${again.status} ${again.body?.id}`);
    }
    return answer.id;
  }

  async function postPair(to: string): Promise<void> {
    const first = await post(to);
    const second = first && (await post(to, undefined, 2));
    if (first && second) witness.pairs.push([first, second]);
  }

  async function write(from: string): Promise<void> {
    const { body: account } = await insist(() => call('GET', `/api/v1/accounts/${random.pick(accountIds)}`));
    const text = `written by ${from}`;
    const confirmed = await fetch(`${actors.simulatorUrl()}/phones/${from}/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ to: account?.phone_number_id, type: 'text', text: { body: text } }),
      signal: AbortSignal.timeout(10_000),
    }).catch(() => undefined);
    if (confirmed?.status === 202) witness.written.push(text);
  }

  /** Marks the newest inbound message as read, which changes its conversation's counter. */
  async function read(): Promise<void> {
    const list = await insist(() => call('GET', '/api/v1/messages?direction=inbound&limit=1'));
    const [newest]: Json[] = list.body?.data ?? [];
    if (newest) await insist(() => call('PUT', `/api/v1/messages/${newest.id}/read`));
  }

  const weights = { one: 78, pair: 10, faulty: 5, written: 5, read: 2 };
  async function client(): Promise<void> {
    while (!stopping) {
      const what = random.weighted(weights);
      if (what === 'one') await post(nextNumber.ordinary());
      else if (what === 'pair') await postPair(nextNumber.ordinary());
      else if (what === 'written') await write(nextNumber.ordinary());
      else if (what === 'read') await read();
      else {
        const { to, fault } = nextNumber.faulty();
        await post(to, fault);
      }
      await pause(random.whole(0, longestPauseMs));
    }
  }

  const complain = (error: Error) => witness.complaints.push(error.message);
  const running = Promise.all(Array.from({ length: clients }, () => client().catch(complain)));
  return {
    witness,
    async stop() {
      stopping = true;
      giveUpAt = performance.now() + 120_000;
      await running;
    },
  };
}

/** French mobile numbers in order, and the reserved ones of successive US area codes. */
function numbers(random: Random) {
  let last = 0;
  const areas = new Map<ChannelFault, number>();
  const weights = Object.fromEntries(Object.entries(channelFaults).map(([name, { weight }]) => [name, weight]));
  const ordinary = () => `+336${String(++last).padStart(8, '0')}`;
  return {
    ordinary,
    faulty(): { to: string; fault: ChannelFault | undefined } {
      const fault = random.weighted(weights as Record<ChannelFault, number>);
      const area = (areas.get(fault) ?? 200) + 1;
      areas.set(fault, area);
      return area > 999
        ? { to: ordinary(), fault: undefined }
        : { to: `+1${area}55501${channelFaults[fault].digits}`, fault };
    },
  };
}
