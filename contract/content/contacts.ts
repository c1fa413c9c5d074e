// Contact cards.
import { z } from 'zod';
import { requestObject } from '../common.ts';
import { asTheChannelSays, type SentContentType } from './content-type.ts';
import { text } from './fields.ts';

const kind = text('The kind, such as HOME or WORK.').optional();

const contactCard = requestObject({
  name: requestObject({
    formatted_name: text('The whole name, as the recipient sees it.', 'Ana Silva'),
    first_name: text('The first name.').optional(),
    last_name: text('The last name.').optional(),
    middle_name: text('The middle name.').optional(),
    prefix: text('The words before the name.').optional(),
    suffix: text('The words behind the name.').optional(),
  }).meta({ description: 'The name of the contact.' }),
  phones: z
    .array(
      requestObject({
        phone: text('The number.', '+12025550123').optional(),
        type: kind,
        wa_id: text(
          'The WhatsApp id: the digits of the number. With it, the card has a button to write to it.',
        ).optional(),
      }),
    )
    .optional()
    .meta({ description: 'The phone numbers.' }),
  emails: z
    .array(requestObject({ email: text('The address.').optional(), type: kind }))
    .optional()
    .meta({ description: 'The email addresses.' }),
  addresses: z
    .array(
      requestObject({
        street: text('Street and number.').optional(),
        city: text('The city.').optional(),
        state: text('The state.').optional(),
        zip: text('The postal code.').optional(),
        country: text('The country.').optional(),
        country_code: text('The country code of two letters.').optional(),
        type: kind,
      }),
    )
    .optional()
    .meta({ description: 'The postal addresses.' }),
  org: requestObject({
    company: text('The company.').optional(),
    department: text('The department.').optional(),
    title: text('The position of the person.').optional(),
  })
    .optional()
    .meta({ description: 'The organization.' }),
  urls: z
    .array(requestObject({ url: text('The address of the page.').optional(), type: kind }))
    .optional()
    .meta({ description: 'The web pages.' }),
  birthday: z.iso
    .date({ error: 'Must be a date like 1990-12-31.' })
    .optional()
    .meta({ description: 'The date of birth.' }),
}).meta({ id: 'ContactCard', description: 'A contact card.' });

export const contacts = {
  schema: z
    .array(contactCard)
    .min(1, { error: 'Must have at least one contact.' })
    .meta({ description: 'The contact cards.' }),
  shown: z.array(asTheChannelSays),
  file: null,
  gist: [],
  canBeUnread: true,
  quotes: true,
} as const satisfies SentContentType;
