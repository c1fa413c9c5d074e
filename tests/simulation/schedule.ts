// One schedule: what a seed lets happen, until everything is at rest.
import { rolePermissions } from '@recado/contract';
import type { Caller } from '../../server/kit/http/routes.ts';
import { newUuid, toUuid } from '../../server/kit/ids.ts';
import { type Random, randomFrom } from '../faults/random.ts';
import { drawRequest, makeAccounts, makeFiles, makeTemplates, people, userIdOf } from './actors.ts';
import { Campaigners, makePeople, noteFed } from './campaigns.ts';
import { Client, deliver, deliverWakeup } from './clients.ts';
import type { Environment } from './environment.ts';
import { approveTemplates, letPeopleWrite, turnTemplate } from './held.ts';
import { kindManners, kindUploads, Meta } from './meta.ts';
import { type Node, startNode } from './node.ts';
import { Operators } from './operators.ts';
import { choicesOf, type Played, type Profile } from './played.ts';
import { atRest, openCallsOf, openWork } from './rest.ts';
import { Waits } from './waiting.ts';
import { type Halt, noDangers, type Process, World } from './world.ts';

const mostTurns = 4_000;
/** Their lane takes a step each second while they wait. */
const mostTurnsOfCampaigns = 12_000;
/** The content of plain schedules is drawn apart: all others stay as they are. */
const waitingSeed = 0x5eed_0000;
/** So are those with campaigns. */
const campaignSeed = 0xca11_0000;
/** Posts a person's message late, so that its window soon closes: a day that passed would end idempotency keys. */
const lateMs = [0, 86_390_000, 86_370_000, 86_300_000];

/** Plays a seed. Nothing of it is left running afterwards. */
export async function playSeed(seed: number, environment: Environment): Promise<Played> {
  const random = randomFrom(seed);
  const profile = drawProfile(random, randomFrom(seed ^ waitingSeed), randomFrom(seed ^ campaignSeed));
  // Whom an earlier schedule wrote to would be erased with what that has left undecided.
  if (profile.erasing || profile.merging || profile.campaigning) await environment.moveOn();
  const world = new World(random, environment.clients, environment.nextStart());
  const meta = new Meta(world);
  meta.hasWindow = profile.windowed;
  const accounts = await makeAccounts(random, world, environment, profile);
  const files = profile.laden ? await makeFiles(world, environment) : [];
  const templates = profile.restricted || profile.templated ? await makeTemplates(world, environment) : [];
  const requests = Array.from(
    { length: profile.halting || profile.doubting || holds(profile) ? 6 : random.whole(2, 6) },
    () =>
      drawRequest(random, {
        accounts,
        files,
        people: profile.doubting || holds(profile) ? people.slice(0, 2) : people,
        calm: profile.calm,
        windowed: profile.windowed,
        templates,
        merging: profile.merging,
        now: world.now(),
      }),
  );
  const played: Played = {
    seed,
    world,
    meta,
    accounts,
    requests,
    clockSet: false,
    complaints: [],
    templates,
    forgotten: [],
    cancels: { ofSending: 0, lostToClaim: 0 },
    campaigns: [],
    fed: new Map(),
    optOuts: [],
    erasures: new Map(),
  };
  if (profile.campaigning) await makePeople(played, environment, profile.merging);
  if (!(await playOn(played, environment, profile)))
    played.complaints.push(`it did not come to rest: ${await openWork(world, played)}`);
  await noteFed(played);
  // A person who opted out would be barred in the next schedule, too.
  if (profile.campaigning) await environment.moveOn();
  return played;
}

