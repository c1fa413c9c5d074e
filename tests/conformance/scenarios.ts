// The scenarios that every channel must tell: from accepted to read, and through kills, nothing lost and nothing doubled.
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { closeGap, type Nodes, nodesOf } from './nodes.ts';
import type { Person, World } from './world.ts';

// biome-ignore lint/suspicious/noExplicitAny: what the API answers
type Json = any;

/** Plays the scenarios on a channel. `open` starts its outside world with one account on the channel. */
export function channelScenarios(name: string, open: () => Promise<World>): void {
  describe(name, () => {
    vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });
    let world: World;
    let nodes: Nodes;

    beforeAll(async () => {
      world = await open();
      nodes = nodesOf(world);
    });
    afterEach(() => nodes.close());
    afterAll(async () => {
      await nodes?.close();
      await world?.close();
    });

    const call = (method: string, path: string, body?: object) => world.scenario.api(method, `/api/v1/${path}`, body);

    async function post(to: Person, text: string): Promise<string> {
      const body = { account_id: world.accountId, to: to.number, type: 'text', text: { body: text } };
      const answer = await call('POST', 'messages', body);
      expect(answer.status, answer.text).toBe(202);
      return answer.body.id;
    }
    const message = async (id: string): Promise<Json> => (await call('GET', `messages/${id}`)).body;
    const becomes = (id: string, status: string) =>
      expect.poll(async () => (await message(id)).status, { timeout: 90_000 }).toBe(status);
    /** The texts of the conversation with a person, oldest first, each with its direction. */
    async function thread(person: Person): Promise<string[]> {
      const found = (await call('GET', `contacts?phone=${encodeURIComponent(person.number)}`)).body.data[0];
      if (!found) return [];
      const [conversation] = (await call('GET', `conversations?contact_id=${found.id}`)).body.data;
      if (!conversation) return [];
      const { data } = (await call('GET', `conversations/${conversation.id}/messages?limit=100`)).body;
      return data.map(({ direction, text }: Json) => `${direction} ${text.body}`).reverse();
    }
    /** The status of each message, or why it waits. */
    const states = (ids: string[]): Promise<string[]> =>
      Promise.all(
        ids.map(async id => {
          const { status, waiting } = await message(id);
          return status === 'queued' ? (waiting?.reason ?? status) : status;
        }),
      );
    /** Whether a message still gets an outcome by itself soon. */
    const isOpen = (state: string) =>
      world.repeats
        ? state !== 'delivered'
        : !['delivered', 'unknown', 'unknown_outcome', 'conversation_order'].includes(state);
    const threadIs = (person: Person, expected: string[]) =>
      expect.poll(() => thread(person), { timeout: 90_000 }).toEqual(expected);

    test('a message is accepted, sent, delivered and read', async () => {
      await nodes.start();
      const ana = await world.person();
      const id = await post(ana, 'Your table is ready.');
      await expect.poll(() => ana.shown(), { timeout: 30_000 }).toEqual(['Your table is ready.']);
      await becomes(id, 'delivered');
      await ana.read();
      await becomes(id, 'read');
      const types = (await message(id)).events.map(({ type }: Json) => type);
      expect(types).toEqual(['message.queued', 'message.sending', 'message.sent', 'message.delivered', 'message.read']);
    });

    test('a person writes, and gets an answer', async () => {
      await nodes.start();
      const bruno = await world.person();
      await bruno.write('Are you open?');
      await threadIs(bruno, ['inbound Are you open?']);
      const id = await post(bruno, 'Until six.');
      await becomes(id, 'delivered');
      expect(await bruno.shown()).toContain('Until six.');
      await threadIs(bruno, ['inbound Are you open?', 'outbound Until six.']);
    });

    test('a kill in the middle of sending: the same id, and once on the phone', async () => {
      const node = await nodes.start();
      const clara = await world.person();
      const { accepted } = await world.keepAnswer(clara);
      const id = await post(clara, 'Your code is 493817.');
      await accepted;
      await nodes.kill(node);
      expect(['sending', 'unknown']).toContain((await message(id)).status);
      await nodes.start();
      await becomes(id, 'delivered');
      expect(await clara.shown()).toEqual(['Your code is 493817.']);
      expect(new Set(await world.idsOf(clara, 'Your code is 493817.')).size).toBe(1);
    });

    test('a kill in the gap of receiving: nothing is lost, nothing doubled', async () => {
      const node = await nodes.start();
      const davi = await world.person();
      const gap = await closeGap(world);
      await davi.write('Is it late?');
      await gap.reached();
      await nodes.kill(node);
      await gap.open();
      expect(await thread(davi)).toEqual([]);
      await nodes.start();
      await threadIs(davi, ['inbound Is it late?']);
      await davi.write('Hello?');
      await threadIs(davi, ['inbound Is it late?', 'inbound Hello?']);
    });

    test('two nodes, and one is killed: the other takes over, and nothing is doubled', async () => {
      const first = await nodes.start();
      await nodes.start();
      const people = [await world.person(), await world.person(), await world.person()];
      const texts = ['one', 'two', 'three', 'four'];
      const ids: string[] = [];
      for (const text of texts) for (const person of people) ids.push(await post(person, text));
      await expect.poll(async () => (await people[0]?.shown())?.length, { timeout: 30_000 }).toBeGreaterThan(0);
      await nodes.kill(first);
      for (const person of people) await person.write('Thank you');
      await expect.poll(async () => (await states(ids)).filter(isOpen), { timeout: 120_000 }).toEqual([]);
      const delivered = (await states(ids)).filter(state => state === 'delivered').length;
      const shown = (await Promise.all(people.map(person => person.shown()))).flat();
      for (const person of people) expect(new Set(await person.shown()).size).toBe((await person.shown()).length);
      // Where a call must not be repeated, one that the kill interrupted may stay unknown, and others wait behind it.
      if (world.repeats) expect(delivered).toBe(ids.length);
      expect(shown.length).toBeGreaterThanOrEqual(delivered);
      for (const person of people)
        await expect
          .poll(async () => (await thread(person)).filter(line => line === 'inbound Thank you').length, {
            timeout: 90_000,
          })
          .toBe(1);
    });
  });
}
