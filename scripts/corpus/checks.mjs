// What a report must say for it to agree with the truth about its log. Both sides become strings, so that a disagreement can be read.

/** @typedef {{ what: string, expected: string, found: string }} Check */

/** @returns {Check[]} */
export function logChecks(truth, report) {
  const mappings = report.traces.flatMap((trace) => trace.mappings);
  const findings = report.traces.flatMap((trace) => trace.findings);
  const exits = report.traces.flatMap((trace) => (trace.exitBootServices ? [trace.exitBootServices] : []));
  const failed = report.traces.flatMap((trace) => trace.failedMaps);
  const firstExit = exits[0];
  const reachesHandoff =
    truth.first_ebs !== null || (truth.post_callback_block_line ?? null) !== null || truth.linux_line !== null;
  const before = truth.first_ebs === null ? null : mappings.filter((mapping) => liveBefore(mapping, truth.first_ebs));
  const events = truth.events ?? [];
  const linesOf = (text) => events.filter(([, what, handle]) => what === text && handle !== '0').map(([line]) => line);
  // Where the truth was made after other writers' lines had been taken out, its line numbers are not those of the file.
  const place = (text) => (truth.note_mixed === undefined ? text : text.replace(/ line=\d+$/, ''));
  const checks = [
    check('lines', truth.lines, report.source.lines),
    check('input truncated', truth.truncated_last_line ?? false, report.input.truncated),
    check('maps', truth.counts?.map_ok ?? 0, mappings.length),
    check(
      'map calls without result',
      lines((truth.enters_without_result ?? []).map(([line]) => line)),
      lines(failed.map((map) => map.calledLine)),
    ),
    check(
      'unmapped twice or unknown',
      lines(linesOf('unmap of unknown/dead mapping')),
      lines(linesOfRules(findings, ['double-unmap', 'unmap-unknown'])),
    ),
    check(
      'freed while mapped',
      lines(linesOf('FreeBuffer while mapped')),
      lines(linesOfRules(findings, ['free-while-mapped'])),
    ),
    ...overlapChecks(truth, overlapLines(report)),
  ];
  if (truth.first_ebs !== null) {
    checks.push(
      check('first line of ExitBootServices', truth.first_ebs, firstExit?.markerLine ?? null),
      check(
        'callback lines',
        lines(truth.ebs_lines.map(([line]) => line)),
        lines(exits.flatMap((exit) => callbackLines(exit))),
      ),
      check(
        'live before ExitBootServices',
        set(truth.live_list.map(describeTruth).map(place)),
        set(before.map(describe).map(place)),
      ),
      check('removed behind it', counts(truth.after_ebs), counts(removals(report, truth.first_ebs))),
    );
  }
  if (reachesHandoff) {
    checks.push(
      check(
        'hand-off reached',
        true,
        report.traces.some((trace) => trace.handoff !== null),
      ),
      check(
        'live at hand-off',
        set(liveAtEnd(truth).map(describeTruth)),
        set(mappings.filter((mapping) => mapping.liveAtHandoff).map(describe)),
      ),
    );
    if ((truth.post_callback_block_line ?? null) !== null)
      checks.push(
        check(
          'hand-off line',
          truth.post_callback_block_line,
          report.traces.find((trace) => trace.handoff)?.handoff.line ?? null,
        ),
      );
  } else {
    checks.push(
      check(
        'hand-off reached',
        false,
        report.traces.some((trace) => trace.handoff !== null),
      ),
      check(
        'live at the end',
        set((truth.live_list_end ?? []).map(describeTruth)),
        set(mappings.filter((mapping) => mapping.unmappedLine === null).map(describe)),
      ),
    );
  }
  return checks;
}

/** Trace events of QEMU in the corpus that stand in the middle of firmware lines, with their line breaks. */
const TRACE_RECORD =
  /(?:usb_ehci_usbsts usbsts [A-Z]+ \d|pci_cfg_write \S+ [\da-f]{2}:[\da-f]{2}\.\d @0x[\da-f]+ <- 0x[\da-f]+)\r?\n/g;

/**
 * For a log whose lines are torn: the truth counts what each line shows by itself, so the report is held to what a plain replay
 * finds when all trace records are taken out of the text, wherever they stand. Line numbers differ then and are not compared;
 * the truth counts lines by LF, an editor counts a lone CR, too.
 *
 * @returns {Check[]}
 */
