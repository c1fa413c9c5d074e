// A test mail to oneself over HTTP: whether mail works, and what the mail server says if it does not.
import { problemSchema, type TestMail, testMailSchema } from '@recado/contract';
import { actorOf, audit } from '../../kit/audit.ts';
import type { ScopedDatabase } from '../../kit/db/database.ts';
import { commonProblem } from '../../kit/errors.ts';
import { callerOf, type Server } from '../../kit/http/routes.ts';
import type { Mailer, MailFailure } from '../../ports/mail.ts';
import { problem } from './errors.ts';
import { type Counting, countRequest } from './failures.ts';
import { personOf } from './prove-person.ts';
import { findPerson } from './store.ts';

export interface TestMailNeeds {
  db: ScopedDatabase;
  counting: Counting;
  /** Undefined without SMTP. */
  mailer: Mailer | undefined;
}

const limit = { most: 20, ms: 3_600_000 };

const remedies: Record<MailFailure['code'], string> = {
  dns: 'No machine has this name. Check the host in `SMTP_URL`.',
  connection:
    'Nothing answers there. Check host and port in `SMTP_URL`, and whether this server may reach them: many providers block port 25.',
  tls: 'The server offers no TLS that is safe for a password. Use `smtps://` and port 465, or a server with STARTTLS.',
  login: 'The server rejects user and password. Check them in `SMTP_URL`; encode signs like @ as %40.',
  sender: 'The server does not let you send as this sender. Set `SMTP_FROM` to an address that it knows.',
  recipient: 'The server does not take mail for your address. Check the address, and whether the server relays mail.',
  deadline: 'The server did not finish in time. Try again, or use another server.',
  other: 'Read what the server answered. The log of Recado has the code.',
};

const letterTo = (to: string) => ({
  to,
  subject: 'Recado can send mail',
  text: 'You asked Recado for this test mail. Invitations, new passwords and alerts arrive in the same way.\n',
});

export function testMailRoutes(app: Server, { db, counting, mailer }: TestMailNeeds): void {
  app.post(
    '/api/v1/me/test-mail',
    {
      config: { permission: 'people.manage' },
      schema: {
        tags: ['Me'],
        operationId: 'sendTestMail',
        summary: 'Send a test mail to my own address',
        description:
          'The answer says whether the mail server accepted it, and if not, what the server answered and what to do. At most 20 an hour.',
        response: { 200: testMailSchema, 409: problemSchema, 429: problemSchema },
      },
    },
    async (request): Promise<TestMail> => {
      const caller = callerOf(request);
      const id = personOf(caller);
      if (!mailer) throw problem('mail_not_set_up');
      await countRequest(counting, { [`test mail person ${id}`]: limit });
      const mine = db.within(caller);
      const person = await findPerson(mine, id);
      if (!person) throw commonProblem('unauthorized');
      const failure = await mailer.attempt(letterTo(person.email));
      const detail = { sent: !failure, ...(failure && { code: failure.code }) };
      await mine.transaction(tx => audit(tx, actorOf(request), { action: 'mail.tested', detail }));
      return {
        sent: !failure,
        to: person.email,
        from: mailer.from,
        server: mailer.server,
        error: failure
          ? { code: failure.code, response: failure.response ?? null, remedy: remedies[failure.code] }
          : null,
      };
    },
  );
}
