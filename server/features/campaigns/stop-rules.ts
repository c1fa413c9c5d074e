// When a campaign is held by itself, so that it stops before it hurts.
import type { CampaignReason, CampaignSettings } from '@recado/contract';

/** How many of the last outcomes the rules look at, and how many there must be. */
export const lastOutcomes = 200;
const leastOutcomes = 50;

/** The last outcomes of a campaign. */
export interface Outcomes {
  /** How many there are, at most `lastOutcomes`. */
  n: number;
  /** How many failed, by code. */
  failed: Readonly<Record<string, number>>;
  optedOut: number;
  /** The worst quality of its accounts, as WhatsApp names it. */
  quality: string | null;
  /** The first outcomes of the campaign: codes of those that failed, null of others. */
  first: readonly (string | null)[];
}

export interface Stop {
  code: CampaignReason;
  detail: string;
}

const notOnWhatsApp = '131026';
const spared = '131049';
const messageErrors = new Set(['132000', '132001', '132005', '132007', '132012']);
const accountErrors = new Set(['131048', '368', '131031', '131042']);

const percentOf = (count: number, n: number) => (n === 0 ? 0 : (count / n) * 100);
const written = (percent: number) => `${Math.round(percent * 10) / 10} %`;

/**
 * The first rule that a campaign breaks; undefined if it may go on. `isResumed`: somebody resumed it in spite of a rule, so
 * a medium quality holds it no more.
 */
export function brokenRule(
  outcomes: Outcomes,
  rules: CampaignSettings['stop_rules'],
  isResumed = false,
): Stop | undefined {
  const { n, failed, quality } = outcomes;
  const first = outcomes.first.slice(0, 3);
  if (first.length === 3 && first.every(code => code !== null && messageErrors.has(code)))
    return {
      code: 'wrong_message',
      detail: `The first 3 messages failed with ${first[0]}: the values do not fit the template. Correct the message in a copy of this campaign.`,
    };
  const account = Object.keys(failed).find(code => accountErrors.has(code));
  if (account !== undefined)
    return {
      code: 'account_error',
      detail: `WhatsApp refuses the account (${account}). Fix it as its status says, then resume.`,
    };
  if (quality === 'RED' || (quality === 'YELLOW' && rules.quality === 'yellow' && !isResumed))
    return {
      code: 'quality',
      detail: `The quality of an account is ${quality === 'RED' ? 'low' : 'medium'}. Write to fewer people, to those who wrote to you, then resume.`,
    };
  if (n < leastOutcomes) return undefined;
  const broken = measured(outcomes, rules).find(
    ({ count, limit, percent }) => limit !== null && percent >= limit && count > 1,
  );
  if (!broken) return undefined;
  const { rule, count, limit, percent } = broken;
  return {
    code: rule,
    detail: `${count} of the last ${n} ${words[rule]} That is ${written(percent)}, and the limit is ${written(limit ?? 0)}.`,
  };
}

type Rule = 'failed' | 'not_on_whatsapp' | 'spared' | 'opted_out';

const words: Record<Rule, string> = {
  not_on_whatsapp:
    'are not on WhatsApp (131026): the list is old. Leave out people who have not written for long, or resume and accept it.',
  spared:
    'were spared by WhatsApp (131049): these people get too much marketing. Wait some days, or resume and accept it.',
  failed: 'failed. Read the codes, mend the cause, then resume.',
  opted_out: 'opted out. Look at the text and at the audience, then resume or cancel.',
};

/** Each rule of shares with what the last outcomes say, the most telling first. */
function measured({ n, failed, optedOut }: Outcomes, rules: CampaignSettings['stop_rules']) {
  const all = Object.values(failed).reduce((sum, count) => sum + count, 0);
  const old = failed[notOnWhatsApp] ?? 0;
  const tired = failed[spared] ?? 0;
  const counts: [Rule, number][] = [
    ['not_on_whatsapp', old],
    ['spared', tired],
    ['failed', all - old - tired],
    ['opted_out', optedOut],
  ];
  return counts.map(([rule, count]) => ({ rule, count, percent: percentOf(count, n), limit: rules[rule] }));
}

/** The rules with the shares of the last outcomes, for readers. */
export const sharesOfRules = (outcomes: Outcomes, rules: CampaignSettings['stop_rules']) =>
  measured(outcomes, rules).map(({ rule, percent, limit }) => ({ rule, percent, limit }));
