// The workspaces of a person: create one, list them, switch to another.
import { z } from 'zod';
import { cookiesSchema } from './auth.ts';
import { nameSchema, pageQuery, pageSchema, requestObject, timeSchema } from './common.ts';
import { idExamples, idSchema } from './ids.ts';
import { roles } from './permissions.ts';

export const switchBody = requestObject({ workspace_id: idSchema('workspace'), cookies: cookiesSchema }).meta({
  example: { workspace_id: idExamples.workspace },
});

export const createWorkspaceBody = requestObject({
  name: nameSchema(100).meta({ description: 'The name of the workspace.' }),
}).meta({ example: { name: 'Second shop' } });

/** A workspace as one of its people sees it. */
export const myWorkspaceSchema = z
  .strictObject({
    id: idSchema('workspace'),
    name: z.string().meta({ description: 'The name of the workspace.' }),
    created_at: timeSchema.meta({ description: 'The time of creation.' }),
    role: z.enum(roles).meta({ description: 'The role of the person in this workspace.' }),
    current: z.boolean().meta({ description: 'True if this request belongs to this workspace.' }),
  })
  .meta({ id: 'MyWorkspace' });
export type MyWorkspace = z.infer<typeof myWorkspaceSchema>;

export const listMyWorkspacesQuery = z.strictObject(pageQuery);
export const myWorkspacePage = pageSchema(myWorkspaceSchema).meta({ id: 'MyWorkspacePage' });
