// The Cloud API as a world of the scenarios: the simulator, which the scenario runs.
import { expect } from 'vitest';
import { until } from '../faults/processes.ts';
import { startScenario } from '../setup/scenario.ts';
import type { Person, World } from './world.ts';

/** A message on the screen of a phone. */
interface Shown {
  direction: 'received' | 'written';
  preview: string;
}

let people = 0;

export async function openCloudWorld(): Promise<World> {
  // A receipt that comes before the answer is stored makes a message delivered without it ever being sent.
  const scenario = await startScenario({ roles: 'api', autoRead: false, delays: { delivered: 500 } });
  const { simulator, account } = scenario;
  const limits = { rate: { messages: 1_000, seconds: 1 } };
  await scenario.api('PATCH', `/api/v1/accounts/${account.id}`, { limits });

  const phone = async (number: string, path: string, method: 'GET' | 'POST', body?: object) => {
    const answer = await fetch(`${simulator.url}/phones/${encodeURIComponent(number)}${path}`, {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`the simulator answered ${answer.status}: ${await answer.text()}`);
    return answer;
  };
  const entriesOf = (person: Person) =>
    simulator.ledger.entries().filter(({ to }) => `+${to.replace(/^\+/, '')}` === person.number);

  return {
    scenario,
    accountId: account.id,
    nodeEnv: {},
    repeats: false,
    roles: 'worker',
    gapTable: 'message',
    ready: async () => {},
    async person() {
      const number = `+33655${String(100_000 + ++people)}`;
      return {
        number,
        shown: async () => {
          const answer = await phone(number, `/chats/${account.phone_number_id}`, 'GET');
          const { messages } = (await answer.json()) as { messages: Shown[] };
          return messages.filter(({ direction }) => direction === 'received').map(({ preview }) => preview);
        },
        write: async text => {
          await phone(number, '/messages', 'POST', { to: account.phone_number_id, type: 'text', text: { body: text } });
        },
        read: async () => {
          await phone(number, '/read', 'POST');
        },
      };
    },
    async keepAnswer(person) {
      const script = (path: string, rule: object) =>
        fetch(`${simulator.url}/script/${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ ...rule, to: person.number }),
        }).then(({ status }) => expect(status).toBe(201));
      await script('messages', { fault: 'no-answer', times: 1 });
      // A receipt would settle the message before the kill.
      await script('webhooks', { fault: 'delay', kind: 'status', delay_ms: 5_000, times: 3 });
      const accepted = until('the message was accepted', 30, async () => entriesOf(person).length > 0).then(() => {});
      return { accepted };
    },
    idsOf: async person => entriesOf(person).map(({ wamid }) => wamid),
    close: () => scenario.close(),
  };
}
