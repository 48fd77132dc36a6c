/** The restricted picklists of a person's settings: the values are the keys that the API takes, not the labels (docs/salesforce-facts.md#field-values). */
import type { Switches } from '../switches.ts';
import type { PicklistValue } from './types.ts';

const active = (value: string, label = value): PicklistValue => ({ value, label, active: true, isDefault: false });

/** Salesforce's list is shorter than the tz database's and uses some of its older names. */
const timeZoneKeys = `
Pacific/Kiritimati Pacific/Enderbury Pacific/Tongatapu Pacific/Chatham Asia/Kamchatka Pacific/Auckland Pacific/Fiji
Pacific/Norfolk Pacific/Guadalcanal Australia/Lord_Howe Australia/Brisbane Australia/Sydney Australia/Adelaide
Australia/Darwin Asia/Seoul Asia/Tokyo Asia/Hong_Kong Asia/Kuala_Lumpur Asia/Manila Asia/Shanghai Asia/Singapore
Asia/Taipei Australia/Perth Asia/Bangkok Asia/Ho_Chi_Minh Asia/Jakarta Asia/Rangoon Asia/Dhaka Asia/Kathmandu
Asia/Colombo Asia/Kolkata Asia/Karachi Asia/Tashkent Asia/Yekaterinburg Asia/Kabul Asia/Baku Asia/Dubai Asia/Tbilisi
Asia/Yerevan Asia/Tehran Africa/Nairobi Asia/Baghdad Asia/Kuwait Asia/Riyadh Europe/Istanbul Europe/Minsk
Europe/Moscow Africa/Cairo Africa/Johannesburg Asia/Beirut Asia/Jerusalem Europe/Athens Europe/Bucharest
Europe/Helsinki Africa/Algiers Africa/Casablanca Europe/Amsterdam Europe/Berlin Europe/Brussels Europe/Dublin
Europe/Lisbon Europe/London Europe/Madrid Europe/Paris Europe/Prague Europe/Rome Europe/Stockholm Europe/Vienna
Europe/Warsaw Europe/Zurich GMT Africa/Lagos Atlantic/Azores Atlantic/Cape_Verde Atlantic/South_Georgia
America/Argentina/Buenos_Aires America/Sao_Paulo America/St_Johns America/Halifax America/Puerto_Rico America/Santiago
Atlantic/Bermuda America/Caracas America/Bogota America/Indiana/Indianapolis America/Lima America/New_York
America/Panama America/Toronto America/Chicago America/El_Salvador America/Mexico_City America/Denver America/Phoenix
America/Los_Angeles America/Tijuana America/Anchorage Pacific/Honolulu Pacific/Marquesas Pacific/Niue Pacific/Pago_Pago
`
  .trim()
  .split(/\s+/);

export const timeZones = (): readonly PicklistValue[] => timeZonePicklist;
/** "(GMT+01:00) Central European Standard Time (Europe/Paris)": offset and name go by the season (Help, "Supported Time Zones"). */
const timeZonePicklist = timeZoneKeys.map((key) => {
  const part = (timeZoneName: 'long' | 'longOffset'): string =>
    new Intl.DateTimeFormat('en-US', { timeZone: key, timeZoneName })
      .formatToParts(Date.UTC(2026, 0, 15))
      .find(({ type }) => type === 'timeZoneName')?.value ?? key;
  const offset = part('longOffset');
  return active(key, `(${offset === 'GMT' ? 'GMT+00:00' : offset}) ${part('long')} (${key})`);
});

const localeKeys = `
ar_AE ar_EG ar_SA bg_BG ca_ES cs_CZ da_DK de_AT de_AT_EURO de_CH de_DE de_DE_EURO el_GR en_AU en_CA en_GB en_IE en_IE_EURO
en_IN en_NZ en_SG en_US en_ZA es_AR es_CL es_CO es_ES es_ES_EURO es_MX es_US et_EE fi_FI fr_BE fr_CA fr_CH fr_FR fr_LU
hr_HR hu_HU in_ID is_IS it_CH it_IT iw_IL ja_JP ko_KR lt_LT lv_LV ms_MY nl_BE nl_NL no_NO pl_PL pt_BR pt_PT ro_RO ru_RU
sk_SK sl_SI sr_RS sv_SE th_TH tr_TR uk_UA vi_VN zh_CN zh_HK zh_TW
`
  .trim()
  .split(/\s+/);

export const locales = (): readonly PicklistValue[] => localePicklist;
const languageNames = new Intl.DisplayNames('en', { type: 'language' });
const regionNames = new Intl.DisplayNames('en', { type: 'region' });
/** "English (United States)" (Help, "Supported Locales"). */
const localePicklist = localeKeys.map((key) => {
  const [language = '', region = '', currency] = key.split('_');
  const names = [regionNames.of(region), ...(currency === undefined ? [] : [currency])].join(', ');
  return active(key, `${languageNames.of(language) ?? language} (${names})`);
});

const languageLabels: Readonly<Record<string, string>> = {
  en_US: 'English',
  de: 'German',
  es: 'Spanish',
  fr: 'French',
  it: 'Italian',
  ja: 'Japanese',
  sv: 'Swedish',
  ko: 'Korean',
  zh_TW: 'Chinese (Traditional)',
  zh_CN: 'Chinese (Simplified)',
  pt_BR: 'Portuguese (Brazil)',
  nl_NL: 'Dutch',
  da: 'Danish',
  th: 'Thai',
  fi: 'Finnish',
  ru: 'Russian',
  es_MX: 'Spanish (Mexico)',
  no: 'Norwegian',
  pl: 'Polish',
  tr: 'Turkish',
};

/** All fully supported languages are listed; only those the org has switched on are active. */
export function languages(switches: Switches): readonly PicklistValue[] {
  return Object.entries(languageLabels).map(([value, label]) => ({
    value,
    label,
    active: switches.activeLanguages.includes(value),
    isDefault: false,
  }));
}

export const encodings = (): readonly PicklistValue[] => encodingPicklist;
const encodingPicklist = [
  active('UTF-8', 'Unicode (UTF-8)'),
  active('ISO-8859-1', 'General US & Western Europe (ISO-8859-1, ISO-LATIN-1)'),
  active('Shift_JIS', 'Japanese (Shift-JIS)'),
  active('ISO-2022-JP', 'Japanese (JIS)'),
  active('EUC-JP', 'Japanese (EUC)'),
  active('ks_c_5601-1987', 'Korean (ks_c_5601-1987)'),
  active('Big5', 'Traditional Chinese (Big5)'),
  active('GB2312', 'Simplified Chinese (GB2312)'),
  active('Big5-HKSCS', 'Traditional Chinese Hong Kong (Big5-HKSCS)'),
  active('x-SJIS_0213', 'Japanese (Shift-JIS_2004)'),
];

/** Of an org with several currencies: what is sent is the ISO code. */
export const currencies: readonly PicklistValue[] = [
  active('EUR', 'Euro'),
  { ...active('USD', 'U.S. Dollar'), isDefault: true },
  active('JPY', 'Japanese Yen'),
];
