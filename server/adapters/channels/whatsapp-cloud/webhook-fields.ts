// The fields of Meta's object `whatsapp_business_account` that Recado subscribes an app to.
import type { WebhookFields } from '../../../ports/business.ts';

/** Fields that a callback of a business account or a number takes over. All others go to the callback of the app. */
const overridable = [
  'messages',
  'message_echoes',
  'calls',
  'consumer_profile',
  'messaging_handovers',
  'standby',
  'group_lifecycle_update',
  'group_participants_update',
  'group_settings_update',
  'group_status_update',
  'smb_message_echoes',
  'smb_app_state_sync',
  'history',
  'account_settings_update',
];

/** These tell of messages, bans, templates, quality and opt-outs. Without `messages`, no number connects. */
const needed = [
  'messages',
  'message_echoes',
  'calls',
  'messaging_handovers',
  'standby',
  'smb_message_echoes',
  'smb_app_state_sync',
  'history',
  'account_alerts',
  'account_review_update',
  'account_update',
  'business_capability_update',
  'flows',
  'message_template_components_update',
  'message_template_quality_update',
  'message_template_status_update',
  'phone_number_name_update',
  'phone_number_quality_update',
  'security',
  'template_category_update',
  'user_preferences',
];

/** Fields of features that Meta does not give to each app. */
const optional = [
  'account_settings_update',
  'consumer_profile',
  'group_lifecycle_update',
  'group_participants_update',
  'group_settings_update',
  'group_status_update',
];

/** Fields that Recado understands, and that only some versions of the Graph API know. */
const uncertain = [
  'automatic_events',
  'business_status_update',
  'business_username_updates',
  'partner_solutions',
  'payment_configuration_update',
  'template_correct_category_detection',
];

/** The fields of the Cloud API. */
export const webhookFields: WebhookFields = { needed, optional, uncertain, overridable: new Set(overridable) };
