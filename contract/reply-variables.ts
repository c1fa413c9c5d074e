// The variables of saved replies: {{contact.first_name|there}} in a text, and what stands in their place.

/** The variables that every workspace has, beside {{field.key}}. */
export const replyVariables = ['contact.name', 'contact.first_name', 'agent.name', 'account.name'] as const;

const written = /\{\{([^{}|]*)(?:\|([^{}]*))?\}\}/g;
const fieldPrefix = 'field.';

/** A stretch of a text: words, or a variable as it was written. */
export type ReplyPart =
  | { text: string }
  | { variable: string /** What stands for it where it is empty. */; fallback: string | undefined; text: string };

/** The parts of a text, in order. */
export function replyParts(body: string): ReplyPart[] {
  const parts: ReplyPart[] = [];
  let end = 0;
  for (const found of body.matchAll(written)) {
    if (found.index > end) parts.push({ text: body.slice(end, found.index) });
    const fallback = found[2]?.trim();
    parts.push({ variable: (found[1] ?? '').trim(), fallback: fallback === '' ? undefined : fallback, text: found[0] });
    end = found.index + found[0].length;
  }
  if (end < body.length) parts.push({ text: body.slice(end) });
  return parts;
}

/** The variables that a text names and nobody knows, each once. `fields`: the keys of the workspace's own fields. */
export function unknownVariables(body: string, fields: readonly string[]): string[] {
  const known = new Set<string>([...replyVariables, ...fields.map(key => `${fieldPrefix}${key}`)]);
  const named = replyParts(body).flatMap(part => ('variable' in part ? [part.variable] : []));
  return [...new Set(named.filter(name => !known.has(name)))];
}

/** The known variable that is nearest to one that nobody knows. */
export function nearestVariable(name: string, fields: readonly string[]): string | undefined {
  const known = [...replyVariables, ...fields.map(key => `${fieldPrefix}${key}`)];
  const near = known.map(each => ({ each, far: distance(name, each) })).sort((a, b) => a.far - b.far)[0];
  return near && near.far <= Math.max(2, Math.floor(name.length / 3)) ? near.each : undefined;
}

/** How many letters have to change. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (const [at, letter] of [...one].entries()) {
    const next = [at + 1];
    for (const [place, others] of [...other].entries())
      next.push(
        Math.min((row[place + 1] ?? 0) + 1, (next[place] ?? 0) + 1, (row[place] ?? 0) + (letter === others ? 0 : 1)),
      );
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** What the variables say in one conversation. */
export interface ReplyValues {
  contact: { name: string | null; fields: Readonly<Record<string, unknown>> };
  agent: string;
  account: string;
}

/** What a variable says there; undefined where it is empty or unknown. */
export function replyValue(name: string, { contact, agent, account }: ReplyValues): string | undefined {
  const value = () => {
    if (name === 'contact.name') return contact.name;
    if (name === 'contact.first_name') return contact.name?.trim().split(/\s+/)[0];
    if (name === 'agent.name') return agent;
    if (name === 'account.name') return account;
    return name.startsWith(fieldPrefix) ? contact.fields[name.slice(fieldPrefix.length)] : undefined;
  };
  const found = value();
  return found === undefined || found === null || found === '' ? undefined : String(found);
}

/** A part as it is sent: `isEmpty` where nothing stands for its variable, which stays as it was written. */
export interface FilledPart {
  text: string;
  variable?: string;
  isEmpty?: true;
}

/** The text of a reply in one conversation, part by part. */
export const fillReply = (body: string, values: ReplyValues): FilledPart[] =>
  replyParts(body).map(part => {
    if (!('variable' in part)) return part;
    const text = replyValue(part.variable, values) ?? part.fallback;
    return text === undefined
      ? { text: part.text, variable: part.variable, isEmpty: true }
      : { text, variable: part.variable };
  });
