// The phones' routes: view a screen, write as a person, mark as read.
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { GraphError } from '../graph/graph-errors.ts';
import { check, unknownField } from '../graph/message-rules.ts';
import type { Clock } from '../kit/clock.ts';
import { jsonBody, notFound, wantsPage } from '../kit/http.ts';
import { phoneDigits } from '../kit/ids.ts';
import type { MediaStore } from '../media/media-store.ts';
import { templateNamed } from '../templates/template-sends.ts';
import type { Templates } from '../templates/template-store.ts';
import { pagePolicy, phonesPage } from './phone-page.ts';
import { previewOf, type Rendered, renderTemplate } from './phone-screen.ts';
import { echoOf, isOwnWriting, standbyEcho, userId, type Writer, writeOwn } from './phone-writing.ts';
import { isUnread, type Person, type PersonChange, type Phones, type ScreenMessage } from './phones.ts';
import type { Traffic, Written } from './traffic.ts';

type NumberParams = { number: string };

type ChatNeeds = { phones: Phones; media: MediaStore; templates: Templates; clock: Clock };

export type PhoneNeeds = ChatNeeds & { traffic: Traffic };

const object = z.record(z.string(), z.unknown());

const typeName = z.string().regex(/^[a-z_]{1,40}$/);

const rawMessage = z.looseObject({ type: typeName, id: z.string().min(1).nullish() });

/** It may also have the field named by its type. */
const writing = z.looseObject({
  to: z.string().optional(),
  profile_name: z.string().min(1).max(200).optional(),
  type: typeName.default('text'),
  context: object.optional(),
  raw: rawMessage.optional(),
  group_id: z.string().min(1).optional(),
  by: z.enum(['person', 'shop', 'other']).optional(),
});

const settingsChange = z.strictObject({
  auto_read: z.boolean().optional(),
  auto_reply: z.string().min(1).max(4096).nullable().optional(),
  name: z.string().min(1).max(200).optional(),
  user_id: userId.optional(),
  username: z.string().min(1).max(100).optional(),
  hides_number: z.boolean().optional(),
});

/** What a person chooses in the chat with a business: no more marketing messages, or again. */
const marketingChoice = z.strictObject({ to: z.string().optional(), choice: z.enum(['stop', 'resume']) });

/** Who has the chat with a business from then on: the program at the callback, or somebody else. */
const handOver = z.strictObject({
  to: z.string().optional(),
  owner: z.enum(['us', 'other']),
  role: z.string().min(1).max(100).default('ai_agent'),
});

/** Adds the phones' routes. */
export const addPhoneRoutes = (app: FastifyInstance, needs: PhoneNeeds): void => {
  const { phones, traffic } = needs;
  app.get('/phones', (request, reply) =>
    wantsPage(request)
      ? sendPage(reply)
      : {
          phones: phones
            .people()
            .map(person => summaryOf(needs, person))
            .sort(byLast),
        },
  );

  app.get<{ Params: NumberParams }>('/phones/:number', (request, reply) => {
    if (wantsPage(request)) return sendPage(reply);
    return screenOf(needs, knownPerson(phones, request.params.number));
  });

  app.patch<{ Params: NumberParams }>('/phones/:number', request => {
    const number = numberIn(request.params.number);
    const change = check(settingsChange, jsonBody(request), '');
    phones.changePerson({ number, ...(change as Omit<PersonChange, 'number'>) });
    return screenOf(needs, knownPerson(phones, number));
  });

  app.post<{ Params: NumberParams }>('/phones/:number/read', request => {
    const person = knownPerson(phones, request.params.number);
    return { read: traffic.readAll(person.number) };
  });

  app.post<{ Params: NumberParams }>('/phones/:number/marketing', async (request, reply) => {
    const number = numberIn(request.params.number);
    const { to, choice } = check(marketingChoice, jsonBody(request), '');
    const business = businessFor(phones, number, to);
    phones.touchBusiness(business);
    await traffic.choose(number, business, choice);
    return reply.code(202).send({ phone_number_id: business, choice });
  });

  app.post<{ Params: NumberParams }>('/phones/:number/owner', async (request, reply) => {
    const number = numberIn(request.params.number);
    const { to, owner, role } = check(handOver, jsonBody(request), '');
    const business = businessFor(phones, number, to);
    phones.touchBusiness(business);
    await traffic.handOver(number, business, owner, role);
    return reply.code(202).send({ phone_number_id: business, owner });
  });

  app.post<{ Params: NumberParams }>('/phones/:number/messages', async (request, reply) => {
    const number = numberIn(request.params.number);
    const body = check(writing, jsonBody(request), '');
    const business = businessFor(phones, number, body.to);
    const written = writtenFrom(body, { phones, number, business });
    phones.touchBusiness(business);
    if (body.profile_name !== undefined) phones.changePerson({ number, name: body.profile_name });
    let id = '';
    for (const each of written) {
      const fields = each.follows ? { ...each.fields, id } : each.fields;
      id = await traffic.write(number, business, { ...each, fields });
    }
    return reply.code(202).send({ id, phone_number_id: business });
  });
};

const sendPage = (reply: FastifyReply) =>
  reply.header('content-security-policy', pagePolicy).type('text/html; charset=utf-8').send(phonesPage);

/** The digits of the number in a path. */
export const numberIn = (written: string): string => {
  const digits = phoneDigits(written);
  if (digits === null) throw new GraphError(131009, 'The path holds no phone number.');
  return digits;
};

const knownPerson = (phones: Phones, written: string): Person => {
  const person = phones.person(numberIn(written));
  if (person === undefined) throw notFound(written);
  return person;
};

