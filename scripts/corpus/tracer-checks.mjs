// What a report must say of a log that a tracer wrote into. Everything is read anew here, line by line with plain regular
// expressions, and knows nothing of the analyser: the tracer's own list and counts at hand-off, its records of calls and of
// callbacks, and, where the firmware prints its calls as well, the firmware's own lines.

/** @typedef {import('./checks.mjs').Check} Check */

/** @returns {Check[]} */
export function tracerChecks(text, report) {
  const records = readRecords(text);
  const of = (...names) => records.filter(({ event }) => names.includes(event));
  const trace = report.traces.find(({ tracer }) => tracer !== null);
  if (!trace) return [check('a boot with a tracer', true, false)];
  const calls = of('Map').filter(isOuter);
  const maps = calls.filter(({ mid }) => mid !== undefined);
  const live = of('Live');
  const [stats] = of('Stats').filter(({ when }) => when === 'handoff');
  const exits = of('EbsExit');
  const outerUnmaps = of('Unmap').filter(isOuter);
  const swept = sweptHandles(text);
  const listed = live.filter(({ cookie }) => !swept.has(cookie));
  const findings = trace.findings;
  const linesOf = (...rules) => lines(findings.filter(({ rule }) => rules.includes(rule)).map(({ line }) => line));
  return [
    check('boots', 1, report.traces.length),
    check(
      'records without a gap',
      true,
      records.every(({ number }, index) => number === index + 1),
    ),
    check('nothing missing', 0, trace.tracer.missingRecords),
    check('no contradiction', 0, trace.tracer.disagreements),
    check('checked at the end', true, trace.tracer.checked),
    check('maps', maps.map(describeRecord).join('; '), trace.mappings.map(describeMapping).join('; ')),
    check('maps counted', stats.maps, calls.length),
    check('failed maps', calls.length - maps.length, trace.failedMaps.length),
    check('unmaps counted', stats.unmaps, outerUnmaps.length),
    check('unmaps', outerUnmaps.length + swept.size, trace.summary.unmaps),
    check('every mapping is certain', true, trace.mappings.every(isCertain)),
    check(
      'live at hand-off, or taken by the cleanup',
      set(live.map(describeRecord)),
      set(trace.mappings.filter(isLiveOrSwept).map(describeMapping)),
    ),
    check(
      'live at hand-off',
      set(listed.map(describeRecord)),
      set(trace.mappings.filter(({ liveAtHandoff }) => liveAtHandoff).map(describeMapping)),
    ),
    check('live as counted', stats.live, live.length),
    check('removed in a callback', set(unmapsInExit(records).map(({ mid }) => mid)), set(removedInExit(trace, maps))),
    check('attempts', of('EbsEnter').length, trace.exitBootServices.attempts),
    check('ExitBootServices', of('EbsEnter')[0].line, trace.exitBootServices.firstLine),
    check('hand-off', exits.find(({ st }) => st === 'Success').line, trace.handoff.line),
    check(
      'callbacks',
      callbacksOf(records).join('; '),
      trace.exitBootServices.callbacks.map(describeCallback).join('; '),
    ),
    check(
      'Bus Master Enable at hand-off',
      set(
        of('DevState')
          .filter(({ when }) => when === 'handoff')
          .map(({ dev, bm }) => `${shortAddress(dev)} ${bm}`),
      ),
      set(trace.devices.map(({ address, busMaster }) => `${address} ${busMaster ? 'on' : 'off'}`)),
    ),
    check(
      'unmapped twice',
      outerUnmaps.filter(({ note }) => note === 'already-unmapped').length,
      findings.filter(({ rule }) => rule === 'double-unmap').length,
    ),
    check('unmapped, but never mapped', '', linesOf('unmap-unknown')),
    check(
      'all findings are certain',
      true,
      findings.every(({ certain }) => certain),
    ),
    ...freeChecks(records, findings),
    ...firmwareChecks(text, trace, records),
  ];
}

/** The planted bugs are freeing in a callback, and unmapping twice: both must name the driver that the tracer names. */
function freeChecks(records, findings) {
  const freed = records.filter((record) => record.event === 'Free' && isOuter(record) && record.cb !== undefined);
  const twice = records.filter((record) => record.note === 'already-unmapped');
  const named = (rule) => findings.filter((finding) => finding.rule === rule).map(({ message }) => message);
  return [
    check('freed in a callback', freed.length, named('memory-freed-in-exit-callback').length),
    check('who freed', set(freed.map(({ cb }) => cb)), set(named('memory-freed-in-exit-callback').map(driverIn))),
    check('who unmapped twice', set(twice.map(({ img }) => imageOf(img))), set(named('double-unmap').map(driverIn))),
  ];
}

function driverIn(message) {
  return / of (\w+) (?:is|was) /.exec(message)?.[1] ?? '';
}