/** Gives whether it came to rest. */
async function playOn(played: Played, environment: Environment, profile: Profile): Promise<boolean> {
  const { world, meta, requests, complaints } = played;
  const { random } = world;
  const { calm, halting, fickle, meddled, doubting, campaigning } = profile;
  const wakeups: { kind: string; key: string }[] = [];
  const nodes: Node[] = [];
  let born = 0;
  let wild = true;
  const isWild = () => wild;
  // At rest one of them does all of it, as in the program: what waits is asked whether it waits too long.
  const spares = (process: Process) => (wild ? random.chance(0.7) : process !== nodes[0]);
  const start = () =>
    nodes.push(
      startNode(`process ${++born}`, {
        world,
        meta,
        complaints,
        wakeups,
        sweeps: !calm,
        templated: profile.templated,
        merging: profile.merging,
        fed: campaigning ? played.fed : undefined,
        spares,
      }),
    );
  start();
  if (!calm) start();
  world.onDeath = process => {
    const place = nodes.indexOf(process as Node);
    if (place >= 0) nodes.splice(place, 1);
    for (const request of requests) if (request.at === process) request.at = undefined;
    if (nodes.length === 0 || random.chance(0.7)) start();
  };
  world.onStored = async () => {
    await operators.noteDanger();
    await campaigners.noteStops();
  };
  const caller = callerIn(environment);
  // Queued messages are cancelled: this one may be stored, claimed and called for between pieces of the erasure.
  const writeTo = (person: string) => {
    const drawn = drawRequest(random, { accounts: played.accounts, files: [], people, calm: true, now: world.now() });
    const request = { ...drawn, body: { ...drawn.body, to: person }, isCancelAsked: true };
    requests.push(request);
    client.send(request);
  };
  const operators = new Operators(played, nodes, caller, profile.erasing, writeTo);
  const campaigners = new Campaigners(played, nodes, caller);
  const client = makeClient(played, caller, nodes, () => fickle && wild);
  if (halting) haltBetween(played, nodes, isWild);
  if (fickle) cancelClaimed(played, client, isWild);
  // While a call is made again, receipts tell of the one before.
  let repeatedUntil = 0;
  if (doubting)
    doubtRepeats(played, client, isWild, () => {
      repeatedUntil = world.elapsedMs + 15_000;
      if (wild) meta.manners = { ...kindManners, answerLost: 2 };
    });
  /** How likely the channel posts something while things go wrong. */
  const haste = () => {
    if (doubting) return world.elapsedMs < repeatedUntil ? 2 : 0.1;
    return halting ? 0.15 : 1;
  };
  raiseDangers(played, profile);
  const waits = new Waits(played);

  // Calls that take long on their way are what a recipient's bucket has to bear.
  const isBudgeted = played.accounts.some(({ terms: [first] }) => first?.recipient);
  if (isBudgeted) meta.longestWayMs = 5_000;
  const isSlow = doubting || profile.erasing || isBudgeted;
  const slowness = isSlow ? 1.5 : 0.4;
  let extras = calm ? 0 : meddled || holds(profile) || campaigning ? random.whole(6, 20) : random.whole(0, 6);
  let decisions = meddled ? random.whole(0, 4) : 0;
  let quietTurns = 0;
  let quietSince: number | undefined;
  const stopped: Stopped[] = [];
  if (campaigning) campaigners.make();
  for (let turn = 0; turn < (campaigning ? mostTurnsOfCampaigns : mostTurns); turn++) {
    await world.settled();
    for (const { name, hadTime } of stopped.splice(0))
      if (hadTime && (await openCallsOf(world, played.accounts, name)) > 0)
        complaints.push(`${name} stopped with a call in its hands`);
    const open = meta.posts.filter(post => post.copies > 0);
    const wanted = requests.filter(
      request => request.at === undefined && request.id === undefined && request.refused === undefined,
    );
    if (wild && turn > (campaigning ? 400 : doubting ? 350 : halting ? 250 : 150)) {
      // From here on nothing new goes wrong, so that everything can come to rest.
      wild = false;
      world.dangers = noDangers;
      meta.manners = kindManners;
      meta.uploads = kindUploads;
      while (nodes.length < (calm ? 1 : 2)) start();
    }
    if (!wild && world.idle) await operators.letGoOn();
    const busy = world.pending > 0 || open.length > 0 || wanted.length > 0 || wakeups.length > 0;
    const asked = requests.some(request => request.at !== undefined);
    const isQuiet = !busy && !asked && world.idle && !wild;
    if (isQuiet && decisions > 0 && random.chance(0.2)) {
      decisions--;
      await operators.decideSomething();
      continue;
    }
    if (isQuiet && profile.windowed && (await letPeopleWrite(played))) continue;
    if (isQuiet && decisions === 0 && (await campaigners.settle())) continue;
    if (isQuiet) quietSince ??= world.elapsedMs;
    if (isQuiet && nodes[0] && (await approveTemplates(played, nodes[0], quietSince ?? 0))) continue;
    if (isQuiet && decisions === 0 && (await atRest(world, played))) {
      if (await operators.eraseOn()) continue;
      return true;
    }
    const choice = random.weighted({
      step: world.pending > 0 ? 8 : 0,
      send: wanted.length > 0 ? (halting ? 0.3 : 1) : 0,
      post: open.length > 0 ? (wild ? haste() : 1) : 0,
      wakeup: wakeups.length > 0 ? 2 : 0,
      extra: extras > 0 && wild ? (meddled || holds(profile) ? 1.5 : 0.5) * (campaigning ? 0.5 : 1) : 0,
      // The lane of a campaign adds to what sweeps do each second: at rest they are to find an end.
      time: busy ? (calm ? 0 : campaigning && !wild ? 0.1 : slowness) : 3,
    });
    if (choice === 'step') await world.doStep();
    else if (choice === 'send') client.send(random.pick(wanted));
    else if (choice === 'post') deliver(world, nodes, open, wild);
    else if (choice === 'wakeup') deliverWakeup(random, nodes, wakeups, calm);
    else if (choice === 'extra') {
      extras--;
      if (campaigning) await noteFed(played);
      if (campaigning && random.chance(0.5)) campaigners.meddle();
      else if (meddled && random.chance(0.7)) await operators.meddle();
      else await somethingElse(played, client, nodes, waits, { profile, start, stopped });
    } else {
      // Without a sweeper, a message in line may wait until its timer.
      if (!busy && !wild) await waits.ask(nodes, !calm && nodes.every(world.runs));
      const halts = halting && !nodes.every(world.runs);
      world.pass(timeToPass(random, world, { busy, calm, halts, campaigning, quietTurns }));
      if (!busy && !wild && ++quietTurns > 400) break;
    }
  }
  return false;
}

