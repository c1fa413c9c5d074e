// The input and output of a bench part.
export interface Order {
  rounds: number;
  /** The duration of each round. */
  seconds: number;
  /** How many contacts `segments` inserts; how many messages `stored` inserts, `backlog` queues, and `size` sends. */
  rows: number;
  /** The duration of `memory`. */
  minutes: number;
  /** How many contacts `campaign` writes to. */
  people: number;
  tell(line: string): void;
}

export interface Section {
  title: string;
  /** The method in a few sentences. */
  how: string;
  /** The column names, then the rows. */
  table: string[][];
  notes: string[];
}

export type Part = (order: Order) => Promise<Section>;
