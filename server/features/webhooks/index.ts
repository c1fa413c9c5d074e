// Outgoing webhooks: endpoints, and the deliveries of events to them.
export { accessCheck, type Rights } from './access.ts';
export { deliverLane } from './deliver-lane.ts';
export { deleteExpiredDeliveries } from './delivery-store.ts';
export { webhookErrors } from './errors.ts';
export { forgetAnswers, forgetAnswersAbout, forgetAnswersOfDeleted } from './excerpt-store.ts';
export { fanOutLane, logKey } from './fan-out-lane.ts';
export { keptBodies } from './kept-bodies.ts';
export { listenerPosition, moveListener } from './listener-store.ts';
export { endpointRoutes } from './routes.ts';
export { newSecret, signedHeaders } from './signature.ts';
