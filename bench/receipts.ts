// Signed webhooks, as Meta posts them, for parts of the bench and their stub.
import { createHmac } from 'node:crypto';

interface Signed {
  method: string;
  headers: Record<string, string>;
  body: string;
}

/**
 * A webhook with receipts for messages of one number, in the given order. The timestamp is in seconds since 1970; now
 * by default.
 */
export function signedReceipts(
  appSecret: string,
  numberId: string,
  receipts: { id: string; status: string; pricing?: object }[],
  timestamp = Math.floor(Date.now() / 1_000),
): Signed {
  const at = String(timestamp);
  // Field by field: copying all given fields would make the poster slower than the server.
  const statuses = receipts.map(({ id, status, pricing }) => ({
    ...{ id, status, timestamp: at, recipient_id: '33612345678', pricing },
  }));
  return signed(appSecret, numberId, { statuses });
}

/** A webhook with a text that a person wrote to a number. */
export function signedText(
  appSecret: string,
  numberId: string,
  { id, from, text }: { id: string; from: string; text: string },
): Signed {
  const timestamp = String(Math.floor(Date.now() / 1_000));
  return signed(appSecret, numberId, {
    contacts: [{ wa_id: from, profile: { name: `Person ${from}` } }],
    messages: [{ id, from, timestamp, type: 'text', text: { body: text } }],
  });
}

function signed(appSecret: string, numberId: string, told: object): Signed {
  const value = { messaging_product: 'whatsapp', metadata: { phone_number_id: numberId }, ...told };
  const body = JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [{ id: '1', changes: [{ field: 'messages', value }] }],
  });
  const signature = createHmac('sha256', appSecret).update(body).digest('hex');
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` },
    body,
  };
}
