// Notifications: what tells people of things, what they have not seen yet, and how they want to hear of it.
export { digestLane } from './digest-lane.ts';
export { notificationErrors } from './errors.ts';
export { notificationHandlers } from './handlers.ts';
export { beginNews, newsKey, newsLane } from './lane.ts';
export { publicPushKey } from './push-key-store.ts';
export { pushLane } from './push-lane.ts';
export { pushRoutes } from './push-routes.ts';
export { notificationRoutes } from './routes.ts';
export { deleteOldNotifications } from './store.ts';
