// Hand-made, signed Meta webhooks, and their effects.
import { createHmac, randomUUID } from 'node:crypto';
import { toUuid } from '../../server/kit/ids.ts';
import type { Answer, Scenario } from './scenario.ts';

export const incoming = (from: string, id: string, more: object = {}) => ({
  from,
  id,
  timestamp: '1764000000',
  type: 'text',
  text: { body: `I am ${id}` },
  ...more,
});

export const status = (message: { token: string; wamid: string }, name: string, more: object = {}) => ({
  id: message.wamid,
  status: name,
  timestamp: String(1_764_000_000 + name.length),
  recipient_id: '33612345678',
  biz_opaque_callback_data: message.token,
  ...(name === 'failed' && { errors: [{ code: 131026, title: 'Message undeliverable' }] }),
  ...more,
});

/** Posts to a scenario's Sandbox; the scenario must exist by the first post. */
export function metaPosts(scenarioOf: () => Scenario) {
  const path = '/webhooks/whatsapp/sandbox';
  const sign = (raw: string) =>
    `sha256=${createHmac('sha256', scenarioOf().secrets.appSecret).update(raw).digest('hex')}`;

  const envelope = (...values: object[]) => ({
    object: 'whatsapp_business_account',
    entry: values.map(value => ({
      id: '1',
      changes: [
        {
          field: 'messages',
          value: {
            messaging_product: 'whatsapp',
            metadata: { display_phone_number: '1', phone_number_id: scenarioOf().account.phone_number_id },
            ...value,
          },
        },
      ],
    })),
  });

  async function post(body: unknown, headers?: Record<string, string>): Promise<Answer> {
    const scenario = scenarioOf();
    const raw = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await scenario.as(undefined)('POST', path, raw, headers ?? { 'x-hub-signature-256': sign(raw) });
    await scenario.recado.engine.idle();
    return answer;
  }

  async function inboundOf(phone: string) {
    const { api } = scenarioOf();
    const contact = (await api('GET', `/api/v1/contacts?phone=%2B${phone}`)).body.data[0];
    if (!contact) return { contact: undefined, messages: [] };
    const list = await api('GET', `/api/v1/messages?contact_id=${contact.id}&direction=inbound`);
    return { contact, messages: list.body.data };
  }

  /** Sends a message whose call got no response: it is unknown, with a token that receipts may echo. */
  async function sentIntoTheDark() {
    const scenario = scenarioOf();
    const { id } = await scenario.send();
    await scenario.recado.engine.idle();
    const [attempt] = await scenario.sql<{ token: string }>('select token from attempt where message_id = $1', [
      toUuid(id),
    ]);
    return { id, token: attempt?.token ?? '', wamid: `wamid.${randomUUID()}` };
  }

  return { path, sign, envelope, post, inboundOf, sentIntoTheDark };
}
