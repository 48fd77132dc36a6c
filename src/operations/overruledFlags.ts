/** Flags of create beside a column of the file for the same value. */
import { defaultUsername } from '../model/result.js';
import type { InputColumns } from '../selection/inputColumns.js';
import type { CreateRequest } from './planSettings.js';
import { isSameName } from './templateSettings.js';

/** A flag, and the column whose cells take precedence over it. */
type OverruledFlag = { readonly flag: string; readonly column: string };

/** In the order of the flags. A cell that is empty leaves its row to the flag. Nobody is told of a default. */
export function overruledFlags(request: CreateRequest, columns: InputColumns): OverruledFlag[] {
  const fields = columns.overrides.map(({ field }) => field);
  const named = (flag: string, isGiven: boolean, ...wanted: readonly string[]): OverruledFlag[] => {
    const column = wanted.find((each) => fields.some((field) => isSameName(field, each)));
    return isGiven && column !== undefined ? [{ flag, column }] : [];
  };
  const own = (flag: string, isGiven: boolean, index: number | undefined, column: string): OverruledFlag[] =>
    isGiven && index !== undefined ? [{ flag, column }] : [];
  const { profile, username, set, portalRole, permissionSets, inactive } = request;
  return [
    ...own('--profile', profile !== undefined, columns.profile, 'Profile'),
    ...named('--profile', profile !== undefined && columns.profile === undefined, 'ProfileId'),
    ...named('--username', username !== defaultUsername, 'Username'),
    ...set.flatMap((setting) => {
      const field = setting.split('=', 1)[0]?.trim() ?? '';
      return named(`--set ${field}`, true, field);
    }),
    ...named('--portal-role', portalRole !== undefined, 'PortalRole', 'UserRoleId'),
    ...own('--permission-set', permissionSets.length > 0, columns.permissionSets, 'PermissionSets'),
    ...named('--inactive', inactive, 'IsActive'),
  ];
}
