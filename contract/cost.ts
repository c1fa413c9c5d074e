// What messages cost: rate cards, the spend of a month, caps, and the comparison with what WhatsApp bills.
import { z } from 'zod';
import {
  changeBody,
  pageQuery,
  pageSchema,
  rangeRule,
  requestObject,
  textSchema,
  timeInputSchema,
  timeSchema,
} from './common.ts';
import { idSchema } from './ids.ts';

/** An amount of money in an answer: a decimal text, as numbers of JSON are not exact. */
export const moneySchema = z
  .string()
  .regex(/^-?\d+(\.\d+)?$/)
  .meta({ description: 'A decimal number as text: money is exact.', example: '2128.4' });
/** The same in a request. */
export const moneyInputSchema = z
  .string()
  .regex(/^\d{1,10}(\.\d{1,6})?$/, { error: 'Must be a decimal number as text, like "0.0625".' })
  .meta({ description: 'A decimal number as text: money is exact.', example: '2500' });
const capError = { error: 'Must be a decimal number above 0 as text, like "2500".' };
const capInput = z
  .string()
  .regex(/^\d{1,10}(\.\d{1,2})?$/, capError)
  .refine(text => Number(text) > 0, capError)
  .meta({ description: 'A decimal number as text: money is exact.', example: '2500' })
  .nullable();

/** The categories of rates, as WhatsApp's rate cards have them. */
export const rateCategories = [
  'marketing',
  'utility',
  'authentication',
  'authentication-international',
  'service',
] as const;
export type RateCategory = (typeof rateCategories)[number];

/** rates: by market and category. tiers: by how many messages were billed in the month. */
export const rateCardKinds = ['rates', 'tiers'] as const;
export type RateCardKind = (typeof rateCardKinds)[number];

/** draft: only to compare. coming: begins later. current: in force. ended: a newer one replaced it. */
export const rateCardStates = ['draft', 'coming', 'current', 'ended'] as const;
export type RateCardState = (typeof rateCardStates)[number];

const count = (description: string) => z.number().int().meta({ description });
const daySchema = z.iso.date().meta({ example: '2026-10-01' });
const currencySchema = z.string().meta({ description: 'The currency, in three letters.', example: 'USD' });

export const rateCardSchema = z
  .strictObject({
    id: idSchema('rate_card'),
    kind: z.enum(rateCardKinds).meta({ description: 'rates: by category. tiers: by volume of the month.' }),
    name: z.string().meta({ description: 'The name.', example: 'Meta, October 2026' }),
    currency: currencySchema,
    valid_from: daySchema.meta({ description: 'The first day that it counts for.' }),
    valid_until: daySchema.nullable().meta({ description: 'The last day, if a newer card is there.' }),
    file_name: z.string().meta({ description: 'The file that it came from.' }),
    markets: count('How many markets it has.'),
    rates: count('How many rates it has. What the file calls n/a is none.'),
    state: z.enum(rateCardStates).meta({ description: 'draft: to compare. coming, current or ended: in use.' }),
    created_at: timeSchema.meta({ description: 'When somebody imported it.' }),
    used_at: timeSchema.nullable().meta({ description: 'When somebody took it into use.' }),
  })
  .meta({ id: 'RateCard' });
export type RateCard = z.infer<typeof rateCardSchema>;
export const rateCardList = z
  .strictObject({ data: z.array(rateCardSchema).meta({ description: 'All cards, the newest day first.' }) })
  .meta({ id: 'RateCardList' });

export const importRateCardBody = requestObject({
  file_name: textSchema(200).meta({ description: 'The name of the file.', example: 'meta-rates-usd-2027-01.csv' }),
  text: textSchema(500_000).meta({
    description:
      'The CSV file of WhatsApp: Market, Currency, then a column for each category. Or tiers: Market, Currency, Category, From, Rate.',
    example: 'Market,Currency,Marketing,Utility,Authentication,Service\nBrazil,USD,0.0625,0.0068,0.0068,0.0068\n',
  }),
  valid_from: z.iso
    .date({ error: 'Must be a day like 2026-10-01.' })
    .refine(day => day >= '2020' && day < '2100', { error: 'Must be in the years 2020 to 2099.' })
    .meta({ description: 'The first day that it counts for.', example: '2027-01-01' }),
  name: textSchema(100).optional().meta({ description: 'The name. Default: the name of the file.' }),
}).meta({
  example: {
    file_name: 'meta-rates-usd-2027-01.csv',
    valid_from: '2027-01-01',
    text: 'Market,Currency,Marketing,Utility,Authentication,Service\nBrazil,USD,0.0625,0.0068,0.0068,0.0068\n',
  },
});

