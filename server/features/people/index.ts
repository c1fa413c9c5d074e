// The people of a workspace: membership and roles, invitations, and several workspaces per person.

import type { Server } from '../../kit/http/routes.ts';
import { invitationRoutes } from './invitation-routes.ts';
import type { PeopleNeeds } from './needs.ts';
import { peopleRoutes } from './people-routes.ts';
import { sessionRoutes } from './session-routes.ts';
import { workspaceRoutes } from './workspace-routes.ts';

export { peopleErrors } from './errors.ts';
export { deleteExpiredInvitations } from './invitation-store.ts';
export { holdMember } from './store.ts';

export function peopleFeatureRoutes(app: Server, needs: PeopleNeeds): void {
  peopleRoutes(app, needs);
  invitationRoutes(app, needs);
  sessionRoutes(app, needs);
  workspaceRoutes(app, needs);
}
