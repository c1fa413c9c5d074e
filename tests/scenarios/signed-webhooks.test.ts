// Webhook posts: signed or rejected, and signed bodies that are not JSON.
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openLog } from '../../server/kit/log.ts';
import { incoming, metaPosts } from '../setup/meta-posts.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

const logged: string[] = [];

let scenario: Scenario;
beforeAll(async () => {
  // Nothing arrives by itself: each test posts what it wants to see.
  scenario = await startScenario({ log: openLog('warn', undefined, { write: line => void logged.push(line) }) });
  scenario.simulator.setFault(() => 'answer-and-receipts-lost');
});
afterAll(() => scenario.close());

const { envelope, inboundOf, path, post, sign } = metaPosts(() => scenario);

describe('signatures', () => {
  const count = async () => (await scenario.sql<{ n: number }>('select count(*)::int as n from inbound_payload'))[0]?.n;
  let raw: string;
  beforeAll(() => {
    raw = JSON.stringify(envelope({ messages: [incoming('33600000001', 'wamid.forged')] }));
  });

  test.each<[string, () => Record<string, string>]>([
    ['no signature', () => ({})],
    ['an empty one', () => ({ 'x-hub-signature-256': '' })],
    ['another body’s', () => ({ 'x-hub-signature-256': sign(`${raw} `) })],
    ['a truncated one', () => ({ 'x-hub-signature-256': sign(raw).slice(0, -1) })],
    ['the bare prefix', () => ({ 'x-hub-signature-256': 'sha256=' })],
    [
      'SHA-1',
      () => ({ 'x-hub-signature': `sha1=${createHmac('sha1', scenario.secrets.appSecret).update(raw).digest('hex')}` }),
    ],
    ['a list of two', () => ({ 'x-hub-signature-256': `${sign(raw)},${sign(raw)}` })],
    [
      'an empty secret’s',
      () => ({ 'x-hub-signature-256': `sha256=${createHmac('sha256', '').update(raw).digest('hex')}` }),
    ],
  ])('%s is rejected, and nothing is stored', async (_name, headers) => {
    const before = await count();
    expect(await post(raw, headers())).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
    expect(await count()).toBe(before);
  });

  test('an app that is not known is not there', async () => {
    for (const app of ['other', '__proto__', 'constructor'])
      expect((await scenario.as(undefined)('POST', `/webhooks/whatsapp/${app}`, raw)).status).toBe(404);
  });

  test('the address is confirmed to whom knows the verify token', async () => {
    const ask = (token: string, challenge = '1158201444') =>
      scenario.as(undefined)('GET', `${path}?hub.mode=subscribe&hub.verify_token=${token}&hub.challenge=${challenge}`);
    const right = await ask(scenario.secrets.verifyToken);
    expect(right).toMatchObject({ status: 200, text: '1158201444' });
    expect(right.headers.get('content-type')).toContain('text/plain');
    expect((await ask('wrong')).status).toBe(403);
    expect((await ask(scenario.secrets.verifyToken, '%3Cscript%3E')).status).toBe(403);
    expect((await scenario.as(undefined)('GET', path)).status).toBe(403);
  });

  test('a signed body that is not JSON is stored and answered', async () => {
    logged.length = 0;
    expect((await post('{"object":{"name":Guinevere}}')).status).toBe(200);
    const dead = await scenario.sql<{ reason: string }>('select reason from dead_letter order by id desc limit 1');
    expect(dead[0]?.reason).toMatch(/cannot be read: .*Guinevere/);
    // The log has no texts.
    expect(logged.join('')).toContain('"reason":"the body cannot be read"');
    expect(logged.join('')).not.toContain('Guin');
  });

  test('a zero byte in a body that is not JSON blocks no later body', async () => {
    expect((await post('{"object":\u0000')).status).toBe(200);
    const dead = await scenario.sql<{ reason: string }>('select reason from dead_letter order by id desc limit 1');
    expect(dead[0]?.reason).toMatch(/cannot be read: .*\uFFFD/);
    // In the same lane, as the first number that it names is nobody's.
    const elsewhere = { metadata: { display_phone_number: '1', phone_number_id: '999' }, statuses: [] };
    const later = { messages: [incoming('33600000009', 'wamid.after-the-zero')] };
    expect((await post(envelope(elsewhere, later))).status).toBe(200);
    expect((await inboundOf('33600000009')).messages).toHaveLength(1);
    expect(await scenario.sql('select 1 from inbound_payload where processed_at is null')).toEqual([]);
  });
});
