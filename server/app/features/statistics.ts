import {
  queueFigureRoutes,
  queueReasonRoutes,
  reportRoutes,
  statisticsRoutes,
} from '../../features/statistics/index.ts';
import type { Feature } from '../feature.ts';
import { messageNeedsOf } from './messages.ts';

export const statistics: Feature = {
  routes(server, { process }) {
    queueFigureRoutes(server, messageNeedsOf(process));
    queueReasonRoutes(server, messageNeedsOf(process));
    reportRoutes(server, messageNeedsOf(process));
    statisticsRoutes(server, messageNeedsOf(process));
  },
};
