// One chat of a phone: its screen and settings, and reading it, without the other chats of that person.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { check } from '../graph/message-rules.ts';
import { jsonBody } from '../kit/http.ts';
import { chatOf, numberIn, type PhoneNeeds } from './phone-routes.ts';
import type { ChatSettings } from './phones.ts';

type ChatParams = { number: string; business: string };

const chatPath = '/phones/:number/chats/:business';

const phoneNumberId = z.string().regex(/^\d{1,40}$/, 'has to be the id of a business number');

const settingsChange = z.strictObject({
  auto_read: z.boolean().optional(),
  auto_reply: z.string().min(1).max(4096).nullable().optional(),
});

/** Adds the routes. A chat without a message is empty. */
export const addChatRoutes = (app: FastifyInstance, needs: PhoneNeeds): void => {
  const { phones, traffic } = needs;
  const shown = (number: string, business: string) => ({
    number: `+${number}`,
    auto_read: phones.readsByItself(number, business),
    auto_reply: phones.repliesWith(number, business),
    ...chatOf(needs, number, business),
  });

  app.get<{ Params: ChatParams }>(chatPath, ({ params }) => shown(numberIn(params.number), businessIn(params)));

  app.patch<{ Params: ChatParams }>(chatPath, request => {
    const business = businessIn(request.params);
    const number = numberIn(request.params.number);
    phones.changeChat(number, business, check(settingsChange, jsonBody(request), '') as ChatSettings);
    return shown(number, business);
  });

  app.post<{ Params: ChatParams }>(`${chatPath}/read`, ({ params }) => ({
    read: traffic.readAll(numberIn(params.number), businessIn(params)),
  }));
};

const businessIn = ({ business }: ChatParams): string => check(phoneNumberId, business, 'business');
