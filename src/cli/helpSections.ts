/** Sections of the help: the exit codes, and the variables of the environment and the configuration that a command obeys. */
import { EnvironmentVariable, OrgConfigProperties } from '@salesforce/core';
import { toHelpSection } from '@salesforce/sf-plugins-core';
import { exitCodes } from '../report/exitCodes.js';
import { sharedText } from '../report/texts.js';

/** Of Node, which finds proxies and certificates for the call to the org, and colors for the screen. */
const screenVariables = variables('NO_COLOR', 'FORCE_COLOR');
const networkVariables = variables('HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY', 'NODE_EXTRA_CA_CERTS');

const environment = 'ENVIRONMENT VARIABLES';
const configuration = 'CONFIGURATION VARIABLES';

/** Of commands that call an org. */
export const orgSections = {
  env: toHelpSection(
    environment,
    EnvironmentVariable.SF_TARGET_ORG,
    EnvironmentVariable.SF_ORG_API_VERSION,
    networkVariables,
    screenVariables,
  ),
  config: toHelpSection(configuration, OrgConfigProperties.TARGET_ORG, OrgConfigProperties.ORG_API_VERSION),
};

/** The same for `resume`, which has the API version of its run. */
export const resumeSections = {
  env: toHelpSection(environment, EnvironmentVariable.SF_TARGET_ORG, networkVariables, screenVariables),
  config: toHelpSection(configuration, OrgConfigProperties.TARGET_ORG),
};

/** Of commands that call no org. */
export const localSections = { env: toHelpSection(environment, screenVariables) };

export const exitCodesSection = toHelpSection(
  'ERROR CODES',
  Object.fromEntries(Object.values(exitCodes).map((code) => [code, sharedText(`exit.${String(code)}`)])),
);

function variables(...names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, sharedText(`env.${name}`)]));
}
