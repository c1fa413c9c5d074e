// WhatsApp's own quota of chats that an account begins with people who never wrote to it.
import type { NewChatMessageCapInfo } from 'baileys';
import type { Log } from '../../log.ts';
import type { NewChatQuota, SessionNotice } from '../../protocol.ts';

const hourMs = 3_600_000;
const yearMs = 366 * 24 * hourMs;
/** Enough for everybody: numbers beyond it are cut. */
const most = 1_000_000_000;
/** How long after the end of a quota WhatsApp is asked for the next one, in milliseconds. */
const graceMs = 10_000;

/** A count or a time as WhatsApp writes it: a number, or its digits. */
const wholeOf = (value: unknown): number | undefined => {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
};

type Answer = { [Name in keyof NewChatMessageCapInfo]?: unknown } | null;

/** The quota of an answer of WhatsApp; null: it names none. An end that is over, or years away, is none. */
export const quotaOf = (answer: Answer, now: number): NewChatQuota | null => {
  const total = wholeOf(answer?.total_quota) ?? 0;
  const isCapped = answer?.capping_status === 'CAPPED';
  if (total === 0 && !isCapped) return null;
  const end = (wholeOf(answer?.cycle_end_timestamp) ?? 0) * 1000;
  const left = isCapped ? 0 : Math.min(most, Math.max(0, total - (wholeOf(answer?.used_quota) ?? 0)));
  return { left, until: end > now && end < now + yearMs ? end : undefined };
};

interface Needs {
  fetch: () => Promise<Answer>;
  notify: (notice: SessionNotice) => void;
  log: Log;
  /** Aborted when the connection has ended. */
  ended: AbortSignal;
}

/** Returns what asks WhatsApp for the quota: at once, then each hour and after each end of a quota. */
export const watchNewChats = ({ fetch, notify, log, ended }: Needs): (() => void) => {
  let timer: NodeJS.Timeout | undefined;
  ended.addEventListener('abort', () => clearTimeout(timer));
  const read = async (): Promise<number> => {
    const quota = quotaOf(await fetch(), Date.now());
    if (!ended.aborted) notify({ kind: 'new_chats', quota });
    return Math.min(hourMs, (quota?.until ?? Number.POSITIVE_INFINITY) - Date.now() + graceMs);
  };
  const ask = (): void => {
    read()
      .catch(error => {
        if (!ended.aborted) log('info', 'WhatsApp did not tell its quota of new chats', { error });
        return hourMs;
      })
      .then(waitMs => {
        clearTimeout(timer);
        if (!ended.aborted) timer = setTimeout(ask, waitMs);
      });
  };
  return ask;
};