export function spliceChecks(truth, report, text) {
  const mappings = report.traces.flatMap((trace) => trace.mappings);
  const replayed = replay(text.replaceAll(TRACE_RECORD, ''));
  const isLive = ({ unmappedLine }) => unmappedLine === null;
  const describeFound = ({ handle, operation, host, device, bytes }) =>
    `${handle} ${operation} ${host} ${device} 0x${bytes?.toString(16) ?? '?'}`;
  return [
    check('lines', truth.lines, (text.match(/\n/g) ?? []).length + (text.endsWith('\n') ? 0 : 1)),
    check('no fewer maps than single lines show', true, mappings.length >= truth.counts.map_ok),
    check('torn lines put together again', true, report.input.splicedLines > 0),
    check('lines not read', 0, report.input.malformedLines),
    check('maps', replayed.made.join('; '), mappings.map(describeFound).join('; ')),
    check('live at the end', set(replayed.live), set(mappings.filter(isLive).map(describeFound))),
    check(
      'map calls without result',
      '',
      lines(report.traces.flatMap(({ failedMaps }) => failedMaps.map((map) => map.calledLine))),
    ),
  ];
}

/** What is mapped, by plain regular expressions over whole lines. */
function replay(text) {
  const made = [];
  const live = new Map();
  let called = null;
  for (const line of text.split(/\r?\n/)) {
    const call = /IoMmuMap: Operation=(\w+) Host=0x[\dA-F]+ Bytes=0x([\dA-F]+)$/.exec(line);
    const result = /IoMmuMap: Mapping=0x([\dA-F]+) Device\(PlainText\)=0x([\dA-F]+) Crypted=0x([\dA-F]+) Pages=/.exec(
      line,
    );
    const unmap = /IoMmuUnmapWorker: Mapping=0x([\dA-F]+) MemoryMapLocked=\d$/.exec(line);
    if (call) called = call;
    if (result && called) {
      const mapping = `0x${result[1]} ${called[1]} 0x${result[3]} 0x${result[2]} 0x${called[2]}`.replaceAll(
        /0x[\dA-F]+/g,
        (hex) => hex.toLowerCase(),
      );
      made.push(mapping);
      live.set(result[1], mapping);
    }
    if (unmap) live.delete(unmap[1]);
  }
  return { made, live: [...live.values()] };
}

/** @returns {Check[]} */
export function bootChecks(boots, report) {
  const checks = [check('boots', boots.length, report.traces.length)];
  for (const [index, boot] of boots.entries()) {
    const trace = report.traces[index];
    if (!trace) continue;
    const name = `boot ${index + 1}`;
    checks.push(
      // The truth counts the empty line behind the last line break of the file as a line of the last boot.
      check(
        `${name} lines`,
        `${boot.first_line}-${Math.min(boot.last_line, report.source.lines)}`,
        `${trace.firstLine}-${trace.lastLine}`,
      ),
      check(`${name} first line of ExitBootServices`, boot.first_ebs, trace.exitBootServices?.markerLine ?? null),
      check(`${name} maps`, boot.maps, trace.summary.maps),
      check(`${name} unmaps`, boot.unmaps, trace.summary.unmaps),
      check(
        `${name} live before ExitBootServices`,
        set(boot.live_list.map(({ handle, operation, line }) => `${handle.toLowerCase()} ${operation} ${line}`)),
        set(
          boot.first_ebs === null
            ? []
            : trace.mappings
                .filter((mapping) => liveBefore(mapping, boot.first_ebs))
                .map((mapping) => `${mapping.handle.slice(2)} ${mapping.operation} ${mapping.mappedLine}`),
        ),
      ),
      check(
        `${name} removed behind it`,
        counts(boot.after_ebs),
        counts(boot.first_ebs === null ? {} : removals({ traces: [trace] }, boot.first_ebs)),
      ),
      check(
        `${name} live at the end`,
        counts(boot.live_at_end),
        counts(
          tally(trace.mappings.filter((mapping) => mapping.unmappedLine === null).map((mapping) => mapping.operation)),
        ),
      ),
    );
  }
  return checks;
}

