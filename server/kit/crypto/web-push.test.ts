import { createECDH, createPublicKey, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import { arePushKeys, encryptPush, mostPushBytes, newKeyPair, vapidHeader } from './web-push.ts';

test('encrypts as the example of RFC 8291 does', () => {
  const keys = {
    p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
    auth: 'BTBZMqHH6r4Tts7J_aSIgg',
  };
  const own = {
    privateKey: 'yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw',
    publicKey: 'BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8',
  };
  const salt = Buffer.from('DGv6ra1nlYgDCS1FRnbzlw', 'base64url');
  expect(arePushKeys(keys)).toBe(true);
  expect(encryptPush('When I grow up, I want to be a watermelon', keys, own, salt).toString('base64url')).toBe(
    'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
  );
});

test('a text of the longest size fits into a record of 4096 bytes', () => {
  const { publicKey: p256dh } = newKeyPair();
  const keys = { p256dh, auth: Buffer.alloc(16).toString('base64url') };
  expect(encryptPush('x'.repeat(mostPushBytes), keys).length).toBe(4_096);
});

test('signs for the origin of the push service, with the key that browsers know', () => {
  const pair = newKeyPair();
  const header = vapidHeader('https://push.example:8443/send/1?a=2', pair, 'https://recado.example', 1_000_000);
  const [, token = '', key = ''] = /^vapid t=([^,]+), k=(.+)$/.exec(header) ?? [];
  expect(key).toBe(pair.publicKey);
  const [head = '', claims = '', signature = ''] = token.split('.');
  expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toEqual({
    aud: 'https://push.example:8443',
    exp: 1_000 + 43_200,
    sub: 'https://recado.example',
  });
  const point = Buffer.from(key, 'base64url');
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  };
  const publicKey = createPublicKey({ format: 'jwk', key: jwk });
  const bytes = Buffer.from(signature, 'base64url');
  expect(verify('sha256', Buffer.from(`${head}.${claims}`), { key: publicKey, dsaEncoding: 'ieee-p1363' }, bytes)).toBe(
    true,
  );
});

test('knows keys that are none of a browser', () => {
  const good = { p256dh: createECDH('prime256v1').generateKeys('base64url'), auth: 'BTBZMqHH6r4Tts7J_aSIgg' };
  expect(arePushKeys(good)).toBe(true);
  expect(arePushKeys({ ...good, auth: 'AAAA' })).toBe(false);
  expect(arePushKeys({ ...good, p256dh: Buffer.alloc(65, 4).toString('base64url') })).toBe(false);
  expect(arePushKeys({ ...good, p256dh: '' })).toBe(false);
});
