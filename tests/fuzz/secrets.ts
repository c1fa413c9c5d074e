// The secrets that good requests need: those of the Sandbox, and those that answers give.
import { createHmac } from 'node:crypto';
import { sandboxSecrets } from '../../server/app/sandbox/simulator-process.ts';
import { codeAt, stepAt } from '../../server/features/auth/totp.ts';
import type { Client } from '../faults/client.ts';

/** Which route gives which secret, and where in its answer. */
const givers: [route: string, name: string, form: RegExp][] = [
  ['POST /api/v1/auth/login', 'refresh_token', /"refresh_token":"([^"]+)"/],
  ['POST /api/v1/auth/refresh', 'refresh_token', /"refresh_token":"([^"]+)"/],
  ['POST /api/v1/people/{id}/reset-link', 'reset_token', /token=([\w-]+)/],
  ['POST /api/v1/invitations', 'invitation_token', /token=([\w-]+)/],
  ['POST /api/v1/opt-out-links', 'opt_out_token', /"token":"([^"]+)"/],
  ['POST /api/v1/wall-views', 'wall_token', /"token":"([^"]+)"/],
  ['POST /api/v1/hooks', 'hook_token', /"token":"([^"]+)"/],
  ['POST /api/v1/me/second-factor', 'totp', /[?&]secret=([A-Z2-7]+)/],
];

export async function knownSecrets(program: { call: Client['call'] }, secretKey: string) {
  const { appSecret, verifyToken } = sandboxSecrets(secretKey);
  const { body } = await program.call('GET', '/api/v1/accounts');
  const given = new Map([
    ['verify_token', verifyToken],
    ['phone_number_id', String(body.data[0]?.phone_number_id)],
    ['business_account_id', String(body.data[0]?.business_account_id)],
  ]);
  let recoveryCodes: string[] = [];
  return {
    /** The secret of this name, as the latest answer gave it. */
    of(name: string): string | undefined {
      if (name === 'recovery_code') return recoveryCodes.shift();
      const totp = given.get('totp');
      return name === 'code' && totp !== undefined ? codeAt(fromBase32(totp), stepAt(Date.now())) : given.get(name);
    },
    sign: (body = ''): string => `sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`,
    /** Keeps what a good answer gives. */
    learn(route: string, answer: string): void {
      for (const [giver, name, form] of givers) {
        const found = giver === route ? form.exec(answer)?.[1] : undefined;
        if (found !== undefined) given.set(name, found);
      }
      const codes = /"recovery_codes":(\[[^\]]*\])/.exec(answer)?.[1];
      if (codes !== undefined) recoveryCodes = JSON.parse(codes) as string[];
    },
  };
}

function fromBase32(text: string): Buffer {
  const bits = [...text]
    .map(each => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(each).toString(2).padStart(5, '0'))
    .join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map(byte => Number.parseInt(byte, 2)));
}