/** The truth names the first dozen overlaps and counts the rest. */
function overlapChecks(truth, found) {
  const named = (truth.overlaps ?? []).map(([line]) => line);
  return [
    check('overlaps', truth.overlaps_total ?? named.length, found.length),
    check('first overlaps', lines(named), lines(found.slice(0, named.length))),
  ];
}

function check(what, expected, found) {
  return { what, expected: String(expected), found: String(found) };
}

/**
 * The truth lists what is live at the end only where no line names an ExitBootServices callback. Else all that was live before it
 * is, if nothing was removed behind it (VT-d's callback unmaps nothing), or nothing (the cleanup of IoMmuDxe takes everything).
 */
function liveAtEnd(truth) {
  if (truth.live_list_end) return truth.live_list_end;
  return Object.keys(truth.after_ebs ?? {}).length === 0 ? (truth.live_list ?? []) : [];
}

function liveBefore(mapping, line) {
  return mapping.mappedLine < line && (mapping.unmappedLine === null || mapping.unmappedLine >= line);
}

function callbackLines(exit) {
  return [
    ...exit.callbacks.filter(({ name }) => name.includes('ExitBoot')).map(({ line }) => line),
    ...(exit.cleanup ? [exit.cleanup.line] : []),
  ];
}

function linesOfRules(findings, rules) {
  return findings.filter((finding) => rules.includes(finding.rule)).map((finding) => finding.line);
}

/** Removals at or behind a line, by whom and of what; an unmap that removed nothing counts as `?`. */
function removals(report, line) {
  const names = [];
  for (const trace of report.traces) {
    for (const mapping of trace.mappings) {
      if (mapping.unmappedLine === null || mapping.unmappedLine < line) continue;
      names.push(
        mapping.unmappedBy === 'iommu-cleanup'
          ? `teardown locked=1 ${mapping.operation}`
          : `driver locked=0 ${mapping.operation}`,
      );
    }
    for (const at of linesOfRules(trace.findings, ['double-unmap', 'unmap-unknown']))
      if (at >= line) names.push('driver locked=0 ?');
  }
  return tally(names);
}

/**
 * Lines where something is made whose device range a live mapping covers: mappings whatever they share, and allocations.
 * The report has a finding only where the sharing is wrong, so this is worked out from its mappings and buffers.
 */
function overlapLines({ traces }) {
  const found = [];
  for (const { mappings, buffers } of traces) {
    const made = [
      ...mappings.map((mapping) => ({
        line: mapping.mappedLine,
        start: BigInt(mapping.device),
        bytes: deviceBytes(mapping),
        mapping,
      })),
      ...buffers.map((buffer) => ({
        line: buffer.allocatedLine,
        start: BigInt(buffer.host),
        bytes: BigInt(buffer.pages ?? 0) * 4096n,
        mapping: null,
      })),
    ].sort((a, b) => a.line - b.line);
    let live = [];
    for (const each of made) {
      live = live.filter(({ mapping }) => mapping.unmappedLine === null || mapping.unmappedLine > each.line);
      for (const other of live)
        if (other.start < each.start + each.bytes && each.start < other.start + other.bytes) found.push(each.line);
      if (each.mapping) live.push(each);
    }
  }
  return found;
}

function deviceBytes(mapping) {
  const bytes = BigInt(mapping.bytes ?? 4096);
  return mapping.device === mapping.host ? bytes : ((bytes + 4095n) / 4096n) * 4096n;
}

function describe(mapping) {
  return `${mapping.handle} ${mapping.operation} dev=${mapping.device} bytes=0x${mapping.bytes?.toString(16) ?? '?'} line=${mapping.mappedLine}`;
}

function describeTruth([handle, operation, ...rest]) {
  return `0x${handle.toLowerCase()} ${operation} ${rest.join(' ').toLowerCase()}`;
}

function tally(names) {
  const result = {};
  for (const name of names) result[name] = (result[name] ?? 0) + 1;
  return result;
}

function counts(object) {
  return Object.entries(object ?? {})
    .map(([name, count]) => `${count} ${name}`)
    .sort()
    .join(', ');
}

function set(items) {
  return [...items].sort().join('; ');
}

function lines(numbers) {
  return [...numbers].sort((a, b) => a - b).join(' ');
}
