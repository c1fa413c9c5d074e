// The facts of a contact `c` as SQL: how to ask one contact, and how to look up by an index those that fit.
import type { FieldValue } from '@recado/contract';
import { all, type Fragment, join, sql } from '../../kit/db/sql.ts';
import { numberName } from '../../kit/text/phone.ts';

/** Contacts by an index. */
export interface Source {
  /** The condition that these contacts fulfil. */
  test: Fragment;
  /** Each that fits once, unless `again` is set. */
  ids: (most: number | null) => Fragment;
  /**
   * Of a lookup that finds a contact by several rows, whose places are `nth`: whether the contact `c` comes again, with a
   * later place. It is asked last, of those that fit.
   */
  again?: Fragment;
  /** Reads all of them before it gives the first. */
  blocks?: true;
  /** These are the contacts of the plan and no others: living ones only, or deleted ones too. */
  exact?: 'living' | 'all';
  /** Of equal fields: their values, so that several become one lookup. */
  fields?: Record<string, FieldValue>;
}

/**
 * A condition on contacts. Its test is never null. Each of its sources has at least the contacts that fit. A test looks up
 * one contact: its `offset 0` keeps the planner from reading all rows of the other table into a set. Sources are the sets.
 */
export interface Plan {
  test: Fragment;
  sources: Source[];
  /** How many times the test looks into other tables. */
  lookUps: number;
  /** The plans that must all fit, where there are several. */
  parts?: Plan[];
  /** All contacts fit that this source does not have. */
  without?: Source;
}

/** Within which workspace and accounts (UUIDs; undefined for all) a condition holds, and at which time. */
export interface Realm {
  workspaceId: string;
  accounts: readonly string[] | undefined;
  /** Whether a number is found by all of its digits only, and never as a name: for callers who do not see numbers. */
  wholeNumbers?: boolean | undefined;
  now: Date;
}

export const limit = (most: number | null): Fragment => (most === null ? sql`` : sql`limit ${most}`);

export const everybody: Plan = { test: sql`true`, sources: [], lookUps: 0 };
export const nobody: Plan = {
  test: sql`false`,
  sources: [{ test: sql`false`, ids: () => sql`select null::uuid as id where false`, exact: 'living' }],
  lookUps: 0,
};

export const either = (tests: Fragment[]): Fragment =>
  tests.length === 0 ? sql`false` : sql`(${tests.reduce((left, right) => sql`${left} or ${right}`)})`;

/** Contacts without it: no index has them, but an index may have all others. */
export function inverse({ test, sources: [only, other], lookUps, parts }: Plan): Plan {
  const without = parts === undefined && other === undefined && only?.exact !== undefined ? only : undefined;
  return { test: sql`not ${test}`, sources: [], lookUps, ...(without && { without }) };
}

const justTest = (test: Fragment, lookUps = 0): Plan => ({ test, sources: [], lookUps });

/** A plan whose only source is precise. */
const precise = (
  test: Fragment,
  ids: Source['ids'],
  { exact = 'all', lookUps = 1 }: { exact?: Source['exact']; lookUps?: number } = {},
): Plan => ({ test, sources: [{ test, ids, exact }], lookUps });

