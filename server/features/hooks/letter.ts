// What a message of a hook says: as a text, and as what fills the variables of a template.
import type { HookState, HookVariable } from '@recado/contract';
import type { CallRow } from './call-store.ts';

/** What one message tells. */
export interface HookLetter {
  /** WhatsApp's own marks make the first line bold. */
  text: string;
  variables: Readonly<Record<HookVariable, string>>;
}

const mostText = 4_000;
/** A message of many calls names the first ones, and says how many more there are. */
const mostTitles = 20;
/** WhatsApp takes 1,024 characters in the whole body of a template. */
const mostOf = { title: 120, text: 500, source: 60, message: 700 } as const;

const stateWords: Readonly<Record<HookState, string>> = { firing: 'Firing', resolved: 'Resolved', note: 'Note' };

/** WhatsApp takes no line breaks and no empty text in a variable. */
const inLine = (text: string, most: number): string => {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  const shown = line.length <= most ? line : `${line.slice(0, most - 1).toWellFormed()}…`;
  return shown === '' ? '–' : shown;
};

const titleOf = ({ source, title }: CallRow): string => (source === title ? `${title}` : `${source}: ${title}`);

/** The letter of calls that are told in one message; there is at least one. */
export function letterOf(calls: readonly CallRow[]): HookLetter {
  const [first] = calls;
  const state: HookState = calls.some(each => each.state === 'firing') ? 'firing' : (first?.state ?? 'note');
  if (calls.length === 1 && first) {
    const { title, body, source, link } = first;
    const heading = `${state === 'resolved' ? 'Over: ' : ''}${titleOf(first)}`;
    return finished(state, { heading, title: title ?? '', text: body ?? '', source: source ?? '', link });
  }
  const lines = calls.slice(0, mostTitles).map(each => `${stateWords[each.state ?? 'note']}: ${titleOf(each)}`);
  const left = calls.length - lines.length;
  const sources = [...new Set(calls.map(({ source }) => source ?? ''))].join(', ');
  const title = `${calls.length} alerts`;
  const text = [...lines, ...(left > 0 ? [`… and ${left} more`] : [])].join('\n');
  return finished(state, { heading: title, title, text, source: sources, link: null });
}

interface Parts {
  heading: string;
  title: string;
  text: string;
  source: string;
  link: string | null;
}

function finished(state: HookState, { heading, title, text, source, link }: Parts): HookLetter {
  const lines = [`*${heading}*`, text, link].filter(Boolean).join('\n');
  return {
    text: lines.length <= mostText ? lines : `${lines.slice(0, mostText - 1).toWellFormed()}…`,
    variables: {
      state: stateWords[state],
      title: inLine(title, mostOf.title),
      text: inLine(text, mostOf.text),
      source: inLine(source, mostOf.source),
      message: inLine(`${heading}. ${text.replaceAll('\n', '; ')}`, mostOf.message),
    },
  };
}
