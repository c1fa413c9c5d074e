// Demo data: a Sandbox account with made-up people and messages, in one request, and gone in one.
import { z } from 'zod';
import { idSchema } from './ids.ts';

export const demoSchema = z
  .strictObject({
    account_id: idSchema('account').nullable().meta({ description: 'The account of the demo data. Null without any.' }),
  })
  .meta({ id: 'Demo' });
