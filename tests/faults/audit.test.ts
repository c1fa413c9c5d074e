// What the audit and the schedule report as mistakes, with made-up rows, ledgers and faults.
import { expect, test } from 'vitest';
import { newUuid, toId } from '../../server/kit/ids.ts';
import type { Fault, LedgerEntry } from './actors.ts';
import { compare, type Endings } from './audit.ts';
import type { ChannelFault, Witness } from './load.ts';
import { randomFrom } from './random.ts';
import { noTimes, tooLate } from './recovery.ts';
import { play, unfounded } from './schedule.ts';

interface Made {
  status: string;
  called?: boolean;
  fault?: ChannelFault;
  /** When its call was in flight, in milliseconds. */
  call?: [started: number, ended: number | null];
}

const noEndings: Endings = { spans: [], places: 10 };

function audited(made: Made[], endings = noEndings) {
  const all = made.map((each, n) => {
    const uuid = newUuid();
    return { ...each, id: toId('message', uuid), uuid, to: `+3361${String(n).padStart(7, '0')}`, token: `token ${n}` };
  });
  const witness: Witness = {
    accepted: all.map(({ id, to, fault }) => ({ id, key: to, to, accountId: 'acc', fault, at: 0 })),
    pairs: [],
    written: [],
    complaints: [],
    repeated: 0,
  };
  const ledger = all
    .filter(({ called }) => called)
    .map(({ to, token }): LedgerEntry => ({ wamid: token, phone_number_id: '1', to: to.slice(1), token, outcome: '' }));
  const rows = {
    messages: all.map(({ uuid, status, to }) => ({ id: uuid, status, address: to })),
    attempts: all.map(({ uuid, token, call: [started, ended] = [0, 1] }) => ({
      token,
      message_id: uuid,
      started_at: started,
      ended_at: ended,
    })),
    held: new Set<string>(),
  };
  return compare(rows, witness, ledger, endings);
}

const lost = (call: [number, number | null], count = 1): Made[] =>
  Array.from({ length: count }, () => ({ status: 'unknown', call }));

test('a message with one call that is sent is no fault', () => {
  const findings = audited([{ status: 'delivered', called: true }]);
  expect(findings).toMatchObject({ accepted: 1, uncalled: [], lied: [], lost: [], duplicated: [], unexpected: [] });
});

test.each(['failed', 'cancelled', 'expired'])('what ended %s without a call is a mistake', status => {
  expect(audited([{ status }]).uncalled).toHaveLength(1);
  expect(audited([{ status, fault: 'dropped' }]).uncalled).toHaveLength(1);
  expect(audited([{ status, called: true }])).toMatchObject({ uncalled: [], lied: [expect.any(String)] });
});

test('what is unknown was dropped by the channel, or its call was in flight at a fault that ends calls', () => {
  const endings = { spans: [{ from: 1_000, to: 2_000, faults: 1 }], places: 10 };
  const made: Made[] = [
    { status: 'unknown', fault: 'dropped' },
    ...lost([900, 1_100]),
    ...lost([1_500, null]),
    ...lost([500, 900]),
    ...lost([2_100, null]),
    { status: 'unknown', fault: 'answer lost' },
  ];
  const findings = audited(made, endings);
  expect(findings).toMatchObject({ unknown: 6, dropped: 1, ended: 2, others: [] });
  expect(findings.unexplained).toHaveLength(3);
});

test('no more are unknown of a fault than can be in flight at once', () => {
  const endings = (faults: number) => ({ spans: [{ from: 0, to: 10, faults }], places: 10 });
  expect(audited(lost([5, null], 10), endings(1)).others).toEqual([]);
  expect(audited(lost([5, null], 11), endings(1)).others).toEqual([
    '1 faults left 11 messages unknown, of 10 calls under way',
  ]);
  expect(audited(lost([5, null], 11), endings(2)).others).toEqual([]);
});

test('a start that came to nothing is a mistake, unless what it needs was away', () => {
  const start = { from: 10, to: 20, words: 'no' };
  expect(unfounded([start], [])).toEqual([expect.stringContaining('no')]);
  expect(unfounded([start], [{ from: 21, to: 30 }])).toHaveLength(1);
  expect(unfounded([start], [{ from: 15, to: 30 }])).toEqual([]);
});

const fault = (name: string, act: Fault['act']): Fault => ({ name, target: name, weight: 1, act });

function playOf(faults: Fault[], kills: number, rounds: number) {
  let [looks, accepted] = [0, 0];
  const schedule = {
    kills,
    messagesPerKill: 1,
    accepted: () => accepted++,
    isOver: () => looks++ >= rounds,
    long: true,
    tell: () => {},
  };
  return play({ faults }, schedule, randomFrom(1));
}

test('a fault that never came to it does not count as played, and too few are a mistake', async () => {
  const came = await playOf([fault('kill', async () => {})], 2, 5);
  expect(came).toMatchObject({ faults: new Map([['kill', 2]]), complaints: [] });
  const missed = await playOf([fault('cut', async () => false)], 1, 2);
  expect(missed).toMatchObject({ faults: new Map(), complaints: ['0 of 1 faults were played in the time'] });
});

test('where messages are not accepted from one fault to the next is a mistake', async () => {
  const schedule = { kills: 1, messagesPerKill: 1, accepted: () => 0, long: true, tell: () => {} };
  const played = await play(
    { faults: [fault('kill', async () => {})] },
    { ...schedule, isOver: () => false, patienceSeconds: 0 },
    randomFrom(1),
  );
  expect(played.complaints).toEqual([expect.stringContaining('only 0 messages were accepted')]);
});

test('any late continuation is a fault', () => {
  expect(tooLate({ ...noTimes(), accepted: [5_000], delivered: [5_000], left: [5_000], byItself: [5_000] })).toEqual(
    [],
  );
  for (const name of ['accepted', 'delivered', 'left', 'byItself'] as const)
    expect(tooLate({ ...noTimes(), [name]: [5_001] }), name).toHaveLength(1);
});
