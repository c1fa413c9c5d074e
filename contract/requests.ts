// The request log: what programs and people asked of the API in the last week, and what it answered.
import { z } from 'zod';
import { pageQuery, pageSchema, rangeRule, textSchema, timeInputSchema, timeSchema, wholeNumber } from './common.ts';
import { idExamples, idSchema } from './ids.ts';

export const requestMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'] as const;

/** refused: answered with 4xx. failed: answered with 5xx. */
export const requestOutcomes = ['refused', 'failed'] as const;
export type RequestOutcome = (typeof requestOutcomes)[number];

export const listRequestsQuery = z
  .strictObject({
    ...pageQuery,
    outcome: z.enum(requestOutcomes, { error: 'Must be refused or failed.' }).optional().meta({
      description: 'refused: only answers with 4xx. failed: only answers with 5xx.',
    }),
    slower_than_ms: wholeNumber(0, 3_600_000)
      .optional()
      .meta({ description: 'Only requests that took at least this many milliseconds.' }),
    method: z
      .enum(requestMethods, { error: 'Must be an HTTP method, like POST.' })
      .optional()
      .meta({ description: 'Only requests with this method.' }),
    path: textSchema(300).optional().meta({ description: 'Only requests whose path contains this.' }),
    caller_kind: z
      .enum(['person', 'api_key'], { error: 'Must be person or api_key.' })
      .optional()
      .meta({ description: 'Only requests of people, or of programs with API keys.' }),
    caller_id: z
      .union([idSchema('person'), idSchema('api_key')], {
        error: `Must be the id of a person or an API key, like ${idExamples.api_key}.`,
      })
      .optional()
      .meta({ description: 'Only requests of this person or API key.' }),
    request_id: textSchema(100).optional().meta({ description: 'Only requests with this `X-Request-Id`.' }),
    from: timeInputSchema.optional().meta({ description: 'Only requests at or after this time.' }),
    until: timeInputSchema.optional().meta({ description: 'Only requests before this time.' }),
  })
  .refine(...rangeRule);

export const apiRequestSchema = z
  .strictObject({
    id: idSchema('request'),
    at: timeSchema.meta({ description: 'The time of the answer.' }),
    method: z.string().meta({ description: 'The HTTP method.', example: 'POST' }),
    path: z.string().meta({
      description: 'The path without its query: at most 300 characters of it.',
      example: '/api/v1/messages',
    }),
    status: z.number().int().meta({ description: 'The HTTP status of the answer.', example: 422 }),
    code: z.string().nullable().meta({
      description: 'The code of the error. Null if there was none.',
      example: 'invalid_request',
    }),
    duration_ms: z.number().int().meta({ description: 'How long the answer took, in milliseconds.' }),
    caller: z
      .strictObject({
        kind: z
          .enum(['person', 'api_key'])
          .meta({ description: 'Whether a person asked, or a program with an API key.' }),
        id: idSchema('person').or(idSchema('api_key')),
        name: z.string().nullable().meta({ description: 'The current name. Null if there is none any more.' }),
      })
      .meta({ description: 'Who asked.' }),
    address: z.string().nullable().meta({ description: 'The IP address of the caller.' }),
    request_id: z.string().meta({ description: 'The `X-Request-Id` of the request and of its answer.' }),
  })
  .meta({ id: 'ApiRequest' });
export type ApiRequest = z.infer<typeof apiRequestSchema>;

export const apiRequestPage = pageSchema(apiRequestSchema).meta({ id: 'ApiRequestPage' });
