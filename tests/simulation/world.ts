// The world of a simulation: every step that a process takes waits here until the seed picks it, so that one seed is one
// schedule. Time is virtual; the database is real.
import type pg from 'pg';
import type { Database, Queryable } from '../../server/kit/db/database.ts';
import type { Fragment } from '../../server/kit/db/sql.ts';
import type { Clock } from '../../server/kit/time.ts';
import type { Random } from '../faults/random.ts';
import { labelOf, patiently, queryOf } from './statements.ts';

/** A process that can die at any of its steps. What a dead one still awaits is never answered. */
export interface Process {
  name: string;
  alive: boolean;
  /** Until then, on the clock that nothing sets, it stands still as a stopped process does. */
  stoppedUntil: number;
  /** When its machine was asleep, on that clock: only the clock of the day has noticed. */
  sleeps: { from: number; until: number }[];
}

/** How long a process stands still; asleep with its machine, so that what it measures and waits for stands still too. */
export interface Halt {
  ms: number;
  asleep?: boolean;
}

interface Step {
  process: Process;
  label: string;
  kind: 'database' | 'channel';
  execute(client: pg.Client): Promise<unknown>;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

interface Timer {
  process: Process;
  due: number;
  run(): void;
}

/** What may go wrong with a step, as parts of 1. */
export interface Dangers {
  /** The process dies before the step, or after it without hearing of its end. */
  crash: number;
  /** The connection breaks before the statement, or after its COMMIT. */
  cut: number;
  /** Another statement runs while a transaction is not yet committed. */
  overlap: number;
}

export const noDangers: Dangers = { crash: 0, cut: 0, overlap: 0 };

const cutError = () => Object.assign(new Error('Connection terminated unexpectedly'), { code: '08006' });

export class World {
  readonly trace: string[] = [];
  /** The steps before or after which a process died. */
  readonly struck: { label: string; side: 'before' | 'after' }[] = [];
  dangers: Dangers = noDangers;
  /** Is told of what a living process has just got from a step, before it goes on. */
  onResult: (process: Process, label: string, result: unknown) => void = () => {};
  /** Is told when a process has done something to the database, whether or not it lives to hear of it. */
  onStored: () => Promise<void> = async () => {};
  /** Is told of each process that died. */
  onDeath: (process: Process) => void = () => {};
  private elapsed = 0;
  private offset: number;
  private steps: Step[] = [];
  private timers: Timer[] = [];
  /** Statements that wait for the transaction that is being committed. */
  private blocked: (() => Promise<void>)[] = [];

  constructor(
    readonly random: Random,
    /** The first does what the seed picks, the second what runs meanwhile, the third looks who blocks whom. */
    private readonly clients: [pg.Client, pg.Client, pg.Client],
    start: number,
  ) {
    this.offset = start;
  }

  now(): number {
    return this.elapsed + this.offset;
  }

  /** Milliseconds since the beginning, which nothing sets. */
  get elapsedMs(): number {
    return this.elapsed;
  }

  /** Sets the clock of everybody, forward or back; what is measured goes on. */
  setClock(byMs: number): void {
    this.trace.push(`the clock is set by ${byMs} ms`);
    this.offset += byMs;
  }

  clockOf(process: Process): Clock {
    const elapsed = () =>
      this.elapsed - process.sleeps.reduce((ms, { from, until }) => ms + Math.min(until, this.elapsed) - from, 0);
    return {
      now: () => this.now(),
      sqlNow: () => new Date(this.now()),
      elapsed,
      // As the real one does it.
      measure: () => {
        const [at, time] = [elapsed(), this.now()];
        return () => Math.max(elapsed() - at, this.now() - time);
      },
      after: (ms, run) => {
        const timer = { process, due: this.elapsed + Math.max(0, ms), run };
        this.timers.push(timer);
        return () => {
          this.timers = this.timers.filter(other => other !== timer);
        };
      },
    };
  }

  /** The database as a process sees it: each statement and each transaction is a step. */
  databaseOf(process: Process): Database {
    const query = <Row extends object>(fragment: Fragment) =>
      this.step(process, 'database', labelOf(fragment), client => queryOf(client).query<Row>(fragment));
    return {
      query,
      grouped: { query },
      transaction: work => this.step(process, 'database', 'transaction', client => this.transaction(client, work)),
      atomic: {
        query: fragment =>
          this.step(process, 'database', labelOf(fragment), client => this.atomically(client, fragment)),
      },
      answers: async () => true,
      connections: () => ({ used: 0, idle: 0, waiting: 0 }),
      close: async () => {},
    };
  }

