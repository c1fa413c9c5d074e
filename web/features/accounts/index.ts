// What other features use of accounts.
export { CredentialsDialog } from './account/credentials-dialog.tsx';
export { AccountChoice, AccountNames } from './account-names.tsx';
export { channelIcons } from './channels.ts';
export { ZoneField } from './connect/zone-field.tsx';
export { ownZone } from './connect/zones.ts';
export { healthOf, useStatusWords } from './reason.ts';
