// The most recent calls to the messages endpoint, accepted or not.
import type { OutcomeName } from '../control/reserved-recipients.ts';

const kept = 10_000;

/** A call that arrived. `http` is null if the connection was left without a response. */
export type Call = {
  at: string;
  phoneNumberId: string;
  /** Whether it went to `/marketing_messages`. */
  isMarketing: boolean;
  to: string | null;
  type: string | null;
  token: string | null;
  outcome: OutcomeName | 'rejected' | 'marked-read' | 'failed';
  http: number | null;
  /** The error code of the response, if any. */
  code: number | null;
  /** The id of the accepted message, even if the response was lost. */
  wamid: string | null;
};

export type CallLog = { record(call: Call): void; list(): readonly Call[] };

/** A bounded log that drops the oldest calls. */
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
