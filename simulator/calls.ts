// Every call to the messages edge that arrived, accepted or not, as long as memory should hold it.
import type { OutcomeName } from './reserved-recipients.ts';

const kept = 10_000;

/** One call that arrived. `http` is null when the connection was left without an answer. */
export type Call = {
  at: string;
  phoneNumberId: string;
  to: string | null;
  type: string | null;
  token: string | null;
  outcome: OutcomeName | 'refused' | 'marked-read' | 'failed';
  http: number | null;
  /** The error code that was answered, if one was. */
  code: number | null;
  /** The id of the accepted message, answered or not. */
  wamid: string | null;
};

export type CallLog = { record(call: Call): void; list(): readonly Call[] };

/** A log that forgets the oldest calls. */
export const createCallLog = (): CallLog => {
  const calls: Call[] = [];
  return {
    record: call => {
      calls.push(call);
      if (calls.length >= 2 * kept) calls.splice(0, calls.length - kept);
    },
    list: () => calls.slice(-kept),
  };
};