  /** A transaction as a step of this name. `known` hears of its COMMIT, whether or not the process does. */
  committed<Result>(
    process: Process,
    label: string,
    work: (tx: Queryable) => Promise<Result>,
    known: (result: Result) => void,
  ): Promise<Result> {
    return this.step(process, 'database', label, async client => {
      const result = await this.transaction(client, work);
      known(result);
      return result;
    });
  }

  /** The database without a schedule, for looking at it. */
  get database(): Queryable {
    return queryOf(this.clients[0]);
  }

  step<Result>(
    process: Process,
    kind: Step['kind'],
    label: string,
    execute: (client: pg.Client) => Promise<Result>,
  ): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      if (!process.alive) return;
      this.steps.push({ process, kind, label, execute, resolve: resolve as (result: unknown) => void, reject });
    });
  }

  /** Stops a process for a while; it knows nothing of it. */
  stop(process: Process, { ms, asleep = false }: Halt): void {
    this.trace.push(
      `${asleep ? 'the machine of ' : ''}${process.name} ${asleep ? 'sleeps' : 'stands still'} for ${ms} ms`,
    );
    process.stoppedUntil = this.elapsed + ms;
    if (!asleep) return;
    process.sleeps.push({ from: this.elapsed, until: process.stoppedUntil });
    for (const timer of this.timers) if (timer.process === process) timer.due += ms;
  }

  runs = (process: Process): boolean => process.stoppedUntil <= this.elapsed;

  kill(process: Process): void {
    if (!process.alive) return;
    this.trace.push(`${process.name} dies`);
    this.abandon(process);
    this.onDeath(process);
  }

  private strike(process: Process, label: string, side: 'before' | 'after'): void {
    if (process.alive) this.struck.push({ label, side });
    this.kill(process);
  }

  /** A process that was told to stop is gone. */
  end(process: Process): void {
    if (!process.alive) return;
    this.trace.push(`${process.name} has stopped`);
    this.abandon(process);
  }

  private abandon(process: Process): void {
    process.alive = false;
    this.timers = this.timers.filter(timer => timer.process !== process);
    // A call that was on its way to the channel may arrive all the same.
    this.steps = this.steps.filter(
      step => step.process !== process || (step.kind === 'channel' && this.random.chance(0.5)),
    );
  }

  /** Lets everything run that needs neither time nor the outside. */
  async settled(): Promise<void> {
    for (let round = 0; round < 4; round++) await new Promise(resolve => setImmediate(resolve));
  }

  /** Whether nobody awaits anything, also of those that stand still. */
  get idle(): boolean {
    return this.steps.length === 0;
  }

  /** How many steps can be taken now. */
  get pending(): number {
    return this.steps.filter(step => this.runs(step.process)).length;
  }

  /** Milliseconds until the next timer; undefined where there is none. */
  get untilNextTimer(): number | undefined {
    if (this.timers.length === 0) return undefined;
    return Math.max(0, Math.min(...this.timers.map(dueOf)) - this.elapsed);
  }

  /** Lets time pass, and runs what is due by then. */
  pass(ms: number): void {
    const end = this.elapsed + ms;
    for (;;) {
      const due = this.timers.filter(timer => dueOf(timer) <= end);
      const next = due.reduce<Timer | undefined>(
        (first, timer) => (first && dueOf(first) <= dueOf(timer) ? first : timer),
        undefined,
      );
      if (!next) break;
      this.timers = this.timers.filter(timer => timer !== next);
      this.elapsed = Math.max(this.elapsed, dueOf(next));
      next.run();
    }
    this.elapsed = end;
  }

  /** Does one pending step, with whatever goes wrong. */
  async doStep(): Promise<void> {
    const step = this.take(({ process }) => this.runs(process));
    if (!step) return;
    this.elapsed += this.random.whole(0, 20);
    await this.perform(step, this.clients[0]);
    for (const waiting of this.blocked.splice(0)) {
      await this.settled();
      await waiting();
    }
  }

  private take(fits: (step: Step) => boolean): Step | undefined {
    const some = this.steps.filter(fits);
    if (some.length === 0) return undefined;
    const step = this.random.pick(some);
    this.steps = this.steps.filter(other => other !== step);
    return step;
  }

  /** `turn`: when the process may hear of it, which is not for the speed of a connection to decide. */
  private async perform(
    step: Step,
    client: pg.Client,
    turn: Promise<void> = Promise.resolve(),
    execution = { over: false, end: () => {} },
  ): Promise<void> {
    const { process, label } = step;
    const { crash, cut } = this.dangers;
    const fate = process.alive
      ? this.random.weighted({
          well: 1 - crash - (step.kind === 'database' ? cut : 0),
          before: crash / 2,
          after: crash / 2,
          unsent: step.kind === 'database' ? cut / 2 : 0,
          unheard: step.kind === 'database' ? cut / 2 : 0,
        })
      : 'well';
    execution.over = fate === 'before' || fate === 'unsent';
    this.trace.push(`${process.name} ${label}${fate === 'well' ? '' : ` (${fate})`}`);
    if (fate === 'before') return this.strike(process, label, fate);
    if (fate === 'unsent') return step.reject(cutError());
    const ended = await step.execute(client).then(
      result => ({ result }),
      error => ({ error }),
    );
    if (step.kind === 'database') await this.onStored();
    execution.over = true;
    execution.end();
    await turn;
    if ('error' in ended) return process.alive ? step.reject(ended.error) : undefined;
    if (fate === 'after') return this.strike(process, label, fate);
    if (fate === 'unheard') return step.reject(cutError());
    if (!process.alive) return;
    this.onResult(process, label, ended.result);
    if (process.alive) step.resolve(ended.result);
  }

  private get isOverlapped(): boolean {
    return this.random.chance(this.dangers.overlap);
  }

  private transaction<Result>(client: pg.Client, work: (tx: Queryable) => Promise<Result>): Promise<Result> {
    return patiently(() => this.once(client, work, () => client === this.clients[0] && this.isOverlapped));
  }

  /** One statement that commits by itself; only where another is to run beside it does it need its COMMIT apart. */
  private atomically<Row extends object>(client: pg.Client, fragment: Fragment): Promise<Row[]> {
    return patiently(() => {
      if (client !== this.clients[0] || !this.isOverlapped) return queryOf(client).query<Row>(fragment);
      return this.once(
        client,
        tx => tx.query<Row>(fragment),
        () => true,
      );
    });
  }

  private async once<Result>(
    client: pg.Client,
    work: (tx: Queryable) => Promise<Result>,
    isOverlapped: () => boolean,
  ): Promise<Result> {
    // Sent together with the first statement.
    const begun = client.query('begin');
    try {
      const result = await work(queryOf(client));
      await begun;
      if (isOverlapped()) await this.overlap();
      await client.query('commit');
      return result;
    } catch (error) {
      await begun;
      await client.query('rollback');
      throw error;
    }
  }

  /** Begins another step beside a transaction that is not committed; it ends now, or waits for a lock of that. */
  private async overlap(): Promise<void> {
    const step = this.take(({ kind, process }) => kind === 'database' && process.alive && this.runs(process));
    if (!step) return;
    this.trace.push('meanwhile:');
    const [, second, third] = this.clients;
    const execution = { over: false, end: () => {} };
    const ended = new Promise<void>(resolve => {
      execution.end = resolve;
    });
    let goOn = () => {};
    const turn = new Promise<void>(resolve => {
      goOn = resolve;
    });
    const done = this.perform(step, second, turn, execution);
    while (!execution.over) {
      // It ends or is blocked, and stays so: how soon that is seen changes nothing, and most have ended before anybody asks.
      await Promise.race([ended, new Promise(resolve => setTimeout(resolve, 1))]);
      if (execution.over) break;
      const { rows } = await third.query<{ blocked: boolean }>({
        name: 'is it blocked',
        text: 'select cardinality(pg_blocking_pids($1)) > 0 as blocked',
        values: [(second as unknown as { processID: number }).processID],
      });
      if (!rows[0]?.blocked) continue;
      // It ends once the transaction has; who made that hears of it first.
      this.blocked.push(() => {
        goOn();
        return done;
      });
      return;
    }
    goOn();
    await done;
    await this.settled();
  }
}

/** A process that stands still sees its timers when it goes on. */
const dueOf = ({ due, process }: Timer): number => Math.max(due, process.stoppedUntil);
