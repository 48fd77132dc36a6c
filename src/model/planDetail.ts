/** What a screen shows of a plan besides its numbers. */

/** A contact or user, as people know them. */
export type Person = { readonly name: string; readonly accountName: string | undefined };

/** The first few of each group, by what is planned for them, by reason or by error code. For a terminal: never for logs. */
export type People = Readonly<
  Record<'create' | 'assign' | 'change', readonly Person[]> &
    Record<'unchanged' | 'refused' | 'failed', Readonly<Record<string, readonly Person[]>>>
>;

/** Of the users that a plan makes or changes. */
export type ProfileUse = { readonly name: string; readonly license: string; readonly users: number };

export type PlanDetail = { readonly profiles: readonly ProfileUse[]; readonly people: People };