/** Whether something holds messages, or joins their conversations. */
const holds = ({ windowed, restricted, templated, merging }: Profile) => windowed || restricted || templated || merging;

/** One of them, or none: what each needs would get in the way of the others. */
function drawProfile(random: Random, waiting: Random, campaigns: Random): Profile {
  const profile = random.weighted({ halting: 0.1, calm: 0.1, fickle: 0.1, doubting: 0.1, meddled: 0.3, plain: 0.3 });
  return {
    halting: profile === 'halting',
    calm: profile === 'calm',
    fickle: profile === 'fickle',
    doubting: profile === 'doubting',
    meddled: profile === 'meddled',
    laden: ['fickle', 'meddled', 'plain'].includes(profile) && random.chance(0.25),
    erasing: profile === 'meddled' && random.chance(0.5),
    windowed: profile === 'plain' && waiting.chance(0.5),
    restricted: profile === 'plain' && waiting.chance(0.35),
    templated: profile === 'plain' && waiting.chance(0.35),
    merging: profile === 'plain' && waiting.chance(0.35),
    campaigning: ['meddled', 'plain'].includes(profile) && campaigns.chance(0.4),
  };
}

const callerIn = ({ workspaceId }: Environment) =>
  ({
    kind: 'person',
    id: newUuid(),
    name: 'Ana',
    workspaceId,
    accounts: undefined,
    seesNumbers: true,
    role: 'owner',
    sessionId: undefined,
    permissions: rolePermissions.owner,
  }) as const;

function makeClient(played: Played, caller: Caller, nodes: Node[], changesMinds: () => boolean): Client {
  const client = new Client(played, nodes, caller, request => {
    if (changesMinds() && played.world.random.chance(0.4)) client.cancel(request);
  });
  return client;
}

