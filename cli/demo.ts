// `npx recado demo`: does the main job with a running Recado, reports each step, and stops at the first failure.
import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type Account,
  accountPage,
  contactPage,
  conversationPage,
  type Message,
  type MessageDetails,
  messageDetailsSchema,
  messagePage,
  messageSchema,
  statisticsSchema,
  tokensSchema,
} from '@recado/contract';
import { type Answer, broken, caller, explain, isTold, read, readLoosely } from './http.ts';
import { addLink, readSettings, type Settings, usage } from './settings.ts';

const patienceMs = 20_000;
const pauseMs = 100;

/** A message as the simulator's phone shows it. */
interface ScreenMessage {
  id: string;
  direction: string;
  status: string;
  text: string;
}

async function main(): Promise<void> {
  const words = process.argv.slice(2);
  if (words.includes('--help') || words.includes('-h')) return console.log(usage);
  const settings = readSettings(process.env, words);
  const recado = caller(
    settings.url,
    `Recado does not answer at ${settings.url}: start it with npm start, or set RECADO_URL.`,
  );
  const simulator = caller(
    settings.simulatorUrl,
    `The simulator does not answer at ${settings.simulatorUrl}: set SIMULATOR_URL to the address printed by npm start.`,
  );
  console.log(`Recado at ${settings.url}, simulated phones at ${settings.simulatorUrl}`);

  const ready = await recado('GET', '/readyz');
  if (ready.status !== 200) throw broken(`Recado is not ready: GET /readyz gave ${ready.status}.`);
  tick('Recado is ready.');

  const token = await logIn(recado, settings);
  const api = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    recado(method, path, { token, body, headers });
  const account = await chooseAccount(api);
  const to = `+55119${String(randomInt(100_000_000)).padStart(8, '0')}`;
  const phone = `/phones/${encodeURIComponent(to)}`;
  const say = (body: string) =>
    answer(body, () =>
      simulator('POST', `${phone}/messages`, {
        body: { to: account.phone_number_id, type: 'text', text: { body }, profile_name: 'Demo person' },
      }),
    );
  await say('Is my table ready?');
  await seeWindow(api, to);
  const sent = await send(api, account, to);
  await watch(api, sent);

  const screen = async () => {
    const answer = await simulator('GET', phone);
    if (answer.status === 404)
      throw broken(`${settings.simulatorUrl} has no phone ${to}: is SIMULATOR_URL the simulator of this Recado?`);
    return screenOf(readLoosely(answer, 200), account);
  };
  await seeOnPhone(screen, sent);
  const written = await say('Thank you!');
  const inbound = await receive(api, sent, to, written);
  await markAsRead(api, inbound);
  await seeBlueTicks(screen, written);
  await count(api, account, sent);
  console.log('Every step succeeded.');
}

type Call = ReturnType<typeof caller>;
type Api = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;

async function logIn(recado: Call, { email, password, setupToken }: Settings): Promise<string> {
  if (setupToken !== undefined) {
    const body = { token: setupToken, email, password, name: 'Owner' };
    const answer = await recado('POST', '/api/v1/setup', { body });
    // The token of a system that already has its owner: the login shows whether it is this one.
    if (answer.status !== 403) {
      read(tokensSchema, answer, 201);
      tick(`The setup token created the owner ${email}.`);
    }
  }
  const answer = await recado('POST', '/api/v1/auth/login', { body: { email, password } });
  if (answer.status === 401)
    throw broken(
      `The login as ${email} failed (${explain(answer)}) Check RECADO_OWNER_EMAIL and RECADO_OWNER_PASSWORD; on a system without an owner, ${addLink}`,
    );
  const tokens = read(tokensSchema, answer, 200);
  tick(`Logged in as ${email}; the access token expires in ${tokens.expires_in} s.`);
  return tokens.access_token;
}

async function chooseAccount(api: Api): Promise<Account> {
  const { data } = read(accountPage, await api('GET', '/api/v1/accounts?limit=100'), 200);
  const usable = data.find(account => account.capabilities.simulated && account.status === 'connected');
  if (!usable) {
    const states = data.map(
      account => `${account.name} is ${account.status} (${account.status_reason ?? 'no reason'})`,
    );
    throw broken(`No Sandbox account is connected: ${states.join('; ') || 'there is none'}.`);
  }
  const { rate, per_day } = usable.limits;
  tick(
    `Account ${usable.id} "${usable.name}" ${usable.phone}: ${rate.messages} messages in ${rate.seconds} s, ${per_day ?? 'no limit'} a day.`,
  );
  return usable;
}