const changeKinds = ['rises', 'falls', 'new', 'gone', 'same'] as const;
export const rateChangesSchema = z
  .strictObject({
    card: rateCardSchema.meta({ description: 'The card.' }),
    before: rateCardSchema.nullable().meta({ description: 'The card in use on the day before it begins.' }),
    rises: count('How many rates rise.'),
    falls: count('How many rates fall.'),
    new: count('How many rates are new.'),
    gone: count('How many rates are gone.'),
    odd: count('How many rates are three times what they were, or a third, or more.'),
    month_before: moneySchema.nullable().meta({
      description: 'What the messages of the last 28 days cost with the card before.',
    }),
    month_after: moneySchema.nullable().meta({ description: 'What they would cost with this one.' }),
    data: z
      .array(
        z.strictObject({
          market: z.string().meta({ description: 'The market.', example: 'Brazil' }),
          category: z.string().meta({ description: 'The category.', example: 'marketing' }),
          tier_from: count('From which message of the month on; 1 without tiers.'),
          before: moneySchema.nullable().meta({ description: 'The rate before. Null for none.' }),
          after: moneySchema.nullable().meta({ description: 'The rate of this card. Null for none: never free.' }),
          change: z.enum(changeKinds).meta({ description: 'What becomes of it.' }),
          percent: z.number().nullable().meta({ description: 'By how much it changes, in percent.' }),
          odd: z.boolean().meta({ description: 'Whether it looks wrong: three times as much, or more.' }),
          messages: count('How many messages of the last 28 days it is about.'),
        }),
      )
      .meta({ description: 'Each rate: odd ones first, then those of your messages.' }),
  })
  .meta({ id: 'RateChanges' });
export type RateChanges = z.infer<typeof rateChangesSchema>;

export const useRateCardBody = requestObject({
  accept_odd: z.boolean({ error: 'Must be true or false.' }).optional().meta({
    description: 'Take rates that are three times what they were, too. Default: false.',
  }),
}).meta({ example: { accept_odd: true } });

const capOf = (whose: string) => `The most that ${whose} may cost in a month. Null for no cap.`;
const percentInput = z
  .string()
  .regex(/^\d{1,4}(\.\d{1,3})?$/, { error: 'Must be a number of percent as text, like "8".' })
  .refine(text => Number(text) <= 1000, { error: 'Must be at most 1000.' });
export const costSettingsSchema = z
  .strictObject({
    currency: currencySchema.nullable().meta({ description: 'That of the first rate card. Null without one.' }),
    cap: moneySchema.nullable().meta({ description: capOf('the workspace') }),
    account_cap: moneySchema.nullable().meta({ description: capOf('each account without its own') }),
    campaign_cap: moneySchema.nullable().meta({ description: 'The most that a campaign may cost that names no cap.' }),
    accounts: z
      .array(
        z.strictObject({
          account_id: idSchema('account'),
          cap: moneySchema.nullable().meta({ description: 'Its own cap of a month. Null: that of all accounts.' }),
          surcharge_percent: moneySchema.meta({ description: 'What a provider adds, in percent of the rate.' }),
          surcharge_fixed: moneySchema.meta({ description: 'What a provider adds to each billed message.' }),
        }),
      )
      .meta({ description: 'The accounts whose messages WhatsApp bills.' }),
  })
  .meta({ id: 'CostSettings' });
export type CostSettings = z.infer<typeof costSettingsSchema>;

