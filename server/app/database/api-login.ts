// The login of request handlers. It may only be recado_api and recado_limited, so that leaving these roles leads nowhere.
import { randomInt } from 'node:crypto';
import pg from 'pg';
import { reasonOf, StartError } from '../../kit/start-error.ts';

/** The login's name in the embedded database. */
export const apiLogin = 'recado_api_login';

/** Creates the login in the embedded database, where `connection` is a superuser. */
export async function createApiLogin(connection: pg.ClientConfig): Promise<void> {
  await withClient(connection, 'DATABASE_URL', async client => {
    const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [apiLogin]);
    if (rowCount === 0) await client.query(`create role ${apiLogin} login noinherit`);
    await client.query(`grant recado_api, recado_limited to ${apiLogin}`);
  });
}

/** Lets the login of request handlers connect: the start takes that right from everybody. */
export async function allowConnect(connection: pg.ClientConfig, apiConnection: pg.ClientConfig): Promise<void> {
  const login = new pg.Client(apiConnection).user;
  await withClient(connection, 'DATABASE_URL', async client => {
    const { rows } = await client.query<{ name: string }>(
      `select current_database() as name from pg_roles
       where rolname = $1 and not has_database_privilege(oid, current_database(), 'connect')`,
      [login],
    );
    for (const { name } of rows)
      await client.query(
        `grant connect on database ${pg.escapeIdentifier(name)} to ${pg.escapeIdentifier(String(login))}`,
      );
  });
}

/**
 * Checks the login of DATABASE_URL_API, or of another setting for requests.
 * @throws StartError if it cannot connect, or may be more than recado_api and recado_limited
 */
export async function rejectStrongLogin(connection: pg.ClientConfig, setting = 'DATABASE_URL_API'): Promise<void> {
  await withClient(connection, setting, async client => {
    const { rows } = await client.query<{ login: string; strong: boolean; member: boolean }>(`
      select session_user as login, pg_has_role(session_user, 'recado_api', 'member')
          and pg_has_role(session_user, 'recado_limited', 'member') as member,
        exists (select 1 from pg_roles r where r.rolname not in (session_user, 'recado_api', 'recado_limited')
          and pg_has_role(session_user, r.oid, 'member'))
        or (select rolsuper or rolcreaterole or rolbypassrls or rolreplication from pg_roles where rolname = session_user) as strong`);
    if (rows[0] && !rows[0].member)
      throw new StartError(
        `The user ${rows[0].login} of ${setting} may not be recado_api and recado_limited: run grant recado_api, recado_limited to "${rows[0].login}".`,
      );
    if (rows[0]?.strong)
      throw new StartError(
        `The user ${rows[0].login} of ${setting} may be other roles than recado_api and recado_limited: create one that may not, with create role ${apiLogin} login noinherit password '…'; grant recado_api, recado_limited to ${apiLogin}.`,
      );
  });
}

/**
 * Checks that both connections lead to one database: a lock of the first is taken for the second.
 * @throws StartError if they do not
 */
export async function rejectOtherDatabase(connection: pg.ClientConfig, apiConnection: pg.ClientConfig): Promise<void> {
  const key = randomInt(2 ** 47);
  await withClient(connection, 'DATABASE_URL', async first => {
    await first.query('select pg_advisory_lock($1::bigint)', [key]);
    await withClient(apiConnection, 'DATABASE_URL_API', async second => {
      const { rows } = await second.query<{ free: boolean }>('select pg_try_advisory_lock($1::bigint) as free', [key]);
      if (rows[0]?.free)
        throw new StartError(
          'DATABASE_URL_API leads to another database than DATABASE_URL: give both the same host, port and database.',
        );
    });
  });
}

async function withClient(
  connection: pg.ClientConfig,
  setting: string,
  work: (client: pg.Client) => Promise<void>,
): Promise<void> {
  const client = new pg.Client({ ...connection, application_name: 'recado start', connectionTimeoutMillis: 10_000 });
  // A lost connection fails the running statement, which reports it.
  client.on('error', () => {});
  try {
    await client.connect().catch((error: unknown) => {
      if (connection.connectionString === undefined) throw error;
      throw new StartError(
        `The database cannot be reached with ${setting} (${reasonOf(error)}): check its user and password.`,
      );
    });
    await work(client);
  } finally {
    await client.end();
  }
}
