// What a person does on the phone beside writing: pressing buttons, reacting, editing, deleting, calling, changing ids.
import { z } from 'zod';
import { GraphError } from '../graph/graph-errors.ts';
import { check } from '../graph/message-rules.ts';
import { phoneDigits } from '../kit/ids.ts';
import type { Phones, ScreenMessage } from './phones.ts';
import type { Written } from './traffic.ts';

/** A business-scoped user id. */
export const userId = z.string().regex(/^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/);

/** Who writes, to which business. */
export type Writer = { phones: Phones; number: string; business: string };

type Own = (content: unknown, writer: Writer, byShop: boolean) => Written[];

const target = z.strictObject({ message_id: z.string().min(1).optional(), id: z.string().min(1) });
const shownReaction = z.strictObject({ message_id: z.string().min(1), emoji: z.string().nullish() });
const changed = z.strictObject({ message_id: z.string().min(1), text: z.strictObject({ body: z.string().min(1) }) });
const named = z.strictObject({ message_id: z.string().min(1) });
const calling = z.strictObject({ answered: z.boolean().default(false), seconds: z.number().int().min(0).default(30) });
const otherId = z.strictObject({ user_id: userId });
const otherNumber = z.strictObject({ number: z.string(), user_id: userId.optional() });

const own: Record<string, Own> = {
  button_reply: (content, writer) => [reply('button', 'button_reply', content, writer)],
  list_reply: (content, writer) => [reply('list', 'list_reply', content, writer)],
  reaction: (content, writer, byShop) => {
    const { message_id, emoji } = check(shownReaction, content, 'reaction');
    find(writer, message_id, 'reaction');
    const fields = { reaction: { message_id, ...(emoji ? { emoji } : {}) } };
    return [byShop ? echoOf('reaction', fields, writer) : { type: 'reaction', fields }];
  },
  edit: (content, writer, byShop) => {
    const { message_id, text } = check(changed, content, 'edit');
    findWritten(writer, message_id, 'edit', byShop);
    writer.phones.rewrite(message_id, 'text', text);
    const fields = { edit: { original_message_id: message_id, message: { type: 'text', text } } };
    return [{ ...(byShop ? echoOf('edit', fields, writer) : { type: 'edit', fields }), unseen: true }];
  },
  revoke: (content, writer, byShop) => {
    const { message_id } = check(named, content, 'revoke');
    findWritten(writer, message_id, 'revoke', byShop);
    writer.phones.rewrite(message_id, 'revoked', null);
    const fields = { revoke: { original_message_id: message_id } };
    return [{ ...(byShop ? echoOf('revoke', fields, writer) : { type: 'revoke', fields }), unseen: true }];
  },
  call: (content, writer) => {
    const { answered, seconds } = check(calling, content ?? {}, 'call');
    const to = writer.phones.displayNumber(writer.business);
    const fields = { to, direction: 'USER_INITIATED' };
    const end = answered ? { status: 'COMPLETED', duration: seconds } : { status: 'FAILED' };
    return [
      { type: 'call', field: 'calls', fields: { ...fields, event: 'connect' }, unseen: true },
      { type: 'call', field: 'calls', fields: { ...fields, event: 'terminate', ...end }, follows: true },
    ];
  },
  user_id_change: (content, writer) => {
    const { user_id } = check(otherId, content, 'user_id_change');
    const previous = writer.phones.person(writer.number)?.userId ?? null;
    writer.phones.changePerson({ number: writer.number, user_id });
    const system = {
      type: 'user_changed_user_id',
      user_id,
      ...(previous === null ? {} : { previous_user_id: previous }),
    };
    return [{ type: 'system', fields: { system, from_user_id: null } }];
  },
  number_change: (content, writer) => {
    const { number: wanted, user_id } = check(otherNumber, content, 'number_change');
    const next = phoneDigits(wanted);
    if (next === null) throw new GraphError(131009, 'number_change.number: not a phone number.');
    const { phones, number } = writer;
    const previous = phones.person(number)?.userId ?? null;
    const id = user_id ?? previous;
    phones.changePerson({ number: next, name: phones.nameOf(number), ...(id === null ? {} : { user_id: id }) });
    const system = {
      body: `User ${phones.nameOf(number)} changed from ${number} to ${next}`,
      type: 'user_changed_number',
      wa_id: next,
      ...(user_id === undefined || previous === null ? {} : { user_id, previous_user_id: previous }),
    };
    return [{ type: 'system', fields: { system, from: number, from_user_id: null } }];
  },
};