const writtenFrom = (body: z.infer<typeof writing>, writer: Writer): Written[] => {
  const strange = Object.keys(body).find(name => !Object.hasOwn(writing.shape, name) && name !== body.type);
  if (strange !== undefined) throw unknownField(strange);
  if (body.raw !== undefined) return [{ type: body.raw.type, fields: body.raw }];
  if (isOwnWriting(body.type)) return writeOwn(body.type, body[body.type], body.by === 'shop', writer);
  const content = check(
    body.type === 'text' ? z.looseObject({ body: z.string().min(1) }) : z.union([object, z.array(z.unknown())]),
    body[body.type],
    body.type,
  );
  const fields = {
    [body.type]: content,
    ...(body.context === undefined ? {} : { context: body.context }),
    ...(body.group_id === undefined ? {} : { group_id: body.group_id }),
  };
  if (body.by === 'other') return [standbyEcho(body.type, fields, writer)];
  return [body.by === 'shop' ? echoOf(body.type, fields, writer) : { type: body.type, fields }];
};

/** The business to write to: the given one, or the only possible one. */
export const businessFor = (phones: Phones, number: string, to: string | undefined): string => {
  const known = phones.businesses();
  if (to !== undefined) {
    const digits = to.replace(/\D/g, '');
    const found = known.find(each => each.id === to) ?? known.find(each => each.display === digits);
    if (found !== undefined) return found.id;
    if (/^\d{1,40}$/.test(to)) return to;
    throw new GraphError(131009, 'to: neither a phone number id nor a number that is known here.');
  }
  const threads = [...(phones.person(number)?.threads.keys() ?? [])];
  const [only, second] = threads.length === 1 ? threads : known.map(each => each.id);
  if (only === undefined || second !== undefined) {
    throw new GraphError(131008, 'to: needed, for more than one business number is known, or none.');
  }
  return only;
};

const isOnScreen = (message: ScreenMessage) => message.direction === 'written' || message.status !== 'sent';

type Summary = { last_at: string | null };

/** The latest first. */
const byLast = (a: Summary, b: Summary) => (b.last_at ?? '').localeCompare(a.last_at ?? '');

const summaryOf = (needs: PhoneNeeds, person: Person) => {
  const { phones } = needs;
  const messages = [...person.threads.entries()].flatMap(([business, thread]) =>
    thread.filter(isOnScreen).map(message => ({ business, message })),
  );
  const last = messages.reduce<(typeof messages)[number] | undefined>(
    (newest, each) => (newest === undefined || each.message.at >= newest.message.at ? each : newest),
    undefined,
  );
  return {
    number: `+${person.number}`,
    name: phones.nameOf(person.number),
    auto_read: phones.readsByItself(person.number),
    auto_reply: phones.repliesWith(person.number),
    messages: messages.length,
    unread: messages.filter(({ message }) => isUnread(message)).length,
    last_at: last?.message.at ?? null,
    last:
      last === undefined
        ? null
        : {
            direction: last.message.direction,
            at: last.message.at,
            preview: previewOf(last.message, renderedOf(needs, last.business, last.message)),
          },
  };
};

/** The text of a template message, if the template is still there. */
const renderedOf = ({ phones, templates }: ChatNeeds, business: string, { type, content }: ScreenMessage) => {
  if (type !== 'template') return undefined;
  const { name, language } = templateNamed(content);
  const template = templates.find(phones.accountOf(business), name, language);
  return template === undefined ? undefined : renderTemplate(template, content);
};

/** The id of the file in a content, or in the header of one. */
const fileIdIn = (content: unknown): string | undefined => {
  const own = (content ?? {}) as Record<string, unknown>;
  const inner = (own[String(own.type)] ?? own) as { id?: unknown };
  return typeof inner.id === 'string' ? inner.id : undefined;
};

/** The file of a message, as a screen shows it. */
const fileOf = (media: MediaStore, { id, content }: ScreenMessage, rendered: Rendered | undefined) => {
  const mediaId =
    fileIdIn(content) ?? fileIdIn(rendered?.header) ?? fileIdIn((content as { header?: unknown } | null)?.header);
  const file = media.fetchedFor(id) ?? (mediaId === undefined ? undefined : media.find(mediaId));
  if (file === undefined) return {};
  const { mime_type, size, file_name: filename } = file;
  return { media: { id: file.id, mime_type, size, filename } };
};

const screenOf = (needs: PhoneNeeds, person: Person) => {
  const { phones } = needs;
  return {
    number: `+${person.number}`,
    name: phones.nameOf(person.number),
    user_id: person.userId,
    username: person.username,
    hides_number: person.hidesNumber,
    auto_read: phones.readsByItself(person.number),
    auto_reply: phones.repliesWith(person.number),
    threads: [...person.threads.keys()].map(business => chatOf(needs, person.number, business)),
  };
};

/** What the screen shows of the chat with one business. */
export const chatOf = (needs: ChatNeeds, number: string, business: string) => {
  const { phones, media } = needs;
  return {
    phone_number_id: business,
    display_phone_number: `+${phones.displayNumber(business)}`,
    marketing_stopped: phones.stoppedMarketing(business, number),
    typing: phones.isTyping(business, number, needs.clock.now()),
    messages: (phones.person(number)?.threads.get(business) ?? []).filter(isOnScreen).map(message => {
      const { token: _, ...shown } = message;
      const rendered = renderedOf(needs, business, message);
      return {
        ...shown,
        preview: previewOf(message, rendered),
        ...(rendered === undefined ? {} : { rendered }),
        ...fileOf(media, message, rendered),
      };
    }),
  };
};
