// The fields of webhooks: which of them a business account or a number can redirect.

/** The fields that a callback of a business account takes over. All others always go to the callback of the app. */
const overridable = new Set([
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
]);

/** All fields that an app can choose, as Meta listed them in May 2026. */
export const webhookFields: readonly string[] = [
  ...[...overridable].filter(field => field !== 'consumer_profile'),
  'account_alerts',
  'account_review_update',
  'account_update',
  'automatic_events',
  'business_capability_update',
  'business_status_update',
  'business_username_updates',
  'flows',
  'message_template_components_update',
  'message_template_quality_update',
  'message_template_status_update',
  'partner_solutions',
  'payment_configuration_update',
  'phone_number_name_update',
  'phone_number_quality_update',
  'security',
  'template_category_update',
  'template_correct_category_detection',
  'tracking_events',
  'user_preferences',
];

/** Whether a callback of a business account takes the field over. */
export const isOverridable = (field: string): boolean => overridable.has(field);
