// Makes, changes and deletes templates: checked here, then at the channel, then stored.
import type { CreateTemplate, TemplateComponents, UpdateTemplate } from '@recado/contract';
import type { Queryable, ScopedDatabase } from '../../kit/db/database.ts';
import { type AppError, commonProblem, type FieldError } from '../../kit/errors.ts';
import { type Caller, fieldsInWords, invalid } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import type { ChannelTemplates, MediaUpload, TemplateRefusal } from '../../ports/channel.ts';
import { definitionErrors, forChannel, samplesOf } from './definition.ts';
import { problem } from './errors.ts';
import * as store from './store.ts';
import { type SyncNeeds, syncBusiness } from './sync.ts';

/** Writes the action to the audit log in its transaction. */
type Note = (tx: Queryable, id: string) => Promise<void>;

export interface ManageNeeds {
  db: ScopedDatabase;
  sync: SyncNeeds;
  /** Opens a stored file of the caller as a sample; a sentence says why it cannot be one. */
  openSample: (caller: Caller, mediaId: string) => Promise<MediaUpload | string>;
}

type Business = store.ReachedBusiness & { templates: ChannelTemplates };

/** Creates a template at the channel and stores it. Returns its id. */
export async function createTemplate(
  needs: ManageNeeds,
  caller: Caller,
  body: CreateTemplate,
  note: Note,
): Promise<string> {
  const format = body.parameter_format ?? 'positional';
  demandValid(definitionErrors(body.components, body.category, format, body.message_send_ttl_seconds));
  const business = await businessOf(needs, caller, toUuid(body.account_id));
  const components = await withHandles(needs, caller, business.templates, body.components);
  const { name, language } = body;
  const made = await business.templates.create(business.businessId, {
    name,
    language,
    category: body.category,
    parameterFormat: format,
    ttlSeconds: body.message_send_ttl_seconds,
    components,
  });
  if (made.class !== 'done') throw refusalProblem(made);
  const { channelId, status, category } = made;
  const now = needs.sync.clock.sqlNow();
  return needs.db.within(caller).transaction(async tx => {
    const template = { channelId, name, language, category: category.toUpperCase(), status: status.toUpperCase() };
    const rest = { reason: undefined, quality: undefined, parameterFormat: format, components };
    const { workspaceId, businessId } = business;
    const id =
      (await store.insertTemplate(tx, workspaceId, businessId, { ...template, ...rest }, now)) ??
      // A sync or a notice was faster.
      (await store.lockNamed(tx, workspaceId, businessId, { channelId, name, language }))?.id;
    if (id === undefined) throw problem('template_not_found');
    await note(tx, id);
    return id;
  });
}

/** Changes a template at the channel, which reviews it again, and stores the change. */
export async function updateTemplate(
  needs: ManageNeeds,
  caller: Caller,
  id: string,
  body: UpdateTemplate,
  note: Note,
): Promise<void> {
  const { row, business, channelId } = await atChannel(needs, caller, id);
  const category = body.category ?? row.category;
  if (body.components)
    demandValid(definitionErrors(body.components, category, row.parameter_format, body.message_send_ttl_seconds));
  if (row.status === 'APPROVED' && body.category !== undefined && body.category !== row.category)
    throw invalid('category', 'Cannot be changed while the template is approved.');
  const components = body.components && (await withHandles(needs, caller, business.templates, body.components));
  const done = await business.templates.edit(channelId, {
    ...(body.category !== undefined && { category: body.category }),
    ...(components && { components }),
    ...(body.message_send_ttl_seconds !== undefined && { ttlSeconds: body.message_send_ttl_seconds }),
  });
  if (done.class !== 'done') throw refusalProblem(done);
  await needs.db.within(caller).transaction(async tx => {
    const locked = await store.lockTemplate(tx, caller.workspaceId, id);
    if (!locked) throw problem('template_not_found');
    const state = { category, ...(components && { components, status: 'PENDING', reason: null }) };
    await store.changeTemplate(tx, locked, state, needs.sync.clock.sqlNow());
    await note(tx, id);
  });
  needs.sync.forget();
}

