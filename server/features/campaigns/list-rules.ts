// The list of a campaign: the reason why a person is left out, the variant, the wave and the time of each.
import { createHash } from 'node:crypto';
import type { CampaignMessage, CampaignSettings, LeftOutReason } from '@recado/contract';
import { type Hours, instantOfText, isZone, nextWithin } from './local-time.ts';
import { languageFor, missingValue, type Person } from './values.ts';
import { zoneOfNumber } from './zones.ts';

/** The facts of a contact of the audience. */
export interface Facts extends Omit<Person, 'zone' | 'accountName'> {
  contactId: string;
  /** Whether an address of the contact can be sent to by the account. */
  hasAddress: boolean;
  isExcluded: boolean;
  optedOut: 'marketing' | 'all' | null;
  lacksConsent: boolean;
  isUnreachable: boolean;
  windowOpen: boolean;
  /** Whether they ever wrote to the account that they talked to last. */
  hasWritten: boolean;
  /** Marketing messages in 1, 7 and 30 days, and since the person last wrote. */
  day: number;
  week: number;
  month: number;
  unanswered: number;
  /** Whether WhatsApp spared the person (131049) in the last 24 hours. */
  recentlyLimited: boolean;
  /** The account of the campaign that they talked to last. */
  talkedTo: string | null;
}

export interface SendingAccount {
  id: string;
  name: string;
  /** Whether free content needs an open window. */
  hasWindow: boolean;
  timeZone: string;
  /** The approved languages of the template of each variant. */
  languages: readonly (readonly string[])[];
}

/** The rules that all people of a campaign have in common. */
export interface ListRules {
  campaignId: string;
  settings: CampaignSettings;
  isMarketing: boolean;
  /** At least one. */
  accounts: readonly SendingAccount[];
  now: number;
}

export interface Listed {
  reason: LeftOutReason | null;
  accountId: string | null;
  variant: number | null;
  language: string | null;
  zone: string;
  dueAt: number;
}

/** A number from 0 to 100 that a campaign and a contact always have. */
function drawOf(campaignId: string, contactId: string): number {
  const hash = createHash('sha256').update(`${campaignId} ${contactId}`).digest();
  return (hash.readUInt32BE(0) / 2 ** 32) * 100;
}

/** The variant of a person, or undefined for the control group. Shares that make less than 100 are stretched. */
function variantOf(draw: number, shares: readonly number[], control: number): number | undefined {
  if (draw < control) return undefined;
  const total = shares.reduce((sum, share) => sum + share, 0);
  if (total <= 0) return 0;
  let left = ((draw - control) / (100 - control)) * total;
  for (const [place, share] of shares.entries()) {
    if (left < share) return place;
    left -= share;
  }
  return shares.length - 1;
}

/** American numbers: WhatsApp delivers them no marketing. +1 is Canada and islands, too. */
const usOnly = /^\+1/;
const notUs = new Set(
  '204 226 236 242 246 249 250 257 263 264 268 284 289 306 340 343 345 354 365 367 368 382 403 416 418 428 431 437 438 441 450 468 473 474 506 514 519 548 579 581 584 587 600 604 613 639 647 649 658 664 670 671 672 683 684 705 709 721 742 753 758 767 778 780 782 784 787 807 809 819 825 829 849 867 868 869 873 876 879 902 905 939 942'.split(
    ' ',
  ),
);
const isAmerican = (phone: string) => usOnly.test(phone) && !notUs.has(phone.slice(2, 5));

function capOf(facts: Facts, { caps }: CampaignSettings): LeftOutReason | null {
  const beyond = (count: number, cap: number | null) => cap !== null && count >= cap;
  if (beyond(facts.day, caps.day) || beyond(facts.week, caps.week) || beyond(facts.month, caps.month))
    return 'frequency_cap';
  return beyond(facts.unanswered, caps.unanswered) ? 'unanswered_cap' : null;
}