export const updateCostSettingsBody = changeBody({
  cap: capInput.optional().meta({ description: capOf('the workspace'), example: '2500' }),
  account_cap: capInput.optional().meta({ description: capOf('each account without its own'), example: '500' }),
  campaign_cap: capInput
    .optional()
    .meta({ description: 'The most that a campaign may cost that names no cap.', example: '300' }),
  accounts: z
    .array(
      requestObject({
        account_id: idSchema('account'),
        cap: capInput
          .optional()
          .meta({ description: 'Its own cap of a month. Null: that of all accounts.', example: '500' }),
        surcharge_percent: percentInput
          .optional()
          .meta({ description: 'What a provider adds, in percent of the rate.', example: '8' }),
        surcharge_fixed: moneyInputSchema
          .optional()
          .meta({ description: 'What a provider adds to each billed message.', example: '0.001' }),
      }),
    )
    .max(100, { error: 'Must have at most 100 accounts.' })
    .optional()
    .meta({ description: 'Accounts to change. Absent ones and absent fields stay as they are.' }),
});
export type UpdateCostSettings = z.infer<typeof updateCostSettingsBody>;

const monthInput = z
  .string()
  .regex(/^20\d\d-(0[1-9]|1[0-2])$/, { error: 'Must be a month like 2026-11.' })
  .meta({ example: '2026-11' });

export const costQuery = z.strictObject({
  month: monthInput.optional().meta({ description: 'The month. Default: this one.' }),
  account_id: idSchema('account').optional(),
});

const sums = {
  messages: count('How many messages, billed or not.'),
  amount: moneySchema.meta({ description: 'What those with a rate cost, with the surcharge of a provider.' }),
  unrated: count('How many of them have no rate: their cost is not known, and not 0.'),
};
export const costSchema = z
  .strictObject({
    month: z.string().meta({ description: 'The month, by the clocks of the accounts.', example: '2026-11' }),
    currency: currencySchema.nullable().meta({ description: 'Null without a rate card.' }),
    amount: moneySchema.meta({ description: 'What the month costs so far, with what is under way.' }),
    estimated: moneySchema.meta({ description: 'Of it, what no receipt has confirmed yet.' }),
    messages: z
      .strictObject({
        charged: count('Delivered and billed.'),
        free: count('Delivered for free, as WhatsApp says.'),
        estimated: count('Under way, or without a word of WhatsApp about their price.'),
        unrated: count('Without a rate for their market and category: their cost is not known.'),
      })
      .meta({ description: 'The messages of the month.' }),
    by_category: z
      .array(z.strictObject({ category: z.string().meta({ description: 'The category.' }), ...sums }))
      .meta({ description: 'By category.' }),
    by_account: z
      .array(z.strictObject({ account_id: idSchema('account'), ...sums }))
      .meta({ description: 'By account.' }),
    by_country: z
      .array(
        z.strictObject({
          country: z.string().meta({ description: 'The country in two letters. Empty where it is not known.' }),
          ...sums,
        }),
      )
      .meta({ description: 'By country of the recipient.' }),
    by_template: z
      .array(z.strictObject({ template: z.string().meta({ description: 'The name of the template.' }), ...sums }))
      .meta({ description: 'By template: the 100 that cost most.' }),
    by_day: z
      .array(
        z.strictObject({
          day: daySchema.meta({ description: 'The day, by the clock of the account.' }),
          category: z.string().meta({ description: 'The category.' }),
          ...sums,
        }),
      )
      .meta({ description: 'By day and category. Days without messages are left out.' }),
    forecast: z
      .strictObject({
        low: moneySchema.meta({ description: 'With the lower quartile of the same weekdays.' }),
        expected: moneySchema.meta({ description: 'The month so far, and the median of the same weekdays left.' }),
        high: moneySchema.meta({ description: 'With the upper quartile of the same weekdays.' }),
      })
      .nullable()
      .meta({ description: 'What the month will cost. Null for other months, and in the first week.' }),
    free_messages: z
      .array(
        z.strictObject({
          account_id: idSchema('account'),
          used: count('How many free service messages were delivered.'),
          of: count('How many are free in a month.'),
          ends_on: daySchema.nullable().meta({ description: 'When they will be used up at this pace.' }),
        }),
      )
      .meta({ description: 'The free service messages of each number.' }),
    caps: z
      .array(
        z.strictObject({
          account_id: idSchema('account').nullable().meta({ description: 'Null: the cap of the workspace.' }),
          amount: moneySchema.meta({ description: 'The cap.' }),
          spent: moneySchema.meta({ description: 'What this month costs so far.' }),
          warned: z.boolean().meta({ description: 'Whether 80 % are spent.' }),
          reached: z
            .boolean()
            .meta({ description: 'Whether all is spent: campaigns hold, the API refuses marketing.' }),
        }),
      )
      .meta({ description: 'The caps of this month.' }),
    card: z
      .strictObject({
        id: idSchema('rate_card'),
        name: z.string().meta({ description: 'The name.' }),
        valid_from: daySchema.meta({ description: 'The first day that it counts for.' }),
        is_old: z.boolean().meta({
          description: 'Whether rates have probably changed since: it begins before the newest quarter, a week ago.',
        }),
      })
      .nullable()
      .meta({ description: 'The rate card in use today. Null for none.' }),
  })
  .meta({ id: 'Cost' });
