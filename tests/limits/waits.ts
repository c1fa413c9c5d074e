// The waits of a usual request while something else happens.
import type { Client } from '../faults/client.ts';

export interface Waits {
  count: number;
  /** In milliseconds. */
  longest: number;
  p99: number;
  failed: number;
}

/** Asks one request after the other until it is ended. */
export function watchWaits(client: Pick<Client, 'call'>, path: string): { end(): Promise<Waits> } {
  const waits: number[] = [];
  let failed = 0;
  let ended = false;
  const asking = (async () => {
    while (!ended) {
      const from = performance.now();
      const status = await client.call('GET', path).then(
        answer => answer.status,
        () => undefined,
      );
      waits.push(performance.now() - from);
      if (status !== 200) failed++;
    }
  })();
  return {
    async end() {
      ended = true;
      await asking;
      const sorted = waits.toSorted((one, other) => one - other);
      const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
      return { count: sorted.length, longest: at(1), p99: at(0.99), failed };
    },
  };
}

/** Rows as a table of Markdown. */
export function tableOf(head: string[], rows: (string | number)[][]): string[] {
  const line = (cells: (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
