// Nodes of an installation that scenarios start and kill, and the gap in which they are killed.
import pg from 'pg';
import { type Actor, end, launchNode, until } from '../faults/processes.ts';
import type { World } from './world.ts';

const lockNumber = 8_151;

export interface Nodes {
  start(): Promise<Actor>;
  kill(node: Actor): Promise<void>;
  close(): Promise<void>;
}

export function nodesOf(world: World): Nodes {
  const { scenario } = world;
  const living: Actor[] = [];
  return {
    async start() {
      const env = { ...scenario.env, ...world.nodeEnv, ROLES: world.roles, LOG_LEVEL: 'warn' };
      const node = launchNode('scripts/start.mjs', scenario.dataDir, env);
      living.push(node);
      await until(
        'the node is ready, or has ended',
        60,
        async () => node.isGone() || node.words().includes('is ready'),
      );
      if (node.isGone()) throw new Error(`the node ended: ${node.words()}`);
      await world.ready();
      return node;
    },
    async kill(node) {
      await end(node);
      living.splice(living.indexOf(node), 1);
      // Its leases are over: nobody needs to wait until they run out by themselves.
      await scenario.sql(`update worker set seen_at = seen_at - interval '1 minute'`);
      await scenario.sql(`update open_message set lease_until = now() where lease_until is not null`);
    },
    async close() {
      for (const node of living.splice(0)) await end(node);
    },
  };
}

export interface Gap {
  /** Resolves when a transaction waits in the gap. */
  reached(): Promise<void>;
  open(): Promise<void>;
}

/** Closes the gap: a transaction that stores what was received waits there. */
export async function closeGap({ scenario, gapTable }: World): Promise<Gap> {
  await scenario.sql(`create or replace function recado.wait_in_gap() returns trigger language plpgsql as $$
    begin perform pg_advisory_xact_lock(${lockNumber}); return new; end $$`);
  const condition = gapTable === 'message' ? `when (new.direction = 'inbound')` : '';
  await scenario.sql(`create trigger wait_in_gap before insert on ${gapTable} for each row ${condition}
    execute function recado.wait_in_gap()`);
  const keeper = new pg.Client(scenario.databaseUrl);
  await keeper.connect();
  await keeper.query('select pg_advisory_lock($1)', [lockNumber]);
  return {
    reached: async () => {
      await until('a transaction waits in the gap', 60, async () => {
        const waiting = await scenario.sql(
          `select 1 from pg_locks where locktype = 'advisory' and objid = ${lockNumber} and not granted`,
        );
        return waiting.length > 0;
      });
    },
    async open() {
      await keeper.end();
      await scenario.sql(`drop trigger if exists wait_in_gap on ${gapTable}`);
    },
  };
}
