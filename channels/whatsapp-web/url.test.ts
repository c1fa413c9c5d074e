import { expect, test } from 'vitest';
import { checkUrl, isFileHost } from './url.ts';

const real = 'wss://web.whatsapp.com/ws/chat';
const ofTests = 'ws://127.0.0.1:4000/ws/chat';

test('an address without TLS is refused, other than on this machine', () => {
  for (const url of [real, ofTests, 'ws://localhost:1/', 'ws://[::1]:1/']) expect(() => checkUrl(url)).not.toThrow();
  for (const url of ['ws://web.whatsapp.com/', 'http://127.0.0.1/', 'ws://127.0.0.1.example.com/', 'nonsense'])
    expect(() => checkUrl(url)).toThrow();
});

test('a file comes from WhatsApp only, whatever the sender of the message says', () => {
  expect(isFileHost('https://mmg.whatsapp.net/v/x', real)).toBe(true);
  for (const url of [
    'https://whatsapp.net.example.com/x',
    'https://evilwhatsapp.net/x',
    'https://mmg.whatsapp.net:8443/x',
    'http://mmg.whatsapp.net/x',
    'https://127.0.0.1/x',
    'https://169.254.169.254/latest',
    '/v/x',
  ])
    expect(isFileHost(url, real)).toBe(false);
  expect(isFileHost('https://127.0.0.1:4001/x', ofTests)).toBe(true);
  expect(isFileHost('https://mmg.whatsapp.net/x', ofTests)).toBe(false);
});
