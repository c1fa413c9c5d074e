// A place.
import { z } from 'zod';
import { requestObject } from '../common.ts';
import { type SentContentType, shownText } from './content-type.ts';
import { text } from './fields.ts';

const degrees = (most: number, description: string, example: number) =>
  z
    .number({ error: `Must be a number from -${most} to ${most}.` })
    .min(-most, { error: `Must be at least -${most}.` })
    .max(most, { error: `Must be at most ${most}.` })
    .meta({ description, example });

export const location = {
  schema: requestObject({
    latitude: degrees(90, 'The latitude in degrees.', 38.7223),
    longitude: degrees(180, 'The longitude in degrees.', -9.1393),
    name: text('The name of the place.').optional(),
    address: text('The address of the place.').optional(),
  }).meta({ id: 'LocationContent' }),
  shown: z.looseObject({
    latitude: z.number().optional().meta({ description: 'The latitude in degrees.' }),
    longitude: z.number().optional().meta({ description: 'The longitude in degrees.' }),
    name: shownText('The name of the place.'),
    address: shownText('The address of the place.'),
  }),
  file: null,
  gist: ['name'],
  canBeUnread: true,
  quotes: true,
} as const satisfies SentContentType;
