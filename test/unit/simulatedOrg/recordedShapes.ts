/** Shapes of recorded answers of real orgs (CumulusCI, BSD-3-Clause (c) Salesforce), against which the simulated org is compared. */

const words = (text: string): string[] => text.trim().split(/\s+/);

/** Keys of an sObject describe, in order. */
export const sobjectKeys = words(`
actionOverrides activateable associateEntityType associateParentEntity childRelationships compactLayoutable
createable custom customSetting deepCloneable defaultImplementation deletable deprecatedAndHidden extendedBy
extendsInterfaces feedEnabled fields hasSubtypes implementedBy implementsInterfaces isInterface isSubtype
keyPrefix label labelPlural layoutable listviewable lookupLayoutable mergeable mruEnabled name
namedLayoutInfos networkScopeFieldName queryable recordTypeInfos replicateable retrieveable searchLayoutable
searchable sobjectDescribeOption supportedScopes triggerable undeletable updateable urls
`);

/** Keys of a field in it, in order. */
export const fieldKeys = words(`
aggregatable aiPredictionField autoNumber byteLength calculated calculatedFormula cascadeDelete caseSensitive
compoundFieldName controllerName createable custom defaultValue defaultValueFormula defaultedOnCreate
dependentPicklist deprecatedAndHidden digits displayLocationInDecimal encrypted externalId extraTypeInfo
filterable filteredLookupInfo formulaTreatNullNumberAsZero groupable highScaleNumber htmlFormatted idLookup
inlineHelpText label length mask maskType name nameField namePointing nillable permissionable picklistValues
polymorphicForeignKey precision queryByDistance referenceTargetField referenceTo relationshipName
relationshipOrder restrictedDelete restrictedPicklist scale searchPrefilterable soapType sortable type unique
updateable writeRequiresMasterRead
`);

/** Keys of an entry of `GET /sobjects` at v48, in order. */
export const globalEntryKeys = words(`
activateable createable custom customSetting deepCloneable deletable deprecatedAndHidden feedEnabled
hasSubtypes isInterface isSubtype keyPrefix label labelPlural layoutable mergeable mruEnabled name queryable
replicateable retrieveable searchable triggerable undeletable updateable urls
`);

/** The fields of Contact in the describe of an org with communities, in order, with what a writer must know. */
export const contactFields = `
Id id 18 - - - D F G S -
IsDeleted boolean 0 - - - D F G S -
MasterRecordId reference 18 - - N - F G S MasterRecord
AccountId reference 18 C U N - F G S Account
LastName string 80 C U - - F G S -
FirstName string 40 C U N - F G S -
Salutation picklist 40 C U N - F G S -
Name string 121 - - - - F G S -
OtherStreet textarea 255 C U N - F G S -
OtherCity string 40 C U N - F G S -
OtherState string 80 C U N - F G S -
OtherPostalCode string 20 C U N - F G S -
OtherCountry string 80 C U N - F G S -
OtherLatitude double 0 C U N - F - S -
OtherLongitude double 0 C U N - F - S -
OtherGeocodeAccuracy picklist 40 C U N - F G S -
OtherAddress address 0 - - N - F - - -
MailingStreet textarea 255 C U N - F G S -
MailingCity string 40 C U N - F G S -
MailingState string 80 C U N - F G S -
MailingPostalCode string 20 C U N - F G S -
MailingCountry string 80 C U N - F G S -
MailingLatitude double 0 C U N - F - S -
MailingLongitude double 0 C U N - F - S -
MailingGeocodeAccuracy picklist 40 C U N - F G S -
MailingAddress address 0 - - N - F - - -
Phone phone 40 C U N - F G S -
Fax phone 40 C U N - F G S -
MobilePhone phone 40 C U N - F G S -
HomePhone phone 40 C U N - F G S -
OtherPhone phone 40 C U N - F G S -
AssistantPhone phone 40 C U N - F G S -
ReportsToId reference 18 C U N - F G S ReportsTo
Email email 80 C U N - F G S -
Title string 128 C U N - F G S -
Department string 80 C U N - F G S -
AssistantName string 40 C U N - F G S -
LeadSource picklist 40 C U N - F G S -
Birthdate date 0 C U N - F G S -
Description textarea 32000 C U N - - - - -
OwnerId reference 18 C U - D F G S Owner
CreatedDate datetime 0 - - - D F - S -
CreatedById reference 18 - - - D F G S CreatedBy
LastModifiedDate datetime 0 - - - D F - S -
LastModifiedById reference 18 - - - D F G S LastModifiedBy
SystemModstamp datetime 0 - - - D F - S -
LastActivityDate date 0 - - N - F G S -
LastCURequestDate datetime 0 - - N - F - S -
LastCUUpdateDate datetime 0 - - N - F - S -
LastViewedDate datetime 0 - - N - F - S -
LastReferencedDate datetime 0 - - N - F - S -
EmailBouncedReason string 255 C U N - F G S -
EmailBouncedDate datetime 0 C U N - F - S -
IsEmailBounced boolean 0 - - - D F G S -
PhotoUrl url 255 - - N - F G S -
Jigsaw string 20 C U N - F G S -
JigsawContactId string 20 - - N - F G S JigsawContact
CleanStatus picklist 40 C U N - F G S -
IndividualId reference 18 C U N - F G S Individual
`
  .trim()
  .split('\n');
