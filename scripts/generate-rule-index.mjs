// Writes docs/rules/README.md from what the rules say of themselves.
//
//   node scripts/generate-rule-index.mjs [--check]
//
// `--check` writes nothing, and exits with 1 if the file is not as it would be written.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadCore } from './load-core.mjs';

const path = fileURLToPath(new URL('../docs/rules/README.md', import.meta.url));
const index = ruleIndex(loadCore().RULES);

if (!process.argv.includes('--check')) {
  writeFileSync(path, index);
} else if (!existsSync(path) || readFileSync(path, 'utf8') !== index) {
  console.error('docs/rules/README.md is not up to date: run node scripts/generate-rule-index.mjs');
  process.exitCode = 1;
}

/**
 * @param {readonly { id: string, summary: string, severity: { deny: string, permit: string } }[]} rules
 * @returns {string}
 */
function ruleIndex(rules) {
  const rows = rules.map(
    ({ id, summary, severity }) => `| [${id}](${id}.md) | ${summary} | ${severity.deny} | ${severity.permit} |`,
  );
  return `# Rules

<!-- Written by scripts/generate-rule-index.mjs: change the rules in src/core/rules, or the text there. -->

| Rule | What it reports | \`deny\` | \`permit\` |
| --- | --- | --- | --- |
${rows.join('\n')}

The name of a rule is the same everywhere: in every report, in the setting \`dmaHandoff.rules\`, and on the command line
(\`dma-handoff check --rule NAME=off\`, or \`=error\`, \`=warning\`, \`=information\`).

## Severity

A rule has a severity for platforms that deny what is not mapped at hand-off (\`deny\`: SEV, TDX, SMMU, VT-d that stays on), and one
for those that let it pass (\`permit\`: VT-d that is switched off at ExitBootServices, or no IOMMU). Where the log does not tell, the
former holds. What you choose for a rule holds for all its findings.

A finding is marked as uncertain where it rests on inference, or on a log that lost lines. Callbacks of XHCI, EHCI and UHCI print
nothing: what happens just before the first line that proves ExitBootServices may have been their work, and is inferred to be.

A rule is silent where the log cannot tell. A missing line is never evidence; each page ends with the cases.

\`internal-error\` is not a rule: it says that one stopped working on this log. The others went on. Please report it with the log.

## The pages

Excerpts are from boots of edk2 firmware in QEMU, shortened. Where edk2 has no such defect, the firmware had it put in, or lines of
such a boot were edited. Commits are edk2's (github.com/tianocore/edk2) where nothing else is said.
`;
}