function raiseDangers(
  { world, meta }: Played,
  { calm, halting, fickle, doubting, meddled, restricted }: Profile,
): void {
  const { random } = world;
  if (calm) {
    world.dangers = { ...noDangers, overlap: 0.7 };
    // A receipt wakes its lane too, and would hide a word that was lost.
    meta.receiptsLost = random.pick([0, 1]);
    return;
  }
  // Operators have to decide about the failed ones.
  const harsh = random.pick(halting || doubting ? [0, 0, 0.5] : meddled ? [0.5, 1, 2] : [0, 0.5, 1, 2]);
  world.dangers = { crash: 0.02 * harsh, cut: 0.02 * harsh, overlap: fickle ? 0.6 : 0.15 };
  meta.manners = {
    accepted: 6,
    answerLost: harsh,
    neverArrives: 0.4 * harsh,
    notSent: 0.5 * harsh,
    throttled: 0.3 * harsh,
    recipientThrottled: 0.3 * harsh,
    rejected: 0.3,
    account: 0.05 * harsh,
    flagged: 0.05 * harsh,
    deferred: restricted ? 1 : 0,
    templatesRestricted: restricted ? 0.7 : 0,
    marketingRestricted: restricted ? 0.7 : 0,
  };
  meta.uploads = {
    uploaded: 3,
    answerLost: 0.5 * harsh,
    not_sent: 0.5 * harsh,
    throttled: 0.3 * harsh,
    rejected: 0.2 * harsh,
  };
  meta.forgetsFiles = 0.5;
  if (halting) meta.manners = { ...kindManners, notSent: 1 };
  if (doubting) meta.manners = { ...kindManners, answerLost: 1 };
  meta.receiptsLost = 0.1;
  meta.withoutEcho = 0.15;
}

/** For how long processes stand still, some of them with the machine. */
const halts: Halt[] = [{ ms: 5_000 }, { ms: 40_000, asleep: true }, { ms: 120_000 }];
/** Longer than a lease. */
const longHalts: Halt[] = [{ ms: 40_000 }, { ms: 90_000 }, { ms: 90_000, asleep: true }, { ms: 150_000, asleep: true }];

/** Stops a process between its claim and its call, or between the call and the record of it. */
function haltBetween({ world, meta }: Played, nodes: Node[], isWild: () => boolean): void {
  const { random } = world;
  let halts = random.whole(1, 3);
  world.onResult = (process: Process, label, result) => {
    const claimed = claimedIn(label, result).length > 0;
    if (!isWild() || halts === 0 || !(claimed || label === 'hears not_sent')) return;
    if (nodes.length < 2 || !nodes.every(world.runs) || random.chance(claimed ? 0.7 : 0.2)) return;
    halts--;
    // A claim is still good for a call after some of these, and its message may be too late.
    if (claimed && random.chance(0.2)) return world.stop(process, { ms: random.pick([2_000, 5_000, 7_000]) });
    // Longer than its lease: meanwhile the other gives the call up, makes it again, and hears well of it.
    world.stop(process, random.pick(longHalts));
    meta.manners = kindManners;
  };
}

/** Lets clients change their minds about what its setting sends again, and tells of what is called again. */
function doubtRepeats({ world, requests }: Played, client: Client, isWild: () => boolean, onRepeat: () => void): void {
  const { random } = world;
  world.onResult = (process, label, result) => {
    if (label === 'claim_messages' && (result as { number: number | null }[]).some(({ number }) => (number ?? 0) > 1)) {
      onRepeat();
      // Then nobody is left to say what came of the call, which the receipts may not be about.
      if (isWild() && random.chance(0.2)) return world.kill(process);
    }
    if (!isWild() || label !== 'resolve_unknown' || (result as unknown[]).length === 0) return;
    for (const request of requests)
      if (request.id !== undefined && choicesOf(request).includes('retry') && random.chance(0.3))
        client.cancel(request);
  };
}

/** Lets clients change their minds about what is being sent. */
function cancelClaimed({ world, requests }: Played, client: Client, isWild: () => boolean): void {
  const { random } = world;
  world.onResult = (_process, label, result) => {
    if (!isWild()) return;
    const claimed = claimedIn(label, result);
    for (const request of requests)
      if (request.id !== undefined && claimed.includes(toUuid(request.id)) && random.chance(0.4))
        client.cancel(request);
  };
}

