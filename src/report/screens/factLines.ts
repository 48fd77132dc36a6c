/** What a run takes of the org, and where its files are: `Licenses  …`, `Emails  …`. */
import type { CheckName } from '../../model/checkOutcome.js';
import { timeInZone } from '../../model/time/timeInZone.js';
import type { Mode } from '../../model/modes.js';
import type { LicenseUse, PasswordEmails, RunResult, WelcomeEmails } from '../../model/result.js';
import { labelled, shortPath } from './layout.js';
import { isBegun, removesHeld, type RunView } from './runView.js';
import { sharedText } from '../texts.js';

export type Pair = readonly [label: string, text: string];

/**
 * What is told at the end of a plan, or of a result.
 * @param isPlanShown the plan has said already where the files are
 * @param uses what it takes of the org
 */
export function factLines(view: RunView, isPlanShown = false, uses = usePairs(view)): string[] {
  const { result, screen } = view;
  return labelled([
    ...uses,
    ...filePairs(result, isPlanShown),
    ...(screen.verbose ? [...callPairs(result), ...jobPairs(result)] : []),
  ]);
}

/** The page of a run that has begun is for people who would rather look; its path names the folder, too, as the next command of a dry run does. */
function filePairs(result: RunResult, isPlanShown: boolean): Pair[] {
  if (isBegun(result)) return [[sharedText('fact.page'), shortPath(result.files.report)]];
  const isNamed = isPlanShown || (result.dryRun && result.next.some((command) => command.includes(' --run-dir ')));
  return isNamed ? [] : [[sharedText('fact.folder'), shortPath(result.runDir)]];
}

/** What a mode does, and what the run takes of the org. */
export function usePairs(view: RunView): Pair[] {
  const { result } = view;
  const isPlan = !isBegun(result);
  return [
    ...(isPlan ? modePairs(result) : []),
    ...shownLicenses(result).map((use): Pair => [sharedText('fact.licenses'), licenseText(use, result)]),
    ...emailPairs(view),
    ...(isPlan ? passwordEmailPairs(view) : []),
    ...permissionSetPairs(result),
  ];
}

/** What the mode of a run does to its users, also what does not come back; none of a run that changes nobody. */
export function modePairs(result: RunResult): Pair[] {
  const { mode, counts, releaseLicenses } = result;
  const releasing = removesHeld(result) ? 'releasing' : 'releasingNothing';
  return mode && counts.planned > 0 ? effectPairs(mode, releaseLicenses === true ? releasing : 'effects') : [];
}

/** What a mode does, one pair for each of its effects. @param text `releasing`: what users hold is removed, too */
export function effectPairs(mode: Mode, text: 'effects' | 'releasing' | 'releasingNothing' = 'effects'): Pair[] {
  const lines = sharedText(`mode.${mode}.${text}`).split('\n');
  return lines.map((line) => {
    const [label = '', ...text] = line.split(': ');
    return [label, text.join(': ')];
  });
}

/** Those that the plan takes or frees; at the end those of which anything was. */
export function shownLicenses({ licenses, counts }: RunResult): LicenseUse[] {
  return licenses.filter(({ done }) => done !== 0 || counts.pending > 0);
}

function licenseText(use: LicenseUse, { counts }: RunResult): string {
  return use.done === undefined ? licensePlan(use) : licenseThen(use, use.done, counts.pending > 0);
}

function licensePlan({ total, used, needed, ...use }: LicenseUse): string {
  const name = licenseName(use);
  if (total < 0) return sharedText('license.unlimited', name, used, used + needed);
  const missing = used + needed - total;
  return missing > 0 && needed > 0
    ? sharedText('license.short', name, used, total, needed, missing)
    : sharedText('license.plan', name, used, used + needed, total);
}

/**
 * What the org said when the plan was made, and what this run has added or freed since.
 * @param isOpen some of the rest may be under way
 */
function licenseThen({ total, used, needed, ...use }: LicenseUse, done: number, isOpen: boolean): string {
  const [name, now] = [licenseName(use), used + done];
  const bound = needed < done ? 'license.atMost' : 'license.atLeast';
  const inUse = isOpen && needed !== done ? sharedText(bound, now) : now;
  return total < 0
    ? sharedText('license.thenUnlimited', name, inUse, used)
    : sharedText('license.then', name, inUse, total, used);
}

/** `CRM User (permission set license)` */
export function licenseName({ name, of }: Pick<LicenseUse, 'name' | 'of'>): string {
  return of === undefined ? name : sharedText(`license.of.${of}`, name);
}

