/** The table of licenses and profiles: for the screen and for summary.md. */
import type { AccessSummary, LicenseAccess } from '../../model/access/userList.js';
import { fill, printable } from '../texts.js';

type Column = { readonly key: string; readonly amount: (row: Partial<LicenseAccess>) => number | undefined };

/** In their order, as far as there are figures for them. */
const columns: readonly Column[] = [
  { key: 'total', amount: ({ total }) => total },
  { key: 'used', amount: ({ used }) => used },
  { key: 'active', amount: ({ active }) => active },
  { key: 'frozen', amount: ({ frozen }) => frozen },
  { key: 'activeOrFrozen', amount: ({ activeOrFrozen }) => activeOrFrozen },
  { key: 'inactive', amount: ({ inactive }) => inactive },
  { key: 'neverLoggedIn', amount: ({ neverLoggedIn }) => neverLoggedIn },
  { key: 'idle', amount: ({ idle }) => idle },
  { key: 'left', amount: ({ left }) => left },
];

const ofLicense: readonly string[] = ['total', 'used', 'left'];

export type TableRow = {
  readonly kind: 'license' | 'profile' | 'sum';
  readonly name: string;
  /** Written for people; '' where a figure makes no sense. */
  readonly cells: readonly string[];
  /** The same as numbers. */
  readonly figures: Partial<LicenseAccess>;
};

export type AccessTable = {
  readonly name: string;
  readonly heads: readonly string[];
  readonly rows: readonly TableRow[];
  /** What the heads mean. */
  readonly legend: string;
};

export function listWord(key: string, facts: Record<string, string | number> = {}): string {
  return fill('userList', key, facts);
}

export function accessTable(summary: AccessSummary): AccessTable {
  const shown = columns.filter(({ key, amount }) => ofLicense.includes(key) || amount(summary) !== undefined);
  const row = (kind: TableRow['kind'], name: string, figures: Partial<LicenseAccess>): TableRow => ({
    kind,
    name: printable(name),
    cells: shown.map(({ amount }) => amount(figures)?.toLocaleString('en-US') ?? ''),
    figures,
  });
  const { licenses } = summary;
  return {
    name: listWord('column.name'),
    heads: shown.map(({ key }) => listWord(`column.${key}`)),
    rows: [
      ...licenses.flatMap((license) => [
        row('license', license.name ?? listWord('license.unseen'), license),
        ...license.profiles.map((profile) => row('profile', profile.name, profile)),
      ]),
      row('sum', listWord('row.sum'), { ...summary, ...sums(licenses) }),
    ],
    legend: listWord(summary.neverLoggedIn === undefined ? 'legend' : 'legend.logins'),
  };
}

/** A license without a limit has neither a total nor a rest. */
function sums(licenses: readonly LicenseAccess[]): Pick<LicenseAccess, 'total' | 'used' | 'left'> {
  const sum = (amounts: ReadonlyArray<number | undefined>): number =>
    amounts.reduce<number>((all, n) => all + (n ?? 0), 0);
  return {
    total: sum(licenses.map(({ total }) => total)),
    used: sum(licenses.map(({ used }) => used)),
    left: sum(licenses.map(({ left }) => left)),
  };
}
