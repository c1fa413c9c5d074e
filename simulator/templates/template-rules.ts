// Checks a new or changed template as Meta does before its review, with its error subcodes.
import { z } from 'zod';
import { GraphError } from '../graph/graph-errors.ts';

const part = z.record(z.string(), z.unknown());
const upper = z.string().transform(value => value.toUpperCase());

const created = z.looseObject({
  name: z.string().regex(/^[a-z0-9_]{1,512}$/),
  language: z.string().regex(/^[a-z]{2,3}(_[A-Z][A-Za-z]{1,3})?$/),
  category: upper.pipe(z.enum(['AUTHENTICATION', 'MARKETING', 'UTILITY'])),
  parameter_format: upper.pipe(z.enum(['NAMED', 'POSITIONAL'])).default('POSITIONAL'),
  components: z.array(part).min(1),
});
const edited = z.looseObject({
  category: upper.pipe(z.enum(['AUTHENTICATION', 'MARKETING', 'UTILITY'])).optional(),
  components: z.array(part).min(1).optional(),
});

/** A refusal with the words that Meta shows to a person. */
export const refused = (subcode: number, userTitle: string, userMessage: string): GraphError =>
  new GraphError(100, userMessage, { subcode, userTitle, userMessage });

const fail = (subcode: number, title: string, message: string): never => {
  throw refused(subcode, title, message);
};

const variablesIn = (text: string) => text.match(/\{\{\s*\w+\s*\}\}/g) ?? [];

const checkBody = (text: unknown, example: unknown): void => {
  if (typeof text !== 'string' || text === '') throw refused(2388072, 'Invalid body format', 'The body has no text.');
  if (text.length > 1024) fail(2388040, 'Character limit exceeded', 'The body has more than 1024 characters.');
  const variables = variablesIn(text);
  if (/^\s*\{\{|\}\}\s*$/.test(text))
    fail(2388299, 'Leading or trailing variable', "Variables can't be at the start or end of the template.");
  if (variables.length * 3 > text.split(/\s+/).length)
    fail(2388293, 'Too many variables', 'This template has too many variables for its length.');
  if (variables.length > 0 && (example === undefined || example === null))
    fail(2388043, 'Missing sample', 'The body has variables, and a sample is missing.');
};

const checkHeader = (header: Record<string, unknown>): void => {
  const text = String(header.text ?? '');
  if (text.length > 60) fail(2388040, 'Character limit exceeded', 'The header has more than 60 characters.');
  const format = String(header.format ?? '').toUpperCase();
  const needsSample = ['IMAGE', 'VIDEO', 'GIF', 'DOCUMENT'].includes(format) || variablesIn(text).length > 0;
  if (needsSample && (header.example === undefined || header.example === null))
    fail(2388043, 'Missing sample', 'The header needs a sample.');
};

const checkComponents = (components: readonly Record<string, unknown>[], isAuthentication: boolean): void => {
  const find = (type: string) => components.find(each => String(each.type).toUpperCase() === type);
  const body = find('BODY');
  if (body === undefined) throw refused(2388072, 'Invalid body format', 'The template has no body.');
  if (!isAuthentication) checkBody(body.text, body.example);
  const header = find('HEADER');
  if (header !== undefined) checkHeader(header);
  if (String(find('FOOTER')?.text ?? '').length > 60)
    fail(2388040, 'Character limit exceeded', 'The footer has more than 60 characters.');
};

/** What Meta makes of an authentication template: its own text, and a link button for the code. */
const withMetasText = (components: readonly Record<string, unknown>[]): Record<string, unknown>[] =>
  components.map(each => {
    const type = String(each.type).toUpperCase();
    if (type === 'BODY') {
      const warning = each.add_security_recommendation === true ? ' For your security, do not share this code.' : '';
      return {
        ...each,
        type,
        text: `*{{1}}* is your verification code.${warning}`,
        example: { body_text: [['123456']] },
      };
    }
    if (type === 'FOOTER' && each.code_expiration_minutes !== undefined)
      return { ...each, type, text: `This code expires in ${String(each.code_expiration_minutes)} minutes.` };
    return { ...each, type };
  });

/** Parses a template to create. @throws GraphError */
export const readNewTemplate = (body: unknown) => {
  const parsed = created.safeParse(body);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw refused(
      2388023,
      'Invalid parameter',
      `${issue?.path.join('.') ?? 'body'}: ${issue?.message ?? 'is not valid'}.`,
    );
  }
  const { name, language, category, parameter_format, components } = parsed.data;
  const isAuthentication = category === 'AUTHENTICATION';
  checkComponents(components, isAuthentication);
  return {
    name,
    language,
    category: category as string,
    parameter_format,
    components: isAuthentication ? withMetasText(components) : components,
  };
};

/** Parses a change of a template. @throws GraphError */
export const readTemplateChange = (body: unknown, category: string) => {
  const parsed = edited.safeParse(body);
  if (!parsed.success) throw refused(2388023, 'Invalid parameter', 'The change is not valid.');
  const { components } = parsed.data;
  const isAuthentication = (parsed.data.category ?? category) === 'AUTHENTICATION';
  if (components !== undefined) checkComponents(components, isAuthentication);
  return {
    category: parsed.data.category as string | undefined,
    components: components && (isAuthentication ? withMetasText(components) : components),
  };
};
