// Writes what a folder's test plans, counted by module and type, into its README.md, between two markers.
// usage: terraform -chdir=DIR test -json -verbose | node terraform/plan.mjs DIR [--check]
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const BEGIN = "<!-- made by plan.mjs -->";
const END = "<!-- end -->";
const [folder, option] = process.argv.slice(2);

function fail(why) {
  console.error(`${folder}: ${why}`);
  process.exit(1);
}

function counted(names) {
  const counts = new Map();
  names.forEach((name) => counts.set(name, (counts.get(name) ?? 0) + 1));
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}

const plans = readFileSync(0, "utf8")
  .split("\n")
  .filter((line) => line.includes('"test_plan"'))
  .map((line) => JSON.parse(line).test_plan);
if (plans.length !== 1) {
  fail(`its test has ${plans.length} plans, not one`);
}
const made = plans[0].resource_changes
  .filter((it) => it.mode === "managed" && it.change.actions.includes("create"))
  .map(({ module_address: module = "", type }) => ({ module: module.replace(/^module\./, ""), type }));
const rows = counted(made.map((it) => it.module)).map(([module, count]) => {
  const types = counted(made.filter((it) => it.module === module).map((it) => it.type));
  return `| ${module} | ${count} | ${types.map(([type, n]) => (n > 1 ? `${n} ` : "") + `\`${type}\``).join(", ")} |`;
});
const table = [
  `${made.length} resources of ${counted(made.map((it) => it.type)).length} types:`, "",
  "| module | resources | of which types, and how many |", "| --- | --- | --- |", ...rows,
].join("\n");

const page = join(folder, "README.md");
const text = readFileSync(page, "utf8");
const begin = text.indexOf(BEGIN);
const end = text.indexOf(END);
if (begin < 0 || end < begin) {
  fail("its README.md lacks the markers");
}
const next = `${text.slice(0, begin)}${BEGIN}\n\n${table}\n\n${text.slice(end)}`;
if (option !== "--check") {
  writeFileSync(page, next);
} else if (text !== next) {
  fail("its README.md is not what its test plans: see there how it is made");
}
