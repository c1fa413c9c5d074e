// The approval of a campaign by a second person.
import { z } from 'zod';
import { requestObject, textSchema, timeSchema } from '../common.ts';
import { idSchema } from '../ids.ts';
import { approvedCost, campaignWho } from './campaign.ts';
import { count, tally, whole } from './fields.ts';
import { outlookCost } from './outlook.ts';

/** Why a person may not approve a campaign. */
export const approvalBars = ['asked', 'started', 'changed', 'made_key'] as const;
export type ApprovalBar = (typeof approvalBars)[number];

const barsSchema = z.array(z.enum(approvalBars)).meta({
  description:
    'asked: asked for it. started: started it, and nobody asked. changed: changed it last, or created it. made_key: made the API key that did so.',
});

const person = { id: idSchema('person'), name: z.string().meta({ description: 'The name.' }) };

export const campaignApprovalSchema = z
  .strictObject({
    waits: z.boolean().meta({ description: 'Whether the campaign waits for an approval.' }),
    above: z.number().int().nullable().meta({
      description: 'A second person must approve campaigns for more people than this. Null: none must.',
    }),
    tolerance: z.number().int().meta({
      description: 'How many percent more people than approved its list may have.',
    }),
    people: count('The people whom an approval of now is for. With complete: false, all of the audience.'),
    complete: z.boolean().meta({
      description: 'Whether Recado looked at the whole audience. Otherwise some of the people will be left out.',
    }),
    audience: count('People in one of the sources. With complete: false, those that Recado looked at.'),
    left_out: tally('People who are left out, by reason.'),
    frozen_at: timeSchema.nullable().meta({
      description: 'Since when its list does not change. Null: Recado counted now, and the list is made at the start.',
    }),
    cost: outlookCost,
    approvers: z.array(z.strictObject(person)).meta({ description: 'The people who may approve it.' }),
    barred: z
      .array(z.strictObject({ ...person, reasons: barsSchema }))
      .meta({ description: 'The people whose role allows it, and who may not approve this campaign.' }),
    may: z.boolean().meta({ description: 'Whether you may approve it: a person, and not barred.' }),
    changes: z
      .strictObject({
        by: campaignWho.meta({ description: 'Who gave the last approval.' }),
        at: timeSchema.meta({ description: 'When.' }),
        fields: z
          .array(
            z.strictObject({
              field: z.string().meta({ description: 'The field of the campaign.', example: 'variants' }),
              before: z.unknown().meta({ description: 'What was approved.' }),
              after: z.unknown().meta({ description: 'What it is now.' }),
            }),
          )
          .meta({ description: 'Each field that is different now.' }),
      })
      .nullable()
      .meta({ description: 'What changed since the last approval. Null if there was none.' }),
    said: z
      .array(
        z.strictObject({
          kind: z.enum(['asked', 'approved', 'refused', 'changed']).meta({
            description: 'changed: an approval, or the question for one, ended with a change.',
          }),
          by: campaignWho.meta({ description: 'Who.' }),
          at: timeSchema.meta({ description: 'When.' }),
          people: z.number().int().nullable().meta({ description: 'For how many people it was approved.' }),
          cost: approvedCost.nullable().meta({ description: 'For which cost.' }),
          note: z.string().nullable().meta({ description: 'Why it was refused.' }),
        }),
      )
      .meta({ description: 'Who said what, newest first, at most 50.' }),
  })
  .meta({ id: 'CampaignApproval' });
export type CampaignApproval = z.infer<typeof campaignApprovalSchema>;

export const approveCampaignBody = requestObject({
  people: whole(0, 100_000_000).optional().meta({
    description: 'For how many people you approve. Where Recado counts over 5 % more, it refuses. Default: as counted.',
    example: 1_116,
  }),
}).meta({ example: { people: 1_116 } });

export const refuseCampaignBody = requestObject({
  note: textSchema(500).optional().meta({ description: 'Why, for who asked.', example: 'The price is wrong.' }),
}).meta({ example: { note: 'The price is wrong.' } });