/** A pattern for texts with this one in them. */
export const likePattern = (text: string) => `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
const beginning = (text: string) => likePattern(text).slice(1);

/** Living contacts by a condition on their own columns. */
const ownColumns = ({ workspaceId }: Realm, test: Fragment): Plan =>
  precise(
    test,
    most => sql`select c.id from contact c where c.workspace_id = ${workspaceId} and c.deleted_at is null and ${test}
      ${limit(most)}`,
    { exact: 'living', lookUps: 0 },
  );

/** Leaves out the contacts `c` with a number as their name, where the caller sees no numbers. */
export const unlessNumber = ({ wholeNumbers }: Pick<Realm, 'wholeNumbers'>): Fragment =>
  wholeNumbers ? sql`and c.name !~ ${numberName}` : sql``;

export const nameIs = (realm: Realm, names: string[]): Plan =>
  ownColumns(
    realm,
    sql`(c.name is not null and c.sort_name = any (array[${join(names.map(n => sql`folded(${n})`))}]) ${unlessNumber(realm)})`,
  );
export const nameIsSet = justTest(sql`c.name is not null`);

/** Names with a part somewhere. */
export const nameHas = (realm: Realm, part: string): Plan => {
  const test = sql`(c.name is not null and c.sort_name like folded(${likePattern(part)}) ${unlessNumber(realm)})`;
  // The index knows words, not the blanks around them.
  if (part !== part.trim()) return justTest(test);
  const except = realm.wholeNumbers ? numberName : null;
  return precise(test, most => sql`select contacts_named(${part}, ${likePattern(part)}, ${except}, ${most}) as id`, {
    exact: 'living',
    lookUps: 0,
  });
};
export const nameBegins = (realm: Realm, part: string): Plan =>
  justTest(sql`(c.name is not null and c.sort_name like folded(${beginning(part)}) ${unlessNumber(realm)})`);

export const referenceIs = (realm: Realm, references: string[]): Plan =>
  ownColumns(realm, sql`(c.reference is not null and c.reference = any (${references}::text[]))`);
export const languageIs = (realm: Realm, languages: string[]): Plan =>
  ownColumns(realm, sql`(c.language is not null and c.language = any (${languages}::text[]))`);
export const isUnreachable = (realm: Realm): Plan => ownColumns(realm, sql`(c.unreachable_at is not null)`);

/** Texts of a contact that may be null, without an index. */
export const textLike = (text: Fragment, part: string, where: 'anywhere' | 'beginning'): Plan => {
  const pattern = where === 'anywhere' ? likePattern(part) : beginning(part);
  return justTest(sql`coalesce(folded(${text}) like folded(${pattern}), false)`);
};
export const isSet = (value: Fragment): Plan => justTest(sql`(${value}) is not null`);
/** Compares a value that may be null, and that takes so many look-ups. */
export const compared = (value: Fragment, comparison: Fragment, lookUps = 0): Plan =>
  justTest(sql`coalesce(${value} ${comparison}, false)`, lookUps);

export const fieldText = (key: string): Fragment => sql`(c.fields ->> ${key}::text)`;
export const fieldNumber = (key: string): Fragment =>
  sql`(case when jsonb_typeof(c.fields -> ${key}::text) = 'number' then (c.fields ->> ${key}::text)::numeric end)`;
export const fieldDate = (key: string): Fragment => sql`(c.fields ->> ${key}::text) collate "C"`;

/** Contacts with all of these values of their fields. */
export function fieldsAre(fields: Record<string, FieldValue>): Plan {
  const wanted = JSON.stringify(fields);
  const test = sql`coalesce(c.fields @> ${wanted}::jsonb, false)`;
  const ids = (most: number | null) => sql`select contacts_with_fields(${wanted}::jsonb, ${most}) as id`;
  return { test, sources: [{ test, ids, exact: 'living', fields }], lookUps: 0 };
}

/** A field has one value, so no contact is found twice. */
export function fieldIn(key: string, values: FieldValue[]): Plan {
  const plans = values.map(value => fieldsAre({ [key]: value }));
  const test = either(plans.map(plan => plan.test));
  const parts = plans.flatMap(({ sources }) => sources);
  const ids = (most: number | null) =>
    sql`select id from (${parts.map(part => part.ids(most)).reduce((left, right) => sql`${left} union all ${right}`)}) u
      ${limit(most)}`;
  return { test, sources: [{ test, ids, exact: 'living' }], lookUps: 0 };
}

export const hasLabel = (labels: string[]): Plan =>
  precise(
    sql`exists (select 1 from contact_label x where x.contact_id = c.id and x.label_id = any (${labels}::uuid[]) offset 0)`,
    most =>
      labels.length === 1
        ? sql`select contact_id as id from contact_label where label_id = ${labels[0]} ${limit(most)}`
        : sql`select distinct contact_id as id from contact_label where label_id = any (${labels}::uuid[]) ${limit(most)}`,
  );

/** The last number of a calling code that texts can have. */
const lastOf = (code: string) => `+${code}${'9'.repeat(20)}`;

/** Contacts with a number that begins with one of these calling codes. */
export const hasCallingCode = ({ workspaceId }: Realm, codes: string[]): Plan => {
  const numbers = (x: Fragment) =>
    sql`${x}.kind = 'phone' and ${either(codes.map(code => sql`${x}.value between ${`+${code}`} and ${lastOf(code)}`))}`;
  const test = sql`exists (select 1 from contact_address x where x.contact_id = c.id and ${numbers(sql`x`)} offset 0)`;
  const ids = (most: number | null) => sql`select x.contact_id as id, x.value as nth from contact_address x
    where x.workspace_id = ${workspaceId} and ${numbers(sql`x`)} ${limit(most)}`;
  const again = sql`exists (select 1 from contact_address y where y.contact_id = c.id and ${numbers(sql`y`)}
    and y.value > c.nth offset 0)`;
  return { test, sources: [{ test, ids, again, exact: 'all' }], lookUps: 1 };
};
export const hasNumber = justTest(
  sql`exists (select 1 from contact_address x where x.contact_id = c.id and x.kind = 'phone' offset 0)`,
  1,
);

const optOut = (category: Fragment) =>
  sql`exists (select 1 from opt_out o where o.contact_id = c.id ${category} offset 0)`;

/** Opted out as contacts show it: of all messages, of marketing only, or either. */
export const isOptedOut = ({ workspaceId }: Realm, from: 'all' | 'marketing' | 'either'): Plan => {
  const ofAll = optOut(sql`and o.category = 'all'`);
  const ofAny = optOut(sql``);
  const test = { all: ofAll, marketing: sql`(${ofAny} and not ${ofAll})`, either: ofAny }[from];
  return {
    test,
    sources: [
      {
        test: ofAny,
        ...(from === 'either' && { exact: 'all' as const }),
        ids: most => sql`select o.contact_id as id from opt_out o where o.workspace_id = ${workspaceId}
          and not exists (select 1 from opt_out y where y.contact_id = o.contact_id and y.id > o.id) ${limit(most)}`,
      },
    ],
    lookUps: from === 'marketing' ? 2 : 1,
  };
};

/** Of a caller who is limited to accounts, row-level security hides the others too; the engine has no such wall. */
const ofAccounts = ({ accounts }: Realm, x: Fragment = sql`x`): Fragment =>
  accounts === undefined ? sql`` : sql`and ${x}.account_id = any (${[...accounts]}::uuid[])`;

/** Contacts with a conversation `x` that fits. */
const talks = (realm: Realm, fits: Fragment): Fragment =>
  sql`exists (select 1 from conversation x where x.contact_id = c.id ${ofAccounts(realm)} and ${fits} offset 0)`;

/** By an index of conversations: those that fit, by an alias. */
const byConversation = (realm: Realm, within: (x: Fragment) => Fragment, test: Fragment): Source => {
  const fits = (x: Fragment) => sql`${x}.workspace_id = ${realm.workspaceId} ${ofAccounts(realm, x)} and ${within(x)}`;
  return {
    test,
    ids: most =>
      sql`select x.contact_id as id, x.account_id as nth from conversation x where ${fits(sql`x`)} ${limit(most)}`,
    again: sql`exists (select 1 from conversation y where y.contact_id = c.id and y.account_id > c.nth and ${fits(sql`y`)} offset 0)`,
  };
};

export const isUnread = (realm: Realm): Plan => {
  const test = talks(realm, sql`x.unread`);
  return { test, sources: [{ ...byConversation(realm, x => sql`${x}.unread`, test), exact: 'all' }], lookUps: 1 };
};

export const hasAccount = (realm: Realm, ids: string[]): Plan => {
  const within = (x: Fragment) => sql`${x}.account_id = any (${ids}::uuid[])`;
  const test = talks(realm, within(sql`x`));
  return { test, sources: [{ ...byConversation(realm, within, test), exact: 'all' }], lookUps: 1 };
};

const hour = 3_600_000;

export const hasOpenWindow = (realm: Realm): Plan => {
  const since = new Date(realm.now.getTime() - 24 * hour);
  const test = talks(realm, sql`(x.last_received_at >= ${since} or x.last_called_at >= ${since})`);
  // A call is a message when it begins, and opens the window as long as it lasts.
  const lately = (x: Fragment) => sql`${x}.last_message_at >= ${new Date(since.getTime() - 24 * hour)}`;
  return { test, sources: [byConversation(realm, lately, talks(realm, lately(sql`x`)))], lookUps: 1 };
};

type Last = 'last_received_at' | 'last_message_at';
const columns: Record<Last, (x: Fragment) => Fragment> = {
  last_received_at: x => sql`${x}.last_received_at`,
  last_message_at: x => sql`${x}.last_message_at`,
};

/** Bounds of a time: at `from` or later, later than `after`, at `until` or earlier, earlier than `before`. */
export interface Bounds {
  from?: Date | undefined;
  after?: Date | undefined;
  until?: Date | undefined;
  before?: Date | undefined;
}

/** Where the latest time of all conversations of a contact lies. */
export function lastIn(realm: Realm, last: Last, { from, after, until, before }: Bounds): Plan {
  const column = columns[last];
  const mine = column(sql`x`);
  const lower = (time: Fragment) =>
    all([sql`${time} is not null`, from && sql`${time} >= ${from}`, after && sql`${time} > ${after}`]);
  const beyond = [until && sql`${mine} > ${until}`, before && sql`${mine} >= ${before}`].filter(
    fragment => fragment !== undefined,
  );
  const reached = talks(realm, lower(mine));
  const test = sql`(${all([reached, ...beyond.map(late => sql`not ${talks(realm, late)}`)])})`;
  const since = from ?? after;
  const lookUps = 1 + beyond.length;
  if (since === undefined) return justTest(test, lookUps);
  // Nothing was received after the last message.
  const within = (x: Fragment) => sql`${x}.last_message_at >= ${since} and ${lower(column(x))}`;
  const exact = beyond.length === 0 && { exact: 'all' as const };
  return { test, sources: [{ ...byConversation(realm, within, reached), ...exact }], lookUps };
}

/** Where the time of creation lies. */
export const createdIn = (realm: Realm, { from, after, until, before }: Bounds): Plan =>
  ownColumns(
    realm,
    sql`(${all([
      from && sql`c.created_at >= ${from}`,
      after && sql`c.created_at > ${after}`,
      until && sql`c.created_at <= ${until}`,
      before && sql`c.created_at < ${before}`,
    ])})`,
  );

export const messageCount = (realm: Realm): Fragment =>
  sql`(select coalesce(sum(x.sent_count + x.received_count), 0) from conversation x
    where x.contact_id = c.id ${ofAccounts(realm)})`;

export const hasConversationLabel = (realm: Realm, labels: string[]): Plan => {
  const labelled = sql`l.label_id = any (${labels}::uuid[])`;
  return precise(
    sql`exists (select 1 from conversation x join conversation_label l on l.conversation_id = x.id
      where x.contact_id = c.id ${ofAccounts(realm)} and ${labelled} offset 0)`,
    most => sql`select distinct x.contact_id as id from conversation_label l join conversation x on x.id = l.conversation_id
      where l.workspace_id = ${realm.workspaceId} ${ofAccounts(realm)} and ${labelled} ${limit(most)}`,
  );
};

export const isMember = (segmentId: string): Plan =>
  precise(
    sql`exists (select 1 from segment_member x where x.contact_id = c.id and x.segment_id = ${segmentId} offset 0)`,
    most => sql`select contact_id as id from segment_member where segment_id = ${segmentId} ${limit(most)}`,
  );
