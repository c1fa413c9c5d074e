// The phones' routes: view a screen, write as a person, mark as read.
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { GraphError } from './graph-errors.ts';
import { jsonBody, notFound, wantsPage } from './http.ts';
import { phoneDigits } from './ids.ts';
import type { MediaStore } from './media-store.ts';
import { check, unknownField } from './message-rules.ts';
import { pagePolicy, phonesPage } from './phone-page.ts';
import { isUnread, type Person, type Phones, type ScreenMessage } from './phones.ts';
import type { Traffic, Written } from './traffic.ts';

type NumberParams = { number: string };

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
});

const settingsChange = z.strictObject({
  auto_read: z.boolean().optional(),
  auto_reply: z.string().min(1).max(4096).nullable().optional(),
  name: z.string().min(1).max(200).optional(),
});

/** Adds the phones' routes. */
export const addPhoneRoutes = (app: FastifyInstance, phones: Phones, traffic: Traffic, media: MediaStore): void => {
  app.get('/phones', (request, reply) =>
    wantsPage(request) ? sendPage(reply) : { phones: phones.people().map(person => summaryOf(phones, person)) },
  );

  app.get<{ Params: NumberParams }>('/phones/:number', (request, reply) => {
    if (wantsPage(request)) return sendPage(reply);
    return screenOf(phones, media, knownPerson(phones, request.params.number));
  });

  app.patch<{ Params: NumberParams }>('/phones/:number', request => {
    const number = numberIn(request.params.number);
    const { auto_read, auto_reply, name } = check(settingsChange, jsonBody(request), '');
    phones.changePerson({
      number,
      ...(auto_read === undefined ? {} : { auto_read }),
      ...(auto_reply === undefined ? {} : { auto_reply }),
      ...(name === undefined ? {} : { name }),
    });
    return screenOf(phones, media, knownPerson(phones, number));
  });

  app.post<{ Params: NumberParams }>('/phones/:number/read', request => {
    const person = knownPerson(phones, request.params.number);
    return { read: traffic.readAll(person.number) };
  });

  app.post<{ Params: NumberParams }>('/phones/:number/messages', async (request, reply) => {
    const number = numberIn(request.params.number);
    const body = check(writing, jsonBody(request), '');
    const business = businessFor(phones, number, body.to);
    const written = writtenFrom(body);
    phones.touchBusiness(business);
    if (body.profile_name !== undefined) phones.changePerson({ number, name: body.profile_name });
    const id = await traffic.write(number, business, written);
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

const writtenFrom = (body: z.infer<typeof writing>): Written => {
  const strange = Object.keys(body).find(name => !Object.hasOwn(writing.shape, name) && name !== body.type);
  if (strange !== undefined) throw unknownField(strange);
  if (body.raw !== undefined) return { type: body.raw.type, fields: body.raw };
  const content = check(
    body.type === 'text' ? z.looseObject({ body: z.string().min(1) }) : z.union([object, z.array(z.unknown())]),
    body[body.type],
    body.type,
  );
  return {
    type: body.type,
    fields: { [body.type]: content, ...(body.context === undefined ? {} : { context: body.context }) },
  };
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

const summaryOf = (phones: Phones, person: Person) => {
  const messages = [...person.threads.values()].flat().filter(isOnScreen);
  return {
    number: `+${person.number}`,
    name: phones.nameOf(person.number),
    auto_read: phones.readsByItself(person.number),
    auto_reply: phones.repliesWith(person.number),
    messages: messages.length,
    unread: messages.filter(isUnread).length,
    last_at:
      messages
        .map(message => message.at)
        .sort()
        .at(-1) ?? null,
  };
};

/** The file of a message, as a screen shows it. */
const fileOf = (media: MediaStore, { id, content }: ScreenMessage) => {
  const mediaId = (content as { id?: unknown } | null)?.id;
  const file = media.fetchedFor(id) ?? (typeof mediaId === 'string' ? media.find(mediaId) : undefined);
  if (file === undefined) return {};
  const { mime_type, size, file_name: filename } = file;
  return { media: { id: file.id, mime_type, size, filename } };
};

const screenOf = (phones: Phones, media: MediaStore, person: Person) => ({
  number: `+${person.number}`,
  name: phones.nameOf(person.number),
  auto_read: phones.readsByItself(person.number),
  auto_reply: phones.repliesWith(person.number),
  threads: [...person.threads].map(([business, messages]) => ({
    phone_number_id: business,
    display_phone_number: `+${phones.displayNumber(business)}`,
    messages: messages.filter(isOnScreen).map(message => {
      const { token: _, ...shown } = message;
      return { ...shown, ...fileOf(media, message) };
    }),
  })),
});
