// Connections, directly or through a pooler in session mode. A pooler does not pass on the options of a connection: they
// follow as its first statement.
import pg from 'pg';

declare module 'pg' {
  interface ClientConfig {
    /** Whether a pooler in session mode stands before the database. */
    throughPooler?: boolean | undefined;
  }
}

/** A connection that is not open yet; `connect` without a callback opens it. */
export function newClient(config: pg.ClientConfig): pg.Client {
  return config.throughPooler ? new PooledClient(config) : new pg.Client(config);
}

export function newPool(config: pg.PoolConfig): pg.Pool {
  if (!config.throughPooler) return new pg.Pool(config);
  const { options, ...rest } = config;
  // The pool waits for it before it lends a connection.
  return new pg.Pool({ ...rest, onConnect: client => setOptions(client, options) as unknown as undefined });
}

class PooledClient extends pg.Client {
  readonly #options: string | undefined;

  constructor({ options, ...rest }: pg.ClientConfig) {
    super(rest);
    this.#options = options;
  }

  override connect(): Promise<pg.Client>;
  override connect(callback: (error: Error) => void): void;
  // biome-ignore lint/suspicious/noConfusingVoidType: as the class of node-postgres has it
  override connect(callback?: (error: Error) => void): Promise<pg.Client> | void {
    if (callback) return super.connect(callback);
    return super.connect().then(async () => {
      await setOptions(this, this.#options);
      return this;
    });
  }
}

/** Sets what `-c name=value …` says, for the session. */
async function setOptions(client: pg.ClientBase, options = ''): Promise<void> {
  const settings = [...options.matchAll(/-c (\w+)=(\S+)/g)].map(([, name, value]) => [name, value]);
  if (settings.length === 0) return;
  const calls = settings.map((_, n) => `set_config($${2 * n + 1}, $${2 * n + 2}, false)`);
  await client.query(`select ${calls.join(', ')}`, settings.flat());
}
