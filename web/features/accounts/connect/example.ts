// How a program connects an account.
import type { ApiExample } from '../../../components/api-button.tsx';
import type { Channel } from './search.ts';

const method = 'POST';
const path = '/api/v1/accounts';

const examples: Record<Channel, ApiExample> = {
  sandbox: {
    method,
    path,
    body: { name: 'Sandbox', channel: 'sandbox' },
    sdk: "await recado.accounts.create({ name: 'Sandbox', channel: 'sandbox' });",
  },
  cloud: {
    method,
    path,
    body: {
      name: 'Lisbon',
      channel: 'cloud',
      phone_number_id: '106540352242922',
      business_account_id: '102290129340398',
      access_token: 'EAAG…',
      app_secret: '…',
      verify_token: '…',
    },
    sdk: "await recado.accounts.create({\n  name: 'Lisbon',\n  channel: 'cloud',\n  phone_number_id, business_account_id,\n  access_token, app_secret, verify_token,\n});",
  },
  web: {
    method,
    path,
    body: { name: 'Lisbon', channel: 'web' },
    sdk: "const { id } = await recado.accounts.create({ name: 'Lisbon', channel: 'web' });\nawait recado.links.start(id, { method: 'qr', accept_risks: true });",
  },
};

export const exampleOf = (channel: Channel): ApiExample => examples[channel];