/** Deletes a template at the channel and here. */
export async function removeTemplate(needs: ManageNeeds, caller: Caller, id: string, note: Note): Promise<void> {
  const { row, business, channelId } = await atChannel(needs, caller, id);
  const done = await business.templates.delete(business.businessId, row.name, channelId);
  if (done.class !== 'done') throw refusalProblem(done);
  await needs.db.within(caller).transaction(async tx => {
    const locked = await store.lockTemplate(tx, caller.workspaceId, id);
    if (!locked) throw problem('template_not_found');
    await store.deleteTemplate(tx, locked, needs.sync.clock.sqlNow());
    await note(tx, id);
  });
  needs.sync.forget();
}

/** The template with its id at the channel, which a template of the Sandbox gets with its first sync. */
async function atChannel(needs: ManageNeeds, caller: Caller, id: string) {
  const find = () => store.findTemplate(needs.db.within(caller), caller.workspaceId, id);
  let row = await find();
  if (!row || row.deleted_at !== null) throw problem('template_not_found');
  const { business_id: businessId } = row;
  const reached = await store.reachedBusinesses(needs.db.within(caller), caller.workspaceId);
  const business = await withTemplates(
    needs,
    reached.find(each => each.businessId === businessId),
  );
  if (row.channel_template_id === null) {
    await syncBusiness(needs.sync, business);
    row = await find();
  }
  const channelId = row?.deleted_at === null ? row.channel_template_id : null;
  if (!row || channelId === null) throw problem('template_not_found');
  return { row, business, channelId };
}

async function businessOf(needs: ManageNeeds, caller: Caller, accountId: string): Promise<Business> {
  const [reached] = await store.reachedBusinesses(needs.db.within(caller), caller.workspaceId, accountId);
  if (!reached) throw invalid('account_id', 'Account not found, or its WhatsApp business account is not known yet.');
  return withTemplates(needs, reached);
}

async function withTemplates({ sync }: ManageNeeds, reached: store.ReachedBusiness | undefined): Promise<Business> {
  const templates = reached && (await sync.templatesOf(reached));
  if (!reached || !templates)
    throw commonProblem('unavailable', 'The channel of the account is not available. Try again later.', {
      retryAfterSeconds: 30,
    });
  return { ...reached, templates };
}

function demandValid(fields: FieldError[]): void {
  if (fields.length > 0) throw commonProblem('invalid_request', fieldsInWords(fields), { fields });
}

/** The components for the channel, once the samples among our files are there. */
async function withHandles(
  needs: ManageNeeds,
  caller: Caller,
  templates: ChannelTemplates,
  components: TemplateComponents,
): Promise<Record<string, unknown>[]> {
  const handles = new Map<string, string>();
  for (const { field, mediaId } of samplesOf(components)) {
    if (handles.has(mediaId)) continue;
    const file = await needs.openSample(caller, toUuid(mediaId));
    if (typeof file === 'string') throw invalid(field, file);
    const uploaded = await templates.uploadSample(file);
    if (uploaded.class !== 'done') throw refusalProblem(uploaded);
    handles.set(mediaId, uploaded.handle);
  }
  return forChannel(components, handles);
}

/** The channel's refusal as a problem of the request, or of the moment. */
function refusalProblem({ class: kind, code, title, words, waitMs }: TemplateRefusal): AppError {
  const sentence = `WhatsApp says: ${words ?? title}`;
  if (kind === 'rejected')
    return commonProblem('invalid_request', sentence, { fields: [{ field: 'components', message: sentence }] });
  if (kind === 'account_error') return problem('template_call_rejected', `${sentence} (code ${code})`);
  const seconds = Math.max(1, Math.ceil((waitMs ?? 30_000) / 1_000));
  return commonProblem('unavailable', `${sentence} Try again later.`, { retryAfterSeconds: seconds });
}
