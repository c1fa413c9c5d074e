// Signed receipt webhooks, as Meta posts them, for parts of the bench and their stub.
import { createHmac } from 'node:crypto';

/**
 * A webhook with receipts for messages of one number, in the given order. The timestamp is in seconds since 1970; now
 * by default.
 */
export function signedReceipts(
  appSecret: string,
  numberId: string,
  receipts: { id: string; status: string }[],
  timestamp = Math.floor(Date.now() / 1_000),
): { method: string; headers: Record<string, string>; body: string } {
  const at = String(timestamp);
  // Field by field: copying all given fields would make the poster slower than the server.
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
