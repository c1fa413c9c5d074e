// Notifications: what tells people of things, what they have not seen yet, and how they want to hear of it.
export { notificationHandlers } from './handlers.ts';
export { beginNews, newsKey, newsLane } from './lane.ts';
export { notificationRoutes } from './routes.ts';
export { deleteOldNotifications } from './store.ts';
