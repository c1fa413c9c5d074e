// The templates of business accounts (WABAs). Every change is journaled.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { openLineFile, readLineFile, rewriteLineFile } from '../kit/line-file.ts';
import { type Components, seedLanguage, seeds } from './template-seeds.ts';

const template = z.object({
  id: z.string(),
  account: z.string(),
  name: z.string(),
  language: z.string(),
  category: z.string(),
  status: z.string(),
  parameter_format: z.enum(['NAMED', 'POSITIONAL']),
  components: z.array(z.record(z.string(), z.unknown())),
  quality: z.string(),
  rejected_reason: z.string(),
  /** How often it was paused. */
  pauses: z.number(),
  /** When it was edited while it was approved, in milliseconds. */
  edits: z.array(z.number()),
  /** In milliseconds; 0 for templates that exist from the start. */
  created_at: z.number().default(0),
});

/** A template of a business account, as the simulator keeps it. */
export type Template = z.infer<typeof template>;

const line = z.union([
  z.object({ put: template }),
  z.object({ removed: z.string() }),
  z.object({ opened: z.string() }),
]);

export type Templates = {
  /** The templates of a business account, in the order in which they were made. */
  of(account: string): Template[];
  byId(id: string): Template | undefined;
  find(account: string, name: string, language: string): Template | undefined;
  /** Adds or replaces a template. */
  put(template: Template): void;
  remove(id: string): void;
  close(): Promise<void>;
};

/** A template id in Meta's form: 16 digits, always the same for the same template of an account. */
export const templateId = (account: string, name: string, language: string, salt = ''): string => {
  const hash = createHash('sha256')
    .update(JSON.stringify([account, name, language, salt]))
    .digest();
  return `1${String(hash.readUIntBE(0, 6) % 1e15).padStart(15, '0')}`;
};

const seeded = (account: string): Template[] =>
  seeds.map(({ name, category, components }: { name: string; category: string; components: Components }) => ({
    id: templateId(account, name, seedLanguage),
    account,
    name,
    language: seedLanguage,
    category,
    status: 'APPROVED',
    parameter_format: 'POSITIONAL',
    components,
    quality: 'UNKNOWN',
    rejected_reason: 'NONE',
    pauses: 0,
    edits: [],
    created_at: 0,
  }));

/** Reads the templates from their journal and opens it for appending. */
export const openTemplates = async (dataDir: string): Promise<Templates> => {
  const path = join(dataDir, 'templates.jsonl');
  const all = new Map<string, Template>();
  const accounts = new Set<string>();
  for await (const value of readLineFile(path)) {
    const read = line.safeParse(value).data;
    if (read === undefined) continue;
    if ('put' in read) all.set(read.put.id, read.put);
    else if ('removed' in read) all.delete(read.removed);
    else accounts.add(read.opened);
  }
  await rewriteLineFile(path, [
    ...[...accounts].map(opened => ({ opened })),
    ...[...all.values()].map(put => ({ put })),
  ]);
  const journal = await openLineFile(path);

  const put = (one: Template) => {
    all.set(one.id, one);
    journal.note({ put: one });
  };
  const open = (account: string) => {
    if (accounts.has(account)) return;
    accounts.add(account);
    journal.note({ opened: account });
    for (const one of seeded(account)) put(one);
  };
  const of = (account: string) => {
    open(account);
    return [...all.values()].filter(each => each.account === account);
  };

  return {
    of,
    byId: id => all.get(id),
    find: (account, name, language) => of(account).find(each => each.name === name && each.language === language),
    put,
    remove: id => {
      all.delete(id);
      journal.note({ removed: id });
    },
    close: journal.close,
  };
};
