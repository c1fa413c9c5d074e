// Linking a phone where the machine does not reach WhatsApp.
import { expect, test } from 'vitest';
import { patience } from '../setup/linked-phones.ts';
import { startScenario } from '../setup/scenario.ts';

test('the link says that WhatsApp cannot be reached, not that nobody used a code', async () => {
  // Nothing listens there.
  const scenario = await startScenario({ env: { WHATSAPP_WEB_URL: 'ws://127.0.0.1:1', WHATSAPP_WEB_TYPING: 'off' } });
  try {
    const linkOf = async (of: string) => (await scenario.api('GET', `/api/v1/accounts/${of}/link`)).body;
    const made = await scenario.api('POST', '/api/v1/accounts', { channel: 'web', name: 'Shop' });
    const { id } = made.body;
    for (const linking of [{ method: 'qr' }, { method: 'pairing_code', phone: '+351910000001' }]) {
      const begun = await scenario.api('POST', `/api/v1/accounts/${id}/link`, { ...linking, accept_risks: true });
      expect(begun.status, begun.text).toBe(202);
      await expect.poll(async () => (await linkOf(id)).state, patience).toBe('failed');
      expect(await linkOf(id)).toMatchObject({
        cause: 'unreachable',
        reason:
          'WhatsApp cannot be reached from this machine (ECONNREFUSED). Check its connection to the internet, then start again.',
      });
    }
    const { status_reason: reason } = (await scenario.api('GET', `/api/v1/accounts/${id}`)).body;
    expect(reason).toContain('(ECONNREFUSED)');
  } finally {
    await scenario.close();
  }
});
