// The workspaces of a person: making one, listing them, going over to another.
import { z } from 'zod';
import { cookiesSchema } from './auth.ts';
import { nameSchema, pageQuery, pageSchema, timeSchema } from './common.ts';
import { idExamples, idSchema } from './ids.ts';
import { roles } from './permissions.ts';

export const switchBody = z
  .strictObject({ workspace_id: idSchema('workspace'), cookies: cookiesSchema })
  .meta({ example: { workspace_id: idExamples.workspace } });

export const createWorkspaceBody = z
  .strictObject({ name: nameSchema(100).meta({ description: 'What it is to be called.' }) })
  .meta({ example: { name: 'Second shop' } });

/** A workspace as one of its people sees it. */
export const myWorkspaceSchema = z
  .strictObject({
    id: idSchema('workspace'),
    name: z.string().meta({ description: 'What it is called.' }),
    created_at: timeSchema.meta({ description: 'When it was made.' }),
    role: z.enum(roles).meta({ description: 'What the person may do there.' }),
    current: z.boolean().meta({ description: 'Whether this request belongs to it.' }),
  })
  .meta({ id: 'MyWorkspace' });

export const listMyWorkspacesQuery = z.strictObject(pageQuery);
export const myWorkspacePage = pageSchema(myWorkspaceSchema).meta({ id: 'MyWorkspacePage' });
