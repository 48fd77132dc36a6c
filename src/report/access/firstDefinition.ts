/** The first definition file for `sync`: what there is, in YAML, and comments that say what to fill in. */
import type { FirstDefinition, ProfileInUse } from '../../model/access/userList.js';
import { defaultLimits } from '../../model/definition/definition.js';
import { hiddenCharacter } from '../../model/definition/hiddenCharacter.js';
import { listWord } from './accessTable.js';

/** Levels that `--portal-role` takes: users of person accounts have another. */
const levels: readonly string[] = ['Executive', 'Manager', 'Worker'];

export function firstDefinitionText(first: FirstDefinition): string {
  const { file, orgId, orgKind, asOf, profiles } = first;
  return [
    '# yaml-language-server: $schema=https://unpkg.com/sf-portal-users/schemas/portal-users.schema.json',
    ...comment(listWord('definition.intro', { org: listWord(`definition.${orgKind}`), asOf, file })),
    '',
    ...comment(listWord('definition.orgs')),
    `orgs: [${scalar(orgId)}]`,
    '',
    ...comment(listWord('definition.syncUser')),
    '',
    ...comment(listWord('definition.groups')),
    'groups:',
    ...(profiles.length === 0 ? emptyGroup() : profiles.flatMap(groupLines)),
    '',
    ...comment(listWord('definition.governs')),
    '',
    ...comment(listWord('definition.reports')),
    'leavers: { action: report }',
    'returners: report',
    'profile: report',
    'permissionSets: add',
    '',
    ...comment(listWord('definition.protect')),
    'protect: []',
    '',
    ...comment(listWord('definition.limits')),
    'limits:',
    ...Object.entries(defaultLimits).map(([name, limit]) => `  ${name}: ${String(limit)}`),
    '',
  ].join('\n');
}

function groupLines(profile: ProfileInUse): string[] {
  const { name, portalRole, heldByAll, heldBySome } = profile;
  const some = heldBySome.map((set) => listWord('definition.heldBySome.set', set)).join(', ');
  return [
    ...comment(accessFigures(profile), '  '),
    `  - name: ${scalar(name)}`,
    `    contacts: # ${listWord('definition.contacts')}`,
    `    profile: ${scalar(name)}`,
    ...(portalRole !== undefined && levels.includes(portalRole) ? [`    portalRole: ${portalRole}`] : []),
    ...(heldByAll.length > 0 ? [`    permissionSets: [${heldByAll.map(scalar).join(', ')}]`] : []),
    ...(some === '' ? [] : comment(listWord('definition.heldBySome', { sets: some }), '    ')),
  ];
}

/** Where nobody has access yet. */
function emptyGroup(): string[] {
  return [
    `  - name: ${listWord('definition.emptyGroup')}`,
    `    contacts: # ${listWord('definition.contacts')}`,
    `    profile: # ${listWord('definition.profile')}`,
  ];
}

function accessFigures({ users, active, frozen, activeOrFrozen, inactive, license }: ProfileInUse): string {
  const states = { active, frozen, activeOrFrozen, inactive };
  const figures = Object.entries(states).flatMap(([state, amount]) =>
    amount === undefined ? [] : [`${amount.toLocaleString('en-US')} ${listWord(`state.${state}`)}`],
  );
  const name = license ?? listWord('license.unseen');
  return listWord('definition.figures', { users, figures: figures.join(', '), license: name });
}

const allHidden = new RegExp(hiddenCharacter, 'gu');

/** @param indent of the lines; a name of the org never ends a comment, and never makes `sync` refuse the file for one */
function comment(text: string, indent = ''): string[] {
  const lines = text.toWellFormed().split('\n');
  return lines.map((line) => `${indent}# ${line.replace(allHidden, '?')}`.trimEnd());
}

/** Plain where that can mean nothing else. JSON's way to quote is one of YAML's. */
function scalar(text: string): string {
  const isPlain = /^[A-Za-z][\w-]*( [\w-]+)*$/.test(text) && !/^(true|false|null)$/i.test(text);
  return isPlain ? text : JSON.stringify(text);
}
