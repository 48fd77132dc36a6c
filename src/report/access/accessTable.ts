/** The table of licenses and profiles: for the screen, for summary.md, and for the page. */
import type { AccessSummary, LicenseAccess, ProfileAccess } from '../../model/access/userList.js';
import { fill, printable } from '../texts.js';

const ofUsers = ['active', 'frozen', 'activeOrFrozen', 'inactive', 'neverLoggedIn', 'idle'] as const;
/** In their order, as far as there are figures for them. */
const columns = ['total', 'used', ...ofUsers, 'left'] as const;

type Column = (typeof columns)[number];
type Figures = Readonly<Partial<Record<Column, number | undefined>>>;

export type TableRow = {
  readonly kind: 'license' | 'profile' | 'sum';
  readonly name: string;
  /** Written for people; '' where a figure makes no sense. */
  readonly cells: readonly string[];
  /** The same as numbers. */
  readonly figures: Figures;
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

/** @param most rows besides the head and the sum: where there are more, small licenses are one row, and small profiles have none */
export function accessTable(summary: AccessSummary, most = Infinity): AccessTable {
  const shown = columns.filter((column) => !isOfUsers(column) || summary[column] !== undefined);
  const row = (kind: TableRow['kind'], name: string, figures: Figures): TableRow => ({
    kind,
    name: printable(name),
    cells: shown.map((column) => figures[column]?.toLocaleString('en-US') ?? ''),
    figures,
  });
  const { licenses, others } = fitting(summary.licenses, most);
  return {
    name: listWord('column.name'),
    heads: shown.map((column) => listWord(`column.${column}`)),
    rows: [
      ...licenses.flatMap((license) => [
        row('license', license.name ?? listWord('license.unseen'), license),
        ...license.profiles.map((profile) => row('profile', profile.name, profile)),
      ]),
      ...(others.length === 0
        ? []
        : [row('license', listWord('row.others', { licenses: others.length }), sumsOf(others))]),
      row('sum', listWord('row.sum'), { ...sumsOf(summary.licenses), ...summary }),
    ],
    legend: listWord(summary.neverLoggedIn === undefined ? 'legend' : 'legend.logins'),
  };
}

function isOfUsers(column: Column): column is (typeof ofUsers)[number] {
  return ofUsers.some((each) => each === column);
}

type FittingLicenses = {
  readonly licenses: readonly LicenseAccess[];
  /** Those without a row of their own. */
  readonly others: readonly LicenseAccess[];
};

/** Those with the most users first get a row; then the profiles with the most users. All stay in their order. */
function fitting(licenses: readonly LicenseAccess[], most: number): FittingLicenses {
  if (licenses.reduce((sum, { profiles }) => sum + 1 + profiles.length, 0) <= most) return { licenses, others: [] };
  const inUse = licenses.filter(({ users }) => users > 0);
  const large = new Set(largest(inUse, Math.floor(most / 2)));
  const others = licenses.filter((license) => !large.has(license));
  const room = most - large.size - (others.length === 0 ? 0 : 1);
  const profiles = new Set<ProfileAccess>(
    largest(
      [...large].flatMap((license) => license.profiles),
      room,
    ),
  );
  return {
    licenses: licenses
      .filter((license) => large.has(license))
      .map((license) => ({ ...license, profiles: license.profiles.filter((profile) => profiles.has(profile)) })),
    others,
  };
}

function largest<Counted extends { readonly users: number }>(all: readonly Counted[], most: number): Counted[] {
  return all.toSorted((one, other) => other.users - one.users).slice(0, most);
}

/** A license without a limit has neither a total nor a rest. */
function sumsOf(licenses: readonly LicenseAccess[]): Figures {
  return Object.fromEntries(
    columns.map((column) => [column, licenses.reduce((sum, license) => sum + (license[column] ?? 0), 0)]),
  );
}