/** The messages that a claim, or an acceptance, gave to call for. */
function claimedIn(label: string, result: unknown): string[] {
  if (label !== 'claim_messages' && label !== 'accept_messages') return [];
  const rows = result as { message_id: string | null; claimed?: boolean }[];
  return rows.filter(({ claimed }) => claimed !== false).flatMap(row => row.message_id ?? []);
}

/** Without a sweeper only the timers that lanes have set may be relied upon. */
function timeToPass(
  random: Random,
  world: World,
  {
    busy,
    calm,
    halts,
    campaigning,
    quietTurns,
  }: { busy: boolean; calm: boolean; halts: boolean; campaigning: boolean; quietTurns: number },
): number {
  // While a process stands still, the others need their time in pieces: they sweep and call meanwhile.
  if (halts) return random.pick([100, 1_000, 5_000]);
  const next = world.untilNextTimer;
  if (busy || calm) return next ?? random.whole(1, 1_000);
  // One that may begin a conversation a day takes days.
  if (campaigning && quietTurns > 30) return random.pick([60_000, 3 * 3_600_000, 3 * 3_600_000, 3 * 3_600_000]);
  return Math.max(next ?? 0, random.pick([0, 1_000, 10_000, 60_000, ...(quietTurns > 15 ? [3 * 3_600_000] : [])]));
}

/** A process that has ended as it was told to, and whether it had the time to end all that it was at. */
interface Stopped {
  name: string;
  hadTime: boolean;
}

/** A process is told to stop: it takes nothing any more, ends what it is at, and is gone. */
function tellToStop({ world, requests }: Played, nodes: Node[], stopped: Stopped[]): void {
  const node = world.random.pick(nodes);
  nodes.splice(nodes.indexOf(node), 1);
  world.trace.push(`${node.name} is told to stop`);
  void node.stop().then(hadTime => {
    // It may have died on the way.
    if (!node.alive) return;
    // Requests without a response by now never get one.
    for (const request of requests) if (request.at === node) request.at = undefined;
    world.end(node);
    stopped.push({ name: node.name, hadTime });
  });
}

async function somethingElse(
  played: Played,
  client: Client,
  nodes: Node[],
  waits: Waits,
  { profile, start, stopped }: { profile: Profile; start: () => void; stopped: Stopped[] },
): Promise<void> {
  const { world, requests, meta, accounts, templates } = played;
  const { random } = world;
  // Only the lane of its campaign asks for a message of one.
  const done = requests.filter(request => request.id !== undefined && !request.campaign);
  const choice = random.weighted({
    again: done.length > 0 ? 1 : 0,
    cancel: done.length > 0 ? 1 : 0,
    write: profile.erasing || profile.windowed || profile.merging ? 3 : 1,
    clock: profile.doubting || holds(profile) ? 0 : profile.campaigning ? 0.6 : 0.3,
    ask: done.length > 0 ? 1 : 0,
    kill: world.dangers.crash > 0 ? 1 : 0,
    end: 1,
    warn: 0.2,
    stop: profile.halting || profile.doubting ? 0 : 1,
    template: profile.templated ? 3 : 0,
  });
  if (choice === 'again') client.send(random.pick(done));
  else if (choice === 'cancel') client.cancel(random.pick(done));
  else if (choice === 'write') {
    const [{ numberId }, person] = [random.pick(accounts), random.pick(people)];
    meta.write(numberId, person, {
      ...(profile.windowed && { agoMs: random.pick(lateMs) }),
      ...(profile.merging && random.chance(0.6) && { userId: userIdOf(person) }),
    });
  } else if (choice === 'kill') world.kill(random.pick(nodes));
  else if (choice === 'end') {
    tellToStop(played, nodes, stopped);
    if (nodes.length === 0 || random.chance(0.7)) start();
  } else if (choice === 'warn') meta.warn(random.pick(accounts).numberId);
  else if (choice === 'stop') world.stop(random.pick(nodes), random.pick(halts));
  else if (choice === 'template') {
    const template = random.pick(templates);
    turnTemplate(played, random.pick(nodes), template, !meta.pausedTemplates.has(template.name));
  } else if (choice === 'clock') {
    played.clockSet = true;
    world.setClock(random.pick([-5_000, 5_000, 3_600_000]));
  } else await waits.ask(nodes, false);
}
