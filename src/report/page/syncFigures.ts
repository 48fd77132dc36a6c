/** What a definition changes, by group and by profile, as report.html shows it: numbers of the plan, and no names. */
import type { GroupChange, ProfileChange } from '../../model/definition/syncFacts.js';
import type { RunResult } from '../../model/result.js';
import { sharedText } from '../texts.js';
import type { FigureRow, PageFigures } from './pageContent.js';
import { word } from './sections.js';

export function syncFigures({ sync }: Pick<RunResult, 'sync'>): PageFigures[] {
  if (sync === undefined) return [];
  const { groups, profiles } = sync;
  return [
    {
      heading: word('heading.groups'),
      name: sharedText('summary.sync.group'),
      heads: ofGroup.map((key) => sharedText(`summary.sync.${key}`)),
      rows: groups.map(groupRow),
      note: undefined,
    },
    {
      heading: word('heading.profiles'),
      name: sharedText('summary.sync.profile'),
      heads: ofProfile.map((key) => sharedText(`summary.sync.${key}`)),
      rows: profiles.map(profileRow),
      note: undefined,
    },
  ];
}

const ofGroup = ['contacts', 'create', 'activate', 'change', 'assign'] as const;
const ofProfile = ['users', 'withAccess', 'takeAway', 'deactivate', 'release', 'unexplained'] as const;

function groupRow(group: GroupChange): FigureRow {
  const { name, contacts, create, activate } = group;
  const added = create + activate;
  return {
    kind: 'item',
    name,
    bar: {
      shares: [
        { className: 'taken', amount: contacts - added },
        { className: 'added', amount: added },
      ],
      title: word('groupBar', { group: name, added, contacts }),
    },
    cells: ofGroup.map((key) => group[key].toLocaleString('en-US')),
  };
}

function profileRow(change: ProfileChange): FigureRow {
  const { profile, users, withAccess, takeAway } = change;
  return {
    kind: 'item',
    name: profile,
    bar: {
      shares: [
        { className: 'taken', amount: withAccess - takeAway },
        { className: 'refused', amount: takeAway },
        { className: 'rest', amount: users - withAccess },
      ],
      title: word('profileBar', { profile, takeAway, withAccess, users }),
    },
    cells: ofProfile.map((key) => change[key].toLocaleString('en-US')),
  };
}
