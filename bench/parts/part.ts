// What a part of the bench is asked, and what it gives.
export interface Order {
  rounds: number;
  /** How long each round loads. */
  seconds: number;
  /** How many messages `stored` fills in, `backlog` queues, and `size` sends. */
  rows: number;
  /** How long `memory` loads. */
  minutes: number;
  tell(line: string): void;
}

export interface Section {
  title: string;
  /** What was done, in a few sentences. */
  how: string;
  /** The names of the columns, then the rows. */
  table: string[][];
  notes: string[];
}

export type Part = (order: Order) => Promise<Section>;
