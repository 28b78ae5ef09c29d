import type { SettingDefinition, SettingGroup } from '../../protocol/defineSettings.ts';
import { configurationSection } from '../../protocol/ids.ts';
import { clientSettingsTable, settingsTable } from '../../protocol/settings.ts';
import type { SettingSchema } from '../../protocol/settingValue.ts';

/** Every setting that users can make, in the order of the settings page. */
export const allSettings: readonly SettingDefinition[] = [
  ...Object.values(settingsTable),
  ...Object.values(clientSettingsTable),
];

/** `contributes.configuration` of package.json; its texts are keys of package.nls.json. */
export function configuration(): readonly object[] {
  const groups = [...new Set(allSettings.map(({ group }) => group))];
  return groups.map((group, index) => ({
    title: `%configuration.title${group === 'general' ? '' : `.${group}`}%`,
    order: index + 1,
    properties: propertiesOf(group),
  }));
}

/** What a folder that is not trusted may not set: all that it else could. */
export function restrictedConfigurations(): readonly string[] {
  return allSettings.filter(({ scope }) => scope === 'resource').map(nameOf);
}

/** The row of docs/settings.md. Its last cell is written by hand. */
export function readmeRow(setting: SettingDefinition, meaning: string): string {
  return `| \`${nameOf(setting)}\` | ${defaultCell(setting)} | ${scopeCells[setting.scope]} | ${meaning} |`;
}

/** The setting and the meaning in a line of docs/settings.md; `undefined` for a line of another kind. */
export function readReadmeRow(line: string): { readonly name: string; readonly meaning: string } | undefined {
  const [, name, meaning] = /^\| `(pinwatch\.[\w.]+)` \|(?: [^|]+ \|)+? ([^|]+) \|$/u.exec(line) ?? [];
  return name === undefined || meaning === undefined ? undefined : { name, meaning };
}

export function nameOf({ key }: SettingDefinition): string {
  return `${configurationSection}.${key}`;
}

const scopeCells = { resource: 'folder', window: 'window', machine: 'user' } as const;

function defaultCell({ default: value, value: { schema } }: SettingDefinition): string {
  if (schema.type === 'object' && JSON.stringify(value) !== '{}') {
    return 'see below';
  }
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const shown = text === '' ? 'empty' : `\`${text}\``;
  if (schema.enum !== undefined) {
    const others = schema.enum.filter((choice) => choice !== value).map((choice) => `\`${choice}\``);
    return `${shown}, or ${others.join(', ')}`;
  }
  return schema.minimum === undefined ? shown : `${shown} (${schema.minimum} to ${schema.maximum ?? ''})`;
}

function propertiesOf(group: SettingGroup): object {
  const settings = allSettings.filter((setting) => setting.group === group);
  return Object.fromEntries(settings.map((setting, index) => [nameOf(setting), propertyOf(setting, index + 1)]));
}

function propertyOf({ key, value, default: usual, scope, isOnline }: SettingDefinition, order: number): object {
  const texts = `configuration.${key}`;
  return {
    order,
    ...withTexts(value.schema, texts),
    default: usual,
    scope,
    ...(isOnline === true ? { tags: ['usesOnlineServices'] } : {}),
    markdownDescription: `%${texts}.markdownDescription%`,
  };
}

/** Each choice of a setting and each property of an object has its text. */
function withTexts(schema: SettingSchema, texts: string): object {
  const { enum: choices, items, properties } = schema;
  return {
    ...schema,
    ...(choices === undefined
      ? {}
      : { enumDescriptions: choices.map((_choice, index) => `%${texts}.enumDescriptions.${index}%`) }),
    ...(items === undefined ? {} : { items: withPropertyTexts(items, texts) }),
    ...(properties === undefined ? {} : withPropertyTexts(schema, texts)),
  };
}

function withPropertyTexts(schema: SettingSchema, texts: string): object {
  const properties = Object.entries(schema.properties ?? {});
  return properties.length === 0
    ? schema
    : {
        ...schema,
        properties: Object.fromEntries(
          properties.map(([name, property]) => [name, { ...property, description: `%${texts}.${name}.description%` }]),
        ),
      };
}