export type Cost = z.infer<typeof costSchema>;

export const costConversationsQuery = z
  .strictObject({
    from: timeInputSchema.optional().meta({ description: 'Messages accepted from then on. Default: 28 days ago.' }),
    until: timeInputSchema.optional().meta({ description: 'Messages accepted before. Default: now.' }),
    account_id: idSchema('account').optional(),
    conversation_id: idSchema('conversation').optional(),
  })
  .refine(...rangeRule);

export const costConversationsSchema = z
  .strictObject({
    from: timeSchema.meta({ description: 'The beginning of the range.' }),
    until: timeSchema.meta({ description: 'Its end.' }),
    currency: currencySchema.nullable().meta({ description: 'Null without a rate card.' }),
    conversations: count('How many conversations had a message with a cost.'),
    amount: moneySchema.meta({ description: 'What they cost together.' }),
    median: moneySchema.nullable().meta({ description: 'Half of them cost at most this.' }),
    p90: moneySchema.nullable().meta({ description: 'Nine of ten cost at most this.' }),
  })
  .meta({ id: 'CostOfConversations' });

/** estimated: no receipt said its price yet. unrated: the card has no rate for it. */
export const chargeKinds = ['estimated', 'charged', 'free', 'unrated'] as const;

export const chargeSchema = z
  .strictObject({
    kind: z.enum(chargeKinds).meta({
      description:
        'charged and free: as WhatsApp says. estimated: it said nothing yet. unrated: the rate card has no rate.',
    }),
    amount: moneySchema
      .nullable()
      .meta({ description: 'What it costs, with the surcharge. Null if that is not known.' }),
    surcharge: moneySchema.meta({ description: 'Of it, what a provider adds.' }),
    currency: currencySchema,
    category: z.string().meta({ description: 'The category that it is charged by.', example: 'service' }),
    country: z.string().nullable().meta({ description: 'The country of its recipient. Null if that is not known.' }),
    market: z
      .string()
      .nullable()
      .meta({ description: 'The market of the rate card. Null for none.', example: 'Brazil' }),
    day: daySchema.meta({ description: 'The day that it counts for, by the clock of its account.' }),
    rate_card_id: idSchema('rate_card').meta({ description: 'The rate card that made it.' }),
  })
  .meta({ id: 'Charge' });
export type Charge = z.infer<typeof chargeSchema>;

export const exportReconciliationsQuery = z.strictObject({ account_id: idSchema('account').optional() });

export const listReconciliationsQuery = z.strictObject({ ...pageQuery, account_id: idSchema('account').optional() });

export const reconciliationSchema = z
  .strictObject({
    id: idSchema('reconciliation'),
    account_id: idSchema('account'),
    day: daySchema.meta({ description: 'The day in UTC, as WhatsApp counts.' }),
    counted: count('Delivered messages, as Recado counted.'),
    told: count('Delivered messages, as WhatsApp says.'),
    amount: moneySchema.meta({ description: 'What they cost by the rate card, without the surcharge of a provider.' }),
    told_amount: moneySchema.nullable().meta({
      description: 'What WhatsApp says that they cost. Null where a partner pays: WhatsApp tells no cost then.',
    }),
    compared_at: timeSchema.meta({ description: 'When Recado asked.' }),
  })
  .meta({ id: 'Reconciliation' });
export type Reconciliation = z.infer<typeof reconciliationSchema>;
export const reconciliationPage = pageSchema(reconciliationSchema).meta({ id: 'ReconciliationPage' });
