// A campaign as the form has it, and the settings that it stands for.
import type { Campaign, CampaignMessage, CampaignVariable, TemplateContent, UpdateCampaignBody } from '@recado/client';
import { messagesOf } from '../messages.ts';

/** The content of a variant; `other` is written by programs only, and stays as it is. */
export type VariantKind = 'template' | 'text' | 'other';

export interface VariantDraft {
  /** Keeps its place in the form. */
  key: number;
  share: number;
  kind: VariantKind;
  template: TemplateContent | undefined;
  text: string;
  other: CampaignMessage | undefined;
  variables: Readonly<Record<string, CampaignVariable>>;
  byLanguage: boolean;
  withoutLanguage: NonNullable<CampaignMessage['without_language']>;
}

export type StartKind = 'now' | 'at' | 'local';

type Kept = Pick<
  Campaign,
  | 'name'
  | 'account_ids'
  | 'control_share'
  | 'include'
  | 'exclude'
  | 'recipients_at'
  | 'hours'
  | 'waves'
  | 'stop_rules'
  | 'rate_per_minute'
  | 'daily_share'
  | 'caps'
  | 'reply_hours'
>;

export interface Draft extends Kept {
  variants: readonly VariantDraft[];
  startKind: StartKind;
  /** As `<input type="datetime-local">` has it, in the zone of the browser. */
  at: string;
  local: string;
  zoneField: string;
  missed: 'ask' | 'start' | 'skip';
}

/** An instant as a date and time of the browser's zone. */
function localOf(instant: string): string {
  const at = new Date(instant);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

let lastKey = 0;
export const newVariant = (share: number, kind: VariantKind = 'template'): VariantDraft => ({
  key: ++lastKey,
  share,
  kind,
  template: undefined,
  text: '',
  other: undefined,
  variables: {},
  byLanguage: false,
  withoutLanguage: 'default',
});

function variantOf(share: number, message: CampaignMessage): VariantDraft {
  const { type, template, text, variables, by_language, without_language } = message;
  const base = {
    variables: variables ?? {},
    byLanguage: by_language ?? false,
    withoutLanguage: without_language ?? ('default' as const),
  };
  if (type === 'template') return { ...newVariant(share), ...base, template: template ?? undefined };
  if (type === 'text') return { ...newVariant(share, 'text'), ...base, text: text?.body ?? '' };
  return { ...newVariant(share, 'other'), ...base, other: message };
}

export function draftOf(campaign: Campaign): Draft {
  const { start, variants } = campaign;
  const messages = messagesOf(campaign);
  return {
    name: campaign.name,
    account_ids: campaign.account_ids,
    variants:
      messages.length === 0
        ? [newVariant(100)]
        : messages.map((message, place) => variantOf(variants[place]?.share ?? 0, message)),
    control_share: campaign.control_share,
    include: campaign.include,
    exclude: campaign.exclude,
    recipients_at: campaign.recipients_at,
    startKind: start.at ? 'at' : start.local ? 'local' : 'now',
    at: start.at ? localOf(start.at) : '',
    local: start.local ?? '',
    zoneField: start.zone_field ?? '',
    missed: start.missed ?? 'ask',
    hours: campaign.hours,
    waves: campaign.waves,
    stop_rules: campaign.stop_rules,
    rate_per_minute: campaign.rate_per_minute,
    daily_share: campaign.daily_share,
    caps: campaign.caps,
    reply_hours: campaign.reply_hours,
  };
}

const placeholder = /\{\{\s*([a-z0-9_]+)\s*\}\}/g;

/** The names of the placeholders in a content, each once. */
export const placeholdersIn = (content: unknown): string[] => [
  ...new Set([...JSON.stringify(content ?? null).matchAll(placeholder)].map(([, name]) => name ?? '')),
];

/** The message of a variant; undefined while it says nothing. */
function messageOf(variant: VariantDraft): CampaignMessage | undefined {
  const { kind, template, text, other } = variant;
  const content = kind === 'template' ? template : text.trim() === '' ? undefined : { body: text };
  if (kind === 'other') return other;
  if (!content) return undefined;
  const names = placeholdersIn(content);
  const variables = Object.fromEntries(
    Object.entries(variant.variables)
      .filter(([name, { value }]) => names.includes(name) && value.trim() !== '')
      .map(([name, { from, value, fallback }]) => [name, { from, value, ...(fallback?.trim() && { fallback }) }]),
  );
  const languages = { by_language: variant.byLanguage, without_language: variant.withoutLanguage };
  return { type: kind, [kind]: content, variables, ...languages } as CampaignMessage;
}

/** The places in the API of the variants that say something. */
export const placesOf = ({ variants }: Pick<Draft, 'variants'>): readonly (number | undefined)[] => {
  let next = 0;
  return variants.map(variant => (messageOf(variant) ? next++ : undefined));
};

function startOf({ startKind, at, local, zoneField, missed }: Draft) {
  const zone = zoneField === '' ? {} : { zone_field: zoneField };
  if (startKind === 'at' && at !== '') return { at: new Date(at).toISOString(), missed };
  if (startKind === 'local' && local !== '') return { local, missed, ...zone };
  // Hours are those of the person too.
  return { missed, ...zone };
}

/** The settings of a draft. A name that is missing is none. */
export function settingsOf(draft: Draft): UpdateCampaignBody {
  const {
    variants,
    startKind: _kind,
    at: _at,
    local: _local,
    zoneField: _zone,
    missed: _missed,
    name,
    ...kept
  } = draft;
  return {
    ...(name.trim() !== '' && { name: name.trim() }),
    ...kept,
    variants: variants.flatMap(variant => {
      const message = messageOf(variant);
      return message ? [{ share: variant.share, message }] : [];
    }),
    start: startOf(draft),
  };
}

/** The settings of `after` that differ from those of `before`. */
export const changesOf = (before: UpdateCampaignBody, after: UpdateCampaignBody): UpdateCampaignBody =>
  Object.fromEntries(
    Object.entries(after).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name as keyof UpdateCampaignBody]),
    ),
  );

export type DraftFault = 'name' | 'at' | 'local';

/** The problems of the form itself. */
export const faultsOf = ({ name, startKind, at, local }: Draft): DraftFault[] => [
  ...(name.trim() === '' ? (['name'] as const) : []),
  ...(startKind === 'at' && at === '' ? (['at'] as const) : []),
  ...(startKind === 'local' && local === '' ? (['local'] as const) : []),
];
