/**
 * Calls that are under way at the same time. When one fails, the others are waited for: none may be tried on after the run's end,
 * and count for nothing.
 * @throws what the first of them has failed with
 */
export async function sideBySide<const Calls extends ReadonlyArray<Promise<unknown>>>(
  calls: Calls,
): Promise<{ -readonly [Place in keyof Calls]: Awaited<Calls[Place]> }> {
  await Promise.allSettled(calls);
  return Promise.all(calls);
}