/** WhatsApp lets a business write freely only to a person who wrote in the last 24 hours. */
async function seeWindow(api: Api, to: string): Promise<void> {
  const look = async () => {
    const { data } = read(contactPage, await api('GET', `/api/v1/contacts?phone=${encodeURIComponent(to)}`), 200);
    const path = `/api/v1/conversations?contact_id=${data[0]?.id}`;
    return data[0] && read(conversationPage, await api('GET', path), 200).data[0]?.window;
  };
  const window = await until(
    look,
    found => found?.open === true,
    () => `The message of ${to} did not arrive.`,
  );
  tick(`The 24-hour window of the conversation is open until ${window?.until}.`);
}

async function send(api: Api, account: Account, to: string): Promise<Message> {
  const body = { account_id: account.id, to, type: 'text', text: { body: 'Your table is ready.' } };
  const headers = { 'idempotency-key': `demo-${randomUUID()}` };
  const first = await api('POST', '/api/v1/messages', body, headers);
  const message = read(messageSchema, first, 202);
  if (message.status !== 'queued' || message.to !== to)
    throw broken(`The accepted message is ${message.status} to ${message.to}, not queued to ${to}.`);
  tick(`Accepted ${message.id} to ${to}: 202, ${message.status}, stored at ${message.created_at}.`);
  const again = await api('POST', '/api/v1/messages', body, headers);
  if (again.status !== 202 || again.text !== first.text)
    throw broken(`A retry with the same Idempotency-Key got a different response: ${again.status} ${again.text}`);
  tick('Sent the same request with the same Idempotency-Key again: the same response, byte for byte.');
  return message;
}

async function watch(api: Api, sent: Message): Promise<void> {
  const look = async () => read(messageDetailsSchema, await api('GET', `/api/v1/messages/${sent.id}`), 200);
  // The receipts may come before the response of the call, whose class is null until then.
  const isOver = ({ status, attempts }: MessageDetails) =>
    (status === 'read' || status === 'failed') && attempts.every(attempt => attempt.class !== null);
  const message = await until(look, isOver, tellWhyNot);
  if (message.status !== 'read') throw broken(tellWhyNot(message));
  const accepted = message.attempts.filter(attempt => attempt.class === 'accepted');
  if (accepted.length !== 1)
    throw broken(`The channel accepted ${sent.id} ${accepted.length} times: ${JSON.stringify(message.attempts)}`);
  message.events.forEach((event, index) => {
    if (event.number !== index + 1) throw broken(`Event ${index + 1} of ${sent.id} has the number ${event.number}.`);
    const after = new Date(event.at).getTime() - new Date(message.created_at).getTime();
    console.log(`    ${event.type} after ${after} ms`);
  });
  tick(
    `${message.id} is read: called ${message.attempts.length === 1 ? 'once' : `${message.attempts.length} times`}, accepted once, channel id ${message.channel_message_id}.`,
  );
}

function tellWhyNot({ id, status, error, waiting }: MessageDetails): string {
  if (status === 'read') return `${id} is read, but its call has no response yet.`;
  const because = error ? ` (${error.code}: ${error.title})` : '';
  const reason = waiting ? `; it waits for ${waiting.reason} until ${waiting.until ?? 'something happens'}` : '';
  return `${id} is ${status}${because} and not read${reason}.`;
}

async function seeOnPhone(screen: () => Promise<ScreenMessage[]>, sent: Message): Promise<void> {
  const body = String(sent.text?.body);
  const messages = await screen();
  const shown = messages.filter(message => message.direction === 'received' && message.text === body);
  if (shown.length !== 1) throw broken(`The phone shows the message ${shown.length} times instead of once.`);
  tick(`The phone of ${sent.to} shows "${body}" once.`);
}

async function answer(body: string, write: () => Promise<Answer>): Promise<string> {
  const { id } = record(readLoosely(await write(), 202));
  if (typeof id !== 'string') throw broken("The simulator returned no id for the person's message.");
  tick(`The person wrote "${body}": channel id ${id}.`);
  return id;
}

