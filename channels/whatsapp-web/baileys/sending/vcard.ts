// Contact cards of Recado as vCards, as WhatsApp shows them.

export interface ContactCard {
  name: {
    formatted_name: string;
    first_name?: string;
    last_name?: string;
    middle_name?: string;
    prefix?: string;
    suffix?: string;
  };
  phones?: { phone?: string; type?: string; wa_id?: string }[];
  emails?: { email?: string; type?: string }[];
  addresses?: { street?: string; city?: string; state?: string; zip?: string; country?: string; type?: string }[];
  org?: { company?: string; department?: string; title?: string };
  urls?: { url?: string; type?: string }[];
  birthday?: string;
}

const escaped = (text: string | undefined): string =>
  (text ?? '').replace(/[\\;,]/g, found => `\\${found}`).replace(/\r?\n/g, '\\n');

/** A type stands in the name of a property, where only simple words are allowed. */
const typed = (property: string, type: string | undefined): string =>
  type && /^[A-Za-z]+$/.test(type) ? `${property};TYPE=${type.toUpperCase()}` : property;

const list = (...parts: (string | undefined)[]): string => parts.map(escaped).join(';');

const line = (property: string, value: string | undefined): string[] =>
  value ? [`${property}:${escaped(value)}`] : [];

const phoneLine = ({ phone, type, wa_id }: NonNullable<ContactCard['phones']>[number]): string[] => {
  const shown = phone ?? (wa_id && `+${wa_id}`);
  const id = (wa_id ?? phone ?? '').replace(/\D/g, '');
  // With `waid` the card has a button to write to the number.
  return shown ? [`${typed('TEL', type)}${id && `;waid=${id}`}:${escaped(shown)}`] : [];
};

/** The text of a vCard 3.0. */
export const toVcard = ({ name, phones, emails, addresses, org, urls, birthday }: ContactCard): string =>
  [
    'BEGIN:VCARD',
    'VERSION:3.0',
    `N:${list(name.last_name, name.first_name ?? name.formatted_name, name.middle_name, name.prefix, name.suffix)}`,
    `FN:${escaped(name.formatted_name)}`,
    ...(org ? [`ORG:${list(org.company, org.department)}`] : []),
    ...line('TITLE', org?.title),
    ...(phones ?? []).flatMap(phoneLine),
    ...(emails ?? []).flatMap(({ email, type }) => line(typed('EMAIL', type), email)),
    ...(addresses ?? []).map(
      ({ street, city, state, zip, country, type }) =>
        `${typed('ADR', type)}:${list('', '', street, city, state, zip, country)}`,
    ),
    ...(urls ?? []).flatMap(({ url, type }) => line(typed('URL', type), url)),
    ...line('BDAY', birthday),
    'END:VCARD',
  ].join('\n');
