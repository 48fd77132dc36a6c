/** A home folder for tests that load @salesforce/core into their own process. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * To be called before @salesforce/core is loaded: auth files and logs of the tests must not touch the developer's own.
 * @returns the folder
 */
export function takeOwnHome(prefix: string): string {
  const home = mkdtempSync(join(tmpdir(), prefix));
  Object.assign(process.env, {
    HOME: home,
    USERPROFILE: home,
    SF_DISABLE_LOG_FILE: 'true',
    SF_USE_GENERIC_UNIX_KEYCHAIN: 'true',
    SF_DISABLE_DNS_CHECK: 'true',
    SFDX_DISABLE_DNS_CHECK: 'true',
  });
  return home;
}