async function receive(api: Api, sent: Message, to: string, written: string): Promise<Message> {
  const look = async () => {
    const page = read(contactPage, await api('GET', `/api/v1/contacts?phone=${encodeURIComponent(to)}`), 200);
    return page.data[0];
  };
  const contact = await until(
    look,
    found => found?.unread_count === 2,
    found => `Contact ${found?.id ?? 'unknown'} has ${found?.unread_count ?? 'no'} unread messages instead of 2.`,
  );
  tick(`Contact ${contact?.id} "${contact?.name}" has ${contact?.unread_count} unread messages.`);

  const path = `/api/v1/conversations?contact_id=${sent.contact_id}`;
  const [conversation] = read(conversationPage, await api('GET', path), 200).data;
  if (conversation?.id !== sent.conversation_id)
    throw broken(`The conversation is ${conversation?.id}, and ${sent.id} was in ${sent.conversation_id}.`);
  const list = await api('GET', `/api/v1/conversations/${conversation.id}/messages`);
  const { data } = read(messagePage, list, 200);
  const [newest, middle] = data;
  if (data.length !== 3 || middle?.id !== sent.id || newest?.channel_message_id !== written)
    throw broken(
      `The conversation does not list the reply, the sent message and the first question: ${JSON.stringify(data)}`,
    );
  for (const message of data)
    console.log(`    ${message.direction} ${message.id} ${message.status}: ${message.text?.body}`);
  tick(`Conversation ${conversation.id} holds all three messages.`);
  return newest;
}

async function markAsRead(api: Api, inbound: Message): Promise<void> {
  const message = read(messageDetailsSchema, await api('PUT', `/api/v1/messages/${inbound.id}/read`), 200);
  const page = await api('GET', `/api/v1/conversations?contact_id=${inbound.contact_id}`);
  const unread = read(conversationPage, page, 200).data[0]?.unread_count;
  if (message.status !== 'read' || unread !== 0)
    throw broken(`After marking, ${inbound.id} is ${message.status} and ${unread} messages are unread.`);
  tick(`Marked ${inbound.id} as read at ${message.read_at}; ${unread} unread.`);
}

async function seeBlueTicks(screen: () => Promise<ScreenMessage[]>, written: string): Promise<void> {
  const look = async () => (await screen()).find(message => message.id === written);
  await until(
    look,
    found => found?.status === 'read',
    found => `The person's screen shows their answer as ${found?.status ?? 'missing'} instead of read.`,
  );
  tick("The person's screen shows blue ticks.");
}

async function count(api: Api, account: Account, sent: Message): Promise<void> {
  const query = new URLSearchParams({ account_id: account.id, from: sent.created_at });
  const counted = read(statisticsSchema, await api('GET', `/api/v1/messages/statistics?${query}`), 200);
  if (counted.sent < 1 || counted.received < 1)
    throw broken(
      `The statistics count ${counted.sent} sent and ${counted.received} received since ${sent.created_at}.`,
    );
  const { sent: out, received, delivery_rate, read_rate, failure_rate } = counted;
  tick(
    `Statistics since then: ${out} sent, ${received} received; delivery rate ${delivery_rate}, read rate ${read_rate}, failure rate ${failure_rate}.`,
  );
}

/** Polls until it holds; fails at the deadline with the last state. */
async function until<Seen>(
  look: () => Promise<Seen>,
  isSo: (seen: Seen) => boolean,
  tell: (seen: Seen) => string,
): Promise<Seen> {
  const end = performance.now() + patienceMs;
  for (;;) {
    const seen = await look();
    if (isSo(seen)) return seen;
    if (performance.now() > end) throw broken(`${tell(seen)} The demo waited ${patienceMs / 1_000} s.`);
    await delay(pauseMs);
  }
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

const list = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.map(record) : []);

function screenOf(screen: unknown, account: Account): ScreenMessage[] {
  const thread = list(record(screen).threads).find(each => each.phone_number_id === account.phone_number_id);
  return list(thread?.messages).map(message => ({
    id: String(message.id),
    direction: String(message.direction),
    status: String(message.status),
    text: String(record(message.content).body),
  }));
}

function tick(sentence: string): void {
  console.log(`✓ ${sentence}`);
}

main().catch((error: unknown) => {
  console.error(isTold(error) ? `✗ ${error.message}` : error);
  process.exitCode = 1;
});