/** Whether a type is an action of the phone, with a shape of its own. */
export const isOwnWriting = (type: string): boolean => Object.hasOwn(own, type);

/** What an action posts, in order; the last one is its message. @throws GraphError if it is not possible */
export const writeOwn = (type: string, content: unknown, byShop: boolean, writer: Writer): Written[] =>
  own[type]?.(content, writer, byShop) ?? [];

/** What the shop writes to the person on its own phone (coexistence). */
export const echoOf = (type: string, fields: Record<string, unknown>, writer: Writer): Written => {
  const person = writer.phones.person(writer.number);
  return {
    type,
    field: 'smb_message_echoes',
    fields: {
      ...fields,
      from: writer.phones.displayNumber(writer.business),
      ...(person?.hidesNumber && person.userId ? {} : { to: writer.number }),
      from_user_id: null,
      ...(person?.userId ? { to_user_id: person.userId } : {}),
    },
  };
};

/** A message to the person by somebody else who answers for the business. */
export const standbyEcho = (type: string, fields: Record<string, unknown>, writer: Writer): Written => {
  const person = writer.phones.person(writer.number);
  const to = person?.hidesNumber && person.userId ? { recipient: person.userId } : { to: writer.number };
  return {
    type,
    field: 'standby',
    fields: { ...fields, message: { ...to, type, ...fields } },
  };
};

const find = ({ phones, number, business }: Writer, id: string, name: string): ScreenMessage => {
  const place = phones.find(id);
  if (place === undefined || place.person !== number || place.business !== business)
    throw new GraphError(131009, `${name}.message_id: no message with this id is in this chat.`);
  return place.message;
};

/** A message that the person wrote, or the shop on its phone. */
const findWritten = (writer: Writer, id: string, name: string, byShop: boolean): void => {
  const { direction } = find(writer, id, name);
  if ((direction === 'written') === byShop)
    throw new GraphError(131009, `${name}.message_id: the message was written by the other side.`);
};

const option = z.looseObject({ id: z.string(), title: z.string() });
const choices = z.looseObject({
  type: z.string(),
  action: z.looseObject({
    buttons: z.array(z.looseObject({ reply: option })).optional(),
    cards: z
      .array(
        z.looseObject({
          action: z.looseObject({ buttons: z.array(z.looseObject({ quick_reply: option })).optional() }),
        }),
      )
      .optional(),
    sections: z
      .array(
        z.looseObject({
          rows: z.array(z.looseObject({ id: z.string(), title: z.string(), description: z.string().optional() })),
        }),
      )
      .optional(),
  }),
});

/** The kinds of messages that have options of a kind. */
const kindsWith = { button: ['button', 'carousel'], list: ['list'] };

/** The answer to an interactive message: the named one, or the newest of its kind in the chat. */
const reply = (kind: 'button' | 'list', type: string, content: unknown, writer: Writer): Written => {
  const { message_id, id } = check(target, content, type);
  const thread = writer.phones.person(writer.number)?.threads.get(writer.business) ?? [];
  const isOfKind = (message: ScreenMessage) =>
    message.direction === 'received' &&
    message.type === 'interactive' &&
    kindsWith[kind].includes(choices.safeParse(message.content).data?.type ?? '');
  const message = message_id === undefined ? thread.findLast(isOfKind) : find(writer, message_id, type);
  if (message === undefined || !isOfKind(message))
    throw new GraphError(131009, `${type}.message_id: no message with a ${kind} was received here.`);
  const action = choices.parse(message.content).action;
  const options =
    action.buttons?.map(button => button.reply) ??
    action.sections?.flatMap(section => section.rows) ??
    action.cards?.flatMap(card => (card.action.buttons ?? []).map(button => button.quick_reply)) ??
    [];
  const chosen = options.find(option => option.id === id);
  if (chosen === undefined) throw new GraphError(131009, `${type}.id: the message has no choice with this id.`);
  const { title, description } = chosen as { title: string; description?: string };
  const answer = { id, title, ...(description === undefined ? {} : { description }) };
  return {
    type: 'interactive',
    fields: {
      interactive: { type, [type]: answer },
      context: { from: writer.phones.displayNumber(writer.business), id: message.id },
    },
  };
};
