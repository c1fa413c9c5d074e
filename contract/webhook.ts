// The headers of the webhooks that Recado posts, as Standard Webhooks 1.0 has them.
import { z } from 'zod';
import { idSchema } from './ids.ts';

export const webhookHeadersSchema = z
  .strictObject({
    'webhook-id': idSchema('event').meta({
      description: 'The id of the event. The same in each attempt: use it to recognise what you have already.',
    }),
    'webhook-timestamp': z.string().meta({
      description: 'The time of the attempt, in seconds since 1970. Reject one that is older than five minutes.',
      example: '1795532645',
    }),
    'webhook-signature': z.string().meta({
      description:
        '`v1,` and the Base64 of the HMAC-SHA256 of `id.timestamp.body` with the secret. Several are separated by spaces: one is right while a secret is replaced.',
      example: 'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
    }),
  })
  .meta({ id: 'WebhookHeaders' });
