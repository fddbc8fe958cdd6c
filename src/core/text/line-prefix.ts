/**
 * What programs that pass a log on put before each of its lines. A record is found wherever it stands in its line, so a prefix
 * needs no stripping; it is looked at for the time it carries.
 */
export interface LinePrefix {
  readonly id: string;
  /** For people: who writes it. */
  readonly title: string;
  /** `date`: a point in time, in seconds since 1970 (without a zone, as if in UTC). `clock`: a time of day. `elapsed`: since some start. */
  readonly time: 'date' | 'clock' | 'elapsed';
}

interface Format extends LinePrefix {
  /** Sticky. Groups by name: `year month day hour minute second fraction zone`, or `seconds` in all. Linear in its input. */
  readonly pattern: RegExp;
}

const CLOCK = String.raw`(?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)(?:[.,](?<fraction>\d{1,9}))?`;
const DATE = String.raw`(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)`;
const ZONE = String.raw`(?<zone>Z|[+-]\d\d:?\d\d)`;
const HOST_AND_UNIT = String.raw`[\w.-]{1,64} [\w.@\\/-]{1,64}(?:\[\d{1,10}\])?: `;

const FORMATS: readonly Format[] = [
  format('qemu', 'QEMU -msg timestamp=on, before 10.1', 'date', String.raw`\d{1,10}@(?<seconds>\d{1,12}\.\d{6}):`),
  format('iso-8601', 'ISO 8601 time', 'date', `${DATE}T${CLOCK}${ZONE}?:? `),
  format('libvirt', 'libvirt', 'date', `${DATE} ${CLOCK}${ZONE}: `),
  format('date-and-time', 'date and time', 'date', String.raw`\[?${DATE} ${CLOCK}(?: ?${ZONE})?\]?:? `),
  format('journald', 'journald', 'date', `(?<name>[A-Z][a-z]{2}) (?<day>[ \\d]\\d) ${CLOCK} ${HOST_AND_UNIT}`),
  format('ts', 'ts', 'date', `(?<name>[A-Z][a-z]{2}) (?<day>[ \\d]\\d) ${CLOCK} `),
  format('ts-seconds', 'ts %.s', 'date', String.raw`(?<seconds>\d{9,12}\.\d{1,9}) `),
  format(
    'advanced-logger',
    'AdvancedLogger of Project Mu',
    'elapsed',
    String.raw`${CLOCK} : (?:\[[A-Z _0-9]{1,16}\] ?){0,2}`,
  ),
  format('clock', 'time of day, or ts -s', 'clock', String.raw`\[?${CLOCK}\]?:? `),
  format(
    'printk',
    'Linux kernel',
    'elapsed',
    String.raw`(?:<\d{1,3}>)?\[ {0,5}(?<seconds>\d{1,7}\.\d{6})\](?:\[ {0,6}[TC]\d{1,7}\])? `,
  ),
  format('seconds', 'seconds', 'elapsed', String.raw`\[ {0,5}(?<seconds>\d{1,7}\.\d{1,9})\] `),
];

const MONTHS: ReadonlyMap<string, number> = new Map(
  ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'].map((name, index) => [
    name,
    index,
  ]),
);

export interface PrefixReading {
  readonly prefix: LinePrefix;
  readonly seconds: number;
  /** Offset behind it. */
  readonly end: number;
}

/** The prefix that `text` has at `lineStart`, with its time; `null` if there is none. `first` is tried first: the one seen last. */
export function readPrefix(text: string, lineStart: number, first: LinePrefix | null): PrefixReading | null {
  for (const candidate of first === null ? FORMATS : [first as Format, ...FORMATS]) {
    candidate.pattern.lastIndex = lineStart;
    const groups = candidate.pattern.exec(text)?.groups;
    const seconds = groups ? toSeconds(groups, candidate.time) : null;
    if (seconds !== null) return { prefix: candidate, seconds, end: candidate.pattern.lastIndex };
  }
  return null;
}

function format(id: string, title: string, time: LinePrefix['time'], pattern: string): Format {
  return { id, title, time, pattern: new RegExp(pattern, 'y') };
}

/** `null` where a number is out of its range. */
function toSeconds(groups: Readonly<Record<string, string | undefined>>, time: LinePrefix['time']): number | null {
  const { seconds, hour = '0', minute = '0', second = '0', fraction, zone, year, month, day = '1', name } = groups;
  if (seconds !== undefined) return Number(seconds);
  if (Number(hour) > 23 + (time === 'elapsed' ? 76 : 0) || Number(minute) > 59 || Number(second) > 60) return null;
  const ofDay =
    Number(hour) * 3600 + Number(minute) * 60 + Number(second) + (fraction === undefined ? 0 : Number(`0.${fraction}`));
  if (time !== 'date') return ofDay;
  const monthIndex = name === undefined ? Number(month) - 1 : (MONTHS.get(name) ?? -1);
  if (monthIndex < 0 || monthIndex > 11 || Number(day) < 1 || Number(day) > 31) return null;
  // Without a year all dates are of one year, and that is a leap year.
  const midnight = Date.UTC(year === undefined ? 2000 : Number(year), monthIndex, Number(day)) / 1000;
  return midnight + ofDay - zoneSeconds(zone);
}

function zoneSeconds(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0;
  const [hours, minutes] = [zone.slice(1, 3), zone.slice(-2)];
  return (zone.startsWith('-') ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
}