/** Where the firmware prints its calls, its lines and the tracer's tell the same, one for one. */
function firmwareChecks(text, trace, records) {
  const all = text.split(/\r?\n/);
  const made = [];
  let called = null;
  for (const [index, line] of all.entries()) {
    const call = /^IoMmuMap: Operation=(\w+) Host=0x[\dA-F]+ Bytes=0x([\dA-F]+)$/.exec(line);
    const result = /^IoMmuMap: Mapping=0x([\dA-F]+) Device\(PlainText\)=0x([\dA-F]+) Crypted=0x([\dA-F]+) /.exec(line);
    if (call) called = { operation: call[1], bytes: call[2], line: index + 1 };
    if (result && called)
      made.push(
        `0x${result[1]} ${called.operation} 0x${result[3]} 0x${result[2]} 0x${called.bytes} lines ${called.line} ${index + 1}`.replaceAll(
          /0x[\dA-F]+/g,
          (hex) => hex.toLowerCase(),
        ),
      );
  }
  if (made.length === 0) return [];
  const unmapLines = all.flatMap((line, index) => (/^IoMmuUnmapWorker: /.test(line) ? [index + 1] : []));
  const taken = [
    ...trace.mappings.map(({ unmappedLine }) => unmappedLine).filter((line) => line !== null),
    ...trace.findings.filter(({ rule }) => rule === 'double-unmap').map(({ line }) => line),
  ];
  const byTracer = new Set(
    records.filter((record) => /^(?:Map|Unmap|SetAttr)$/.test(record.event)).map(({ line }) => line),
  );
  const evidence = trace.mappings.flatMap(({ otherLines }) => otherLines.filter((line) => byTracer.has(line)));
  const refused = records.filter(
    ({ note, st }) => note === 'already-unmapped' || (st !== undefined && st !== 'Success'),
  );
  const ofRefused = records.filter(
    ({ event, call }) => /^(?:Unmap|SetAttr)$/.test(event) && refused.some((record) => record.call === call),
  );
  return [
    check(
      "maps, by the firmware's lines",
      made.join('; '),
      trace.mappings
        .map(
          ({ handle, operation, host, device, bytes, calledLine, mappedLine }) =>
            `${handle} ${operation} ${host} ${device} 0x${bytes.toString(16)} lines ${calledLine} ${mappedLine}`,
        )
        .join('; '),
    ),
    check("unmaps, by the firmware's lines", lines(unmapLines), lines(taken)),
    check("the tracer's lines are evidence of the same mappings", byTracer.size - ofRefused.length, evidence.length),
  ];
}

/** The tracer's records with their lines, wherever they stand in a line. */
function readRecords(text) {
  const records = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const found = /DMATRACE v[12] #(\d+) t=\d+ ph=(\w+) (\w+) (.*) ;$/.exec(line);
    if (!found) continue;
    const [, number, phase, event, rest = ''] = found;
    const keys = Object.fromEntries([...rest.matchAll(/([a-z_]+)=(\S+)/g)].map(([, key, value]) => [key, value]));
    records.push({ ...keys, number: Number(number), phase, event, line: index + 1 });
  }
  return records;
}

function isOuter({ via }) {
  return via === 'PciIo' || via === 'RootBridgeIo';
}

/** Handles that the cleanup of IoMmuDxe removed, which calls no protocol. */
function sweptHandles(text) {
  return new Set(
    [...text.matchAll(/^IoMmuUnmapWorker: Mapping=0x([\dA-F]+) MemoryMapLocked=1\r?$/gm)].map(
      ([, handle]) => `0x${handle.toLowerCase()}`,
    ),
  );
}

function isCertain({ owner, pci }) {
  return owner !== null && owner.name !== null && owner.certain && pci !== null && pci.certain;
}

function isLiveOrSwept({ liveAtHandoff, unmappedBy }) {
  return liveAtHandoff || unmappedBy === 'iommu-cleanup';
}

function describeRecord({ op, host, bytes, daddr, img, dev }) {
  return `${op} ${host} ${bytes} ${daddr} ${imageOf(img)} ${shortAddress(dev)}`;
}

function describeMapping({ operation, host, bytes, device, owner, pci }) {
  return `${operation} ${host} 0x${bytes.toString(16)} ${device} ${owner?.name} ${pci?.address}`;
}

function imageOf(img) {
  return img.replace(/\+0x[\da-f]+$/, '');
}

/** `0000:00:02.0` as reports have it. */
function shortAddress(dev) {
  return dev.replace(/^0000:/, '');
}

/** Unmaps of what a driver made before, outside of BeforeExitBootServices. */
function unmapsInExit(records) {
  const found = [];
  let before = 0;
  for (const record of records) {
    if (record.group === 'BeforeExitBootServices')
      before += record.event === 'CbBegin' ? 1 : record.event === 'CbEnd' ? -1 : 0;
    if (record.event === 'Unmap' && isOuter(record) && record.phase === 'ebs' && before === 0) found.push(record);
  }
  return found;
}

/** Numbers of the mappings that the report has removed in a callback; mappings and records of Map are in the same order. */
function removedInExit(trace, maps) {
  return trace.mappings.flatMap(({ unmappedBy }, index) => (unmappedBy === 'exit-callback' ? [maps[index]?.mid] : []));
}

function callbacksOf(records) {
  const found = [];
  const open = [];
  for (const { event, fn, group, cbid, line } of records) {
    if (event === 'CbBegin') {
      const callback = { name: imageOf(fn), group: GROUPS[group], line, endLine: null, cbid };
      found.push(callback);
      open.push(callback);
    } else if (event === 'CbEnd') {
      const ended = open.pop();
      if (ended && ended.cbid === cbid) ended.endLine = line;
    }
  }
  return found.map(describeCallback);
}

const GROUPS = { BeforeExitBootServices: 'before', ExitBootServices: 'exit', Signalled: 'signalled' };

function describeCallback({ name, group, line, endLine }) {
  return `${name} ${group} ${line}-${endLine}`;
}

function check(what, expected, found) {
  return { what, expected: String(expected), found: String(found) };
}

function set(items) {
  return [...items].sort().join('; ');
}

function lines(numbers) {
  return [...numbers].sort((a, b) => a - b).join(' ');
}
