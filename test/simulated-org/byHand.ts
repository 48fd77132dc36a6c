/** What the scripts that run an org by hand have in common. */
import type { SimulatedOrg } from './simulatedOrg.ts';

/** Says how to log in, and runs until Ctrl-C. */
export function runUntilStopped(org: SimulatedOrg): void {
  process.stdout.write(`Simulated org ${org.orgId} at ${org.url}
User   ${org.username}
Token  ${org.accessToken}

Log in with:
SF_ACCESS_TOKEN='${org.accessToken}' sf org login access-token --instance-url ${org.url} --no-prompt --alias my-org

Ctrl-C stops it and forgets everything.
`);
  process.once('SIGINT', () => {
    void org.stop();
  });
}
