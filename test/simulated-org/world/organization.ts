/** The organization's own record: where defaults of new users come from. */
import { putRecord } from './worldOrg.ts';
import type { WorldOptions, WorldOrg } from './worldOrg.ts';

export function seedOrganization(org: WorldOrg, options: WorldOptions): void {
  putRecord(org, 'Organization', 'Id', {
    Id: org.orgId,
    Name: 'Acme Corporation',
    OrganizationType: 'Enterprise Edition',
    InstanceName: 'SIM1',
    IsSandbox: options.sandbox ?? false,
    TimeZoneSidKey: 'Europe/Berlin',
    DefaultLocaleSidKey: 'en_US',
    LanguageLocaleKey: 'en_US',
    Country: 'DE',
    City: 'Berlin',
    DefaultAccountAccess: 'None',
    DefaultContactAccess: 'ControlledByParent',
    IsReadOnly: false,
  });
}
