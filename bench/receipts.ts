// The signed webhooks of receipts that parts of the bench and their stub post, as Meta would.
import { createHmac } from 'node:crypto';

/**
 * A webhook that tells what became of messages of one number, in the order that is given. A timestamp of seconds since
 * 1970; now where none is given.
 */
export function signedReceipts(
  appSecret: string,
  numberId: string,
  receipts: { id: string; status: string }[],
  timestamp = Math.floor(Date.now() / 1_000),
): { method: string; headers: Record<string, string>; body: string } {
  const at = String(timestamp);
  // Each by its fields: with a copy of all that is given, whoever posts these is slower than whom they are posted to.
  const statuses = receipts.map(({ id, status }) => ({ id, status, timestamp: at, recipient_id: '33612345678' }));
  const value = { messaging_product: 'whatsapp', metadata: { phone_number_id: numberId }, statuses };
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
