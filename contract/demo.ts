// Demo data: a Sandbox account with made-up people and messages, in one request, and gone in one.
import { z } from 'zod';
import { idSchema } from './ids.ts';

const count = (what: string) =>
  z
    .number()
    .int()
    .meta({ description: `${what} Counted up to 10,001.` });

export const demoSchema = z
  .strictObject({
    account_id: idSchema('account').nullable().meta({ description: 'The account of the demo data. Null without any.' }),
    people: count('Made-up people, whom its removal erases.'),
    messages: count('Messages with them.'),
    others: z
      .array(
        z.strictObject({
          contact_id: idSchema('contact'),
          name: z.string().nullable().meta({ description: 'The name of the contact.' }),
          phone: z.string().nullable().meta({ description: 'E.164 number. Null where the channel hides it.' }),
          messages: count('Their messages with the account of the demo.'),
          elsewhere: z.boolean().meta({ description: 'Whether they have conversations with other accounts.' }),
        }),
      )
      .meta({
        description:
          'Contacts of the account that are not of the demo alone: somebody else wrote to it, or a made-up person has conversations with other accounts. At most 100. Empty without the permission contacts.read.',
      }),
    others_total: count('How many of them there are.'),
  })
  .meta({ id: 'Demo' });

export const deleteDemoQuery = z.strictObject({
  others: z.enum(['keep', 'erase'], { error: 'Must be keep or erase.' }).optional().meta({
    description:
      'What becomes of `others`. keep, the default: they and their messages stay, under the deleted account. erase: they are erased too, with all their conversations.',
  }),
});