/** Which welcome emails Salesforce may send, or may have sent; none where it sends none. */
export function emailPairs({ result: { welcomeEmails, counts }, screen }: Pick<RunView, 'result' | 'screen'>): Pair[] {
  const { possible, done, atLeast, senders } = welcomeEmails;
  const label = sharedText('fact.emails');
  const isAny = done === undefined || counts.succeeded + counts.created > 0;
  if ((done ?? possible) === 0) return atLeast && isAny ? [[label, sharedText('emails.unseen')]] : [];
  const from = sendersText(welcomeEmails, screen);
  if (done !== undefined) {
    const soFar = counts.pending > 0 ? 'emails.soFar' : 'emails.allThen';
    return [[label, sharedText(atLeast ? 'emails.atLeastThen' : soFar, done, from)]];
  }
  const templates = new Set(senders.flatMap(({ template = [] }) => template));
  return [
    [label, sharedText(atLeast ? 'emails.atLeast' : 'emails.all', possible, from)],
    ...Array.from(templates, (template): Pair => [label, sharedText('emails.template', template)]),
  ];
}

function sendersText({ sites, senders }: WelcomeEmails, screen: RunView['screen']): string {
  return sites.map((name) => siteText(name, senders.find(({ site }) => site === name)?.address, screen)).join(', ');
}

/** `Acme Help Center <portal@acme.com>`; in a pipe, which may be kept, without the address: the sender may be a person. */
function siteText(name: string, sender: string | undefined, { columns }: RunView['screen']): string {
  return sender === undefined || columns === undefined ? name : `${name} <${sender}>`;
}

/** The emails with a link to set a password: what they are, and where they lead. */
function passwordEmailPairs(view: RunView): Pair[] {
  const { passwordEmails, counts } = view.result;
  if (passwordEmails === undefined || counts.planned === 0) return [];
  const { sites } = passwordEmails;
  const site = sharedText('fact.sites');
  const templates = new Set(sites.flatMap(({ template = [] }) => template));
  return [
    [sharedText('fact.emails'), sharedText('passwordEmails.link')],
    ...sites.map((each): Pair => [site, passwordSiteText(each, view.screen)]),
    ...[...templates].map((template): Pair => [site, sharedText('emails.template', template)]),
    ...sendingTimePairs(view),
  ];
}

/** Salesforce doesn't document whether it uses the sender of the site for these emails. */
function passwordSiteText(
  { name, users, sender }: PasswordEmails['sites'][number],
  { columns }: RunView['screen'],
): string {
  return sender === undefined || columns === undefined
    ? sharedText('passwordEmails.site', name, users)
    : sharedText('passwordEmails.siteWithSender', name, users, sender);
}

/** What time it is where people are, by the org's clock; a warning of a bad time has said so. */
function sendingTimePairs({ result: { passwordEmails, guards }, detail: { orgTime } }: RunView): Pair[] {
  const timeZone = passwordEmails?.timeZone;
  if (timeZone === undefined || orgTime === undefined) return [];
  const local = timeInZone(timeZone.name, orgTime);
  if (local === undefined || guards.some(({ code }) => code === badTime)) return [];
  const text = sharedText('passwordEmails.time', local.day, local.time, timeZone.name, timeZone.users);
  return [[sharedText('fact.time'), text]];
}

const badTime = 'sendingTime' satisfies CheckName;

function permissionSetPairs({ permissionSets }: RunResult): Pair[] {
  const { assigned, failed, planned, removed = 0, toRemove = [] } = permissionSets;
  const label = sharedText('fact.permissionSets');
  if (removed > 0) return [[label, sharedText('permissionSets.removed', removed)]];
  if (assigned + failed > 0) {
    const text = sharedText('permissionSets.then', assigned);
    return [[label, failed === 0 ? text : sharedText('permissionSets.failed', text, failed)]];
  }
  const others = toRemove.length - mostSetsToRemove;
  return [
    ...planned.map(({ name, users }): Pair => [label, sharedText('permissionSets.plan', name, users)]),
    ...toRemove
      .slice(0, others === 1 ? toRemove.length : mostSetsToRemove)
      .map(({ name, users }): Pair => [label, sharedText('permissionSets.toRemove', name, users)]),
    ...(others > 1 ? [[label, sharedText('permissionSets.othersToRemove', others)] as const] : []),
  ];
}

/** Users may hold many: a plan fits on a screen. */
const mostSetsToRemove = 3;

/** The calls so far, and what the rest is expected to take. */
export function callPairs({ apiCalls, counts, apiBudget }: RunResult): Pair[] {
  const label = sharedText('fact.calls');
  const { calls, batches, callsLeft, batchesLeft } = apiBudget;
  const soFar: Pair = [label, sharedText('calls.soFar', apiCalls)];
  if (calls === 0 || counts.pending === 0) return [soFar];
  const rest =
    callsLeft === undefined || batchesLeft === undefined
      ? sharedText('calls.expected', calls, batches)
      : sharedText('calls.expectedLeft', calls, callsLeft, batches, batchesLeft);
  return [soFar, [label, rest]];
}

function jobPairs({ jobs }: RunResult): Pair[] {
  const idOf = (id: string | undefined): string => id ?? sharedText('jobs.noId');
  return jobs.map(({ id, rows, state }) => [sharedText('fact.jobs'), sharedText('jobs.one', idOf(id), rows, state)]);
}
