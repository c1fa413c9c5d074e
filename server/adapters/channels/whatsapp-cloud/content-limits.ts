// What the fields of a content may have at Meta: lengths in characters and counts, from its pages on messages (2026).
import type { ContentLimits } from '../../../ports/channel.ts';

const interactiveParts = [
  { field: 'interactive.header.text', maxLength: 60 },
  { field: 'interactive.footer.text', maxLength: 60 },
] as const;
const shortBody = { field: 'interactive.body.text', maxLength: 1024 } as const;

export const contentLimits: ContentLimits = {
  text: [{ field: 'text.body', maxLength: 4096 }],
  image: [{ field: 'image.caption', maxLength: 1024 }],
  video: [{ field: 'video.caption', maxLength: 1024 }],
  audio: [],
  document: [{ field: 'document.caption', maxLength: 1024 }],
  sticker: [],
  location: [
    { field: 'location.name', maxLength: 1000 },
    { field: 'location.address', maxLength: 1000 },
  ],
  contacts: [{ field: 'contacts[]', maxCount: 257 }],
  reaction: [],
  template: [],
  'interactive.button': [
    ...interactiveParts,
    shortBody,
    { field: 'interactive.action.buttons[]', maxCount: 3 },
    { field: 'interactive.action.buttons[].reply.id', maxLength: 256, isUnique: true },
    { field: 'interactive.action.buttons[].reply.title', maxLength: 20, isUnique: true },
  ],
  'interactive.list': [
    ...interactiveParts,
    { field: 'interactive.body.text', maxLength: 4096 },
    { field: 'interactive.action.button', maxLength: 20 },
    { field: 'interactive.action.sections[]', maxCount: 10 },
    { field: 'interactive.action.sections[].title', maxLength: 24, isRequiredInSeveral: true },
    { field: 'interactive.action.sections[].rows[]', maxCount: 10 },
    { field: 'interactive.action.sections[].rows[].id', maxLength: 200, isUnique: true },
    { field: 'interactive.action.sections[].rows[].title', maxLength: 24 },
    { field: 'interactive.action.sections[].rows[].description', maxLength: 72 },
  ],
  'interactive.cta_url': [
    ...interactiveParts,
    shortBody,
    { field: 'interactive.action.parameters.display_text', maxLength: 20 },
  ],
  'interactive.flow': [
    ...interactiveParts,
    shortBody,
    { field: 'interactive.action.parameters.flow_cta', maxLength: 30 },
    { field: 'interactive.action.parameters.flow_token', maxLength: 200 },
  ],
  'interactive.carousel': [
    shortBody,
    { field: 'interactive.action.cards[].body.text', maxLength: 160 },
    { field: 'interactive.action.cards[].action.parameters.display_text', maxLength: 20 },
    // Of each card, whose buttons the contract makes as many as those of the first.
    { field: 'interactive.action.cards[].action.buttons[]', maxCount: 30 },
    { field: 'interactive.action.cards[].action.buttons[].quick_reply.id', maxLength: 256, isUnique: true },
    { field: 'interactive.action.cards[].action.buttons[].quick_reply.title', maxLength: 20 },
  ],
  'interactive.product': [...interactiveParts, shortBody],
  'interactive.product_list': [
    ...interactiveParts,
    shortBody,
    { field: 'interactive.action.sections[]', maxCount: 10 },
    { field: 'interactive.action.sections[].title', maxLength: 24, isRequiredInSeveral: true },
    { field: 'interactive.action.sections[].product_items[]', maxCount: 30 },
  ],
  'interactive.catalog_message': [...interactiveParts, shortBody],
  'interactive.address_message': [...interactiveParts, shortBody],
  'interactive.voice_call': [
    ...interactiveParts,
    shortBody,
    { field: 'interactive.action.parameters.display_text', maxLength: 20 },
    { field: 'interactive.action.parameters.payload', maxLength: 512 },
  ],
  'interactive.call_permission_request': [shortBody],
  'interactive.order_details': [
    ...interactiveParts,
    shortBody,
    { field: 'interactive.action.parameters.reference_id', maxLength: 35 },
    { field: 'interactive.action.parameters.order.items[].name', maxLength: 60 },
  ],
  'interactive.order_status': [
    ...interactiveParts,
    shortBody,
    { field: 'interactive.action.parameters.reference_id', maxLength: 35 },
    { field: 'interactive.action.parameters.order.description', maxLength: 120 },
  ],
  'interactive.location_request_message': [shortBody],
  'interactive.request_contact_info': [shortBody],
};