function barOf(facts: Facts, rules: ListRules): LeftOutReason | null {
  if (facts.isExcluded) return 'excluded';
  if (facts.optedOut === 'all' || (facts.optedOut !== null && rules.isMarketing)) return 'opted_out';
  if (!facts.hasAddress) return 'no_number';
  if (facts.isUnreachable) return 'unreachable';
  if (!rules.isMarketing) return null;
  if (facts.lacksConsent) return 'consent_missing';
  if (facts.phone !== null && isAmerican(facts.phone)) return 'country_not_served';
  if (facts.recentlyLimited) return 'recently_limited';
  return capOf(facts, rules.settings);
}

function zoneOf(facts: Facts, settings: CampaignSettings, account: SendingAccount): string {
  const own = settings.start.zone_field === undefined ? undefined : facts.fields?.[settings.start.zone_field];
  if (typeof own === 'string' && isZone(own)) return own;
  return (facts.phone === null ? undefined : zoneOfNumber(facts.phone)) ?? account.timeZone;
}

/** When a person may get it: at their local time, in their hours. A local time that is over means now, where hours allow. */
function dueAt(now: number, zone: string, { start, hours }: Pick<CampaignSettings, 'start' | 'hours'>): number {
  const wanted = start.local === undefined ? now : Math.max(now, instantOfText(start.local, zone));
  return hours ? nextWithin(wanted, zone, hours satisfies Hours) : wanted;
}

/** The account that they talked to last, else one by the draw. */
function accountOf(facts: Facts, { accounts, campaignId }: ListRules): SendingAccount {
  const talked = accounts.length === 1 ? accounts[0] : accounts.find(({ id }) => id === facts.talkedTo);
  const draw = () => drawOf(`account ${campaignId}`, facts.contactId);
  const account = talked ?? accounts[Math.floor((draw() / 100) * accounts.length)];
  if (!account) throw new Error('a campaign without accounts has no list');
  return account;
}

/** The variant of a person; undefined for the control group. With one for all there is nothing to draw. */
function variantFor({ contactId }: Facts, { campaignId, settings }: ListRules): number | undefined {
  if (settings.variants.length === 1 && settings.control_share === 0) return 0;
  const shares = settings.variants.map(({ share }) => share);
  return variantOf(drawOf(campaignId, contactId), shares, settings.control_share);
}

/** The fate of a person of the audience. */
export function listed(facts: Facts, rules: ListRules): Listed {
  const { settings, now } = rules;
  const account = accountOf(facts, rules);
  const zone = zoneOf(facts, settings, account);
  const base = { accountId: account.id, zone, language: null, variant: null, dueAt: now };
  const out = (reason: LeftOutReason): Listed => ({ ...base, reason });
  const bar = barOf(facts, rules);
  if (bar) return out(bar);
  const variant = variantFor(facts, rules);
  if (variant === undefined) return out('control_group');
  const message = settings.variants[variant]?.message;
  if (!message) throw new Error('a campaign without a message has no list');
  const language = languageOf(message, facts, account.languages[variant] ?? []);
  if (language === undefined) return out('no_language');
  if (message.type !== 'template' && account.hasWindow && !facts.windowOpen) return out('window_closed');
  const person = { ...facts, zone, accountName: account.name };
  if (missingValue(message, person, now) !== undefined) return out('value_missing');
  return { ...base, reason: null, variant, language, dueAt: dueAt(now, zone, settings) };
}

/** The language of the template for a person; null for other content, undefined to leave them out. */
function languageOf(message: CampaignMessage, facts: Facts, languages: readonly string[]): string | null | undefined {
  if (message.type !== 'template') return null;
  const own = message.by_language ? languageFor(facts.language, languages) : undefined;
  if (own === undefined && message.by_language && message.without_language === 'leave_out') return undefined;
  return own ?? message.template?.language.code ?? null;
}

/** The wave of a person by their place in the order of the list, both from 1. */
export function waveOf(place: number, sizes: readonly number[]): number {
  let end = 0;
  for (const [wave, size] of sizes.entries()) {
    end += size;
    if (place <= end) return wave + 1;
  }
  return sizes.length + 1;
}
