// Failed logins and request limits: what each one counts, for which subject, and how they differ.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { audited, goodPassword, join, newEmail, tokenOf } from '../setup/people.ts';
import { type Answer, type Call, owner, type Scenario, startScenario } from '../setup/scenario.ts';

const hour = 3_600_000;

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({ clock: 'manual', env: { TRUST_PROXY: '1' } });
});
afterAll(() => scenario.close());
beforeEach(() => scenario.clock.advance(hour + 1));

/** Calls without credentials, from this address. */
const from =
  (address: string, of = scenario): Call =>
  (method, path, body) =>
    of.as(undefined)(method, path, body, { 'x-forwarded-for': address });
const codes = (answers: Answer[]) => answers.map(({ status, body }) => body?.code ?? status);
const count = (answers: Answer[], code: string) => codes(answers).filter(each => each === code).length;
const inTurn = async (most: number, call: (n: number) => Promise<Answer>): Promise<Answer[]> => {
  const answers: Answer[] = [];
  for (let n = 0; n < most; n++) answers.push(await call(n));
  return answers;
};

describe('the setup', () => {
  test('looks at the token before anything else, and counts wrong ones', async () => {
    const own = await startScenario({ owner: false, env: { TRUST_PROXY: '1' } });
    try {
      const token = tokenOf(own.recado.setupLink ?? '');
      const setUp = (address: string, given: string, password = goodPassword) =>
        from(address, own)('POST', '/api/v1/setup', { token: given, email: owner.email, password, name: 'Ana' });
      // Nobody without the token learns whether the password is right.
      expect((await setUp('203.0.113.1', 'wrong', 'password1234')).body.code).toBe('setup_token_invalid');
      const wrong = await Promise.all(Array.from({ length: 9 }, () => setUp('203.0.113.2', 'wrong')));
      expect([count(wrong, 'setup_token_invalid'), count(wrong, 'too_many_failures')]).toEqual([5, 4]);
      expect((await setUp('203.0.113.3', token)).status).toBe(201);
    } finally {
      await own.close();
    }
  });

  test('takes no link any more once there is an owner', async () => {
    const own = await startScenario({ owner: false, env: { TRUST_PROXY: '1' } });
    try {
      const token = tokenOf(own.recado.setupLink ?? '');
      // Another process made the owner of its configuration; the links that were printed by then are still stored.
      await own.sql(
        `insert into person (id, email, name, password_hash) values (gen_random_uuid(), $1, 'Ana', 'none')`,
        [owner.email],
      );
      const late = await inTurn(6, () =>
        from('203.0.113.4', own)('POST', '/api/v1/setup', {
          token,
          email: newEmail(),
          password: 'password1234',
          name: 'Eve',
        }),
      );
      expect(codes(late)).toEqual([...Array(5).fill('setup_token_invalid'), 'too_many_failures']);
    } finally {
      await own.close();
    }
  });
});

describe('an IPv6 network is one address', () => {
  const tries: [string, (call: Call) => Promise<Answer>, string][] = [
    [
      'logins',
      call => call('POST', '/api/v1/auth/login', { ...owner, email: 'nobody@example.com', password: 'wrong' }),
      'credentials_invalid',
    ],
    [
      'links for a new password',
      call => call('POST', '/api/v1/auth/password/reset', { token: 'guess', password: goodPassword }),
      'reset_token_invalid',
    ],
    [
      'invitations',
      call => call('POST', '/api/v1/invitations/accept', { token: 'guess', name: 'x', password: goodPassword }),
      'invitation_invalid',
    ],
  ];
  test.each(tries)('for failed %s', async (_name, attempt, code) => {
    const answers = await inTurn(6, n => attempt(from(`2001:db8:1:2:${n}::${n + 1}`)));
    expect(codes(answers)).toEqual([...Array(5).fill(code), 'too_many_failures']);
    expect(codes([await attempt(from('2001:db8:1:3::1'))])).toEqual([code]);
    expect(codes([await attempt(from('203.0.113.9'))])).toEqual([code]);
  });

  test('for links that are asked for', async () => {
    const answers = await inTurn(6, n =>
      from(`2001:db8:1:2:${n}::${n + 1}`)('POST', '/api/v1/auth/password/forgot', { email: newEmail() }),
    );
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202, 429]);
  });

  test('the log has the whole address', async () => {
    await from('2001:db8:1:2::77')('POST', '/api/v1/auth/login', { ...owner, password: 'wrong' });
    expect(await audited(scenario, 'session.rejected')).not.toEqual([]);
    const [entry] = await scenario.sql<{ address: string }>('select address from audit_entry order by id desc limit 1');
    expect(entry?.address).toBe('2001:db8:1:2::77');
  });
});

describe('a request over a limit is not counted as failed, and the error says so', () => {
  const refusedAfter = (answers: Answer[], status: number, most: number) => {
    expect(codes(answers)).toEqual([...Array(most).fill(status), 'rate_limited']);
    expect(Number(answers.at(-1)?.headers.get('retry-after'))).toBeGreaterThan(3_000);
    expect(answers.at(-1)?.body.detail).not.toContain('failed');
  };

  test('inviting', async () => {
    const { api } = await join(scenario, 'admin');
    const invite = () => api('POST', '/api/v1/invitations', { email: 'again@example.com', role: 'agent' });
    refusedAfter(await inTurn(51, invite), 201, 50);
  });

  test('making workspaces', async () => {
    const { api } = await join(scenario, 'owner');
    const answers = await inTurn(11, n => api('POST', '/api/v1/workspaces', { name: `Shop ${n}` }));
    refusedAfter(answers, 201, 10);
  });

  test('asking for links for a new password', async () => {
    const answers = await inTurn(6, n =>
      from(`203.0.113.${n}`)('POST', '/api/v1/auth/password/forgot', { email: owner.email }),
    );
    refusedAfter(answers, 202, 5);
  });
});
