// The ledger: one line on disk for every accepted call, written before the response.
import { join } from 'node:path';
import { z } from 'zod';
import { openLineFile, readLineFile } from '../kit/line-file.ts';

const ledgerEntry = z.object({
  at: z.string(),
  wamid: z.string(),
  phone_number_id: z.string(),
  to: z.string(),
  type: z.string(),
  body_sha256: z.string(),
  token: z.string().nullable(),
  outcome: z.string(),
  /** What its receipts say of its price. */
  price: z.object({ category: z.string(), type: z.string() }).optional(),
  /** The file by its id, or by its link. */
  media: z
    .object({ id: z.string(), sha256: z.string(), size: z.number() })
    .or(z.object({ link: z.string() }))
    .optional(),
});

/** An accepted call. `token` is its `biz_opaque_callback_data`; `outcome` names the outcome that was played. */
export type LedgerEntry = z.infer<typeof ledgerEntry>;

/** `duplicated` counts the tokens of more than one accepted call. */
export type LedgerSummary = {
  entries: number;
  tokens: number;
  duplicated: number;
  without_token: number;
  by_phone_number_id: Record<string, number>;
  by_outcome: Record<string, number>;
};

export type Ledger = {
  /** Resolves when the entry is on disk. */
  append(entry: LedgerEntry): Promise<void>;
  entries(): readonly LedgerEntry[];
  summary(): LedgerSummary;
  close(): Promise<void>;
};

/** Reads the ledger and opens it for appending. */
export const openLedger = async (dataDir: string): Promise<Ledger> => {
  const path = join(dataDir, 'ledger.jsonl');
  const entries: LedgerEntry[] = [];
  for await (const line of readLineFile(path)) {
    const entry = ledgerEntry.safeParse(line);
    if (entry.success) entries.push(entry.data);
  }
  const file = await openLineFile(path, { sync: true });
  return {
    append: async entry => {
      await file.append(entry);
      entries.push(entry);
    },
    entries: () => entries,
    summary: () => summarise(entries),
    close: file.close,
  };
};

const summarise = (entries: readonly LedgerEntry[]): LedgerSummary => {
  const byToken = new Map<string, number>();
  const byNumber = new Map<string, number>();
  const byOutcome = new Map<string, number>();
  const count = (map: Map<string, number>, key: string) => map.set(key, (map.get(key) ?? 0) + 1);
  for (const entry of entries) {
    if (entry.token !== null) count(byToken, entry.token);
    count(byNumber, entry.phone_number_id);
    count(byOutcome, entry.outcome);
  }
  const withToken = [...byToken.values()];
  return {
    entries: entries.length,
    tokens: byToken.size,
    duplicated: withToken.filter(times => times > 1).length,
    without_token: entries.length - withToken.reduce((sum, times) => sum + times, 0),
    by_phone_number_id: Object.fromEntries(byNumber),
    by_outcome: Object.fromEntries(byOutcome),
  };
};
