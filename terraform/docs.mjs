// Writes the tables of inputs and outputs into each module's README.md, between its two markers.
// usage: node terraform/docs.mjs [--check]
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const BEGIN = "<!-- made by docs.mjs -->";
const END = "<!-- end -->";
const modules = join(dirname(fileURLToPath(import.meta.url)), "modules");
const check = process.argv.includes("--check");

/** The blocks of one kind, by name: each ends at the first brace that stands alone at the margin. */
function blocks(text, kind) {
  return [...text.matchAll(new RegExp(`^${kind} "(\\w+)" \\{\\n([\\s\\S]*?)^\\}`, "gm"))].map(
    ([, name, body]) => ({ name, body }),
  );
}

/** An argument's expression, which may go over several lines, on one. */
function argument(body, name) {
  const found = new RegExp(`^  ${name}\\s*= ((?:.*[({\\[]\\n[\\s\\S]*?^  [)}\\]]+)|.*)$`, "m").exec(body);
  return found?.[1].replace(/\s+/g, " ").replace(/([({[]) /g, "$1").replace(/ ([)}\]])/g, "$1");
}

function cell(text) {
  return text.replaceAll("|", "\\|");
}

function description(body) {
  return cell(JSON.parse(argument(body, "description")));
}

function tables(folder) {
  const read = (file) => readFileSync(join(folder, file), "utf8");
  const inputs = blocks(read("variables.tf"), "variable").map(({ name, body }) => {
    const value = argument(body, "default");
    const type = argument(body, "type").replace(/^object\(.*/, "object").replace(/^(list|map)\(object\(.*/, "$1(object)");
    return `| \`${name}\` | ${cell(type)} | ${value === undefined ? "needed" : `\`${cell(value)}\``} | ${description(body)} |`;
  });
  const outputs = blocks(read("outputs.tf"), "output").map(
    ({ name, body }) => `| \`${name}\` | ${description(body)} |`,
  );
  return [
    "## Inputs", "", "| name | type | without it | meaning |", "| --- | --- | --- | --- |", ...inputs, "",
    "## Outputs", "", "| name | meaning |", "| --- | --- |", ...outputs,
  ].join("\n");
}

let stale = 0;
for (const name of readdirSync(modules).sort()) {
  const page = join(modules, name, "README.md");
  if (!existsSync(page)) {
    console.error(`${page} is missing`);
    stale++;
    continue;
  }
  const text = readFileSync(page, "utf8");
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) {
    console.error(`${page} has no markers`);
    stale++;
    continue;
  }
  const fresh = `${text.slice(0, begin + BEGIN.length)}\n\n${tables(join(modules, name))}\n\n${text.slice(end)}`;
  if (fresh === text) {
    continue;
  }
  if (check) {
    console.error(`${page} is stale: run node terraform/docs.mjs`);
    stale++;
  } else {
    writeFileSync(page, fresh);
  }
}
process.exit(stale === 0 ? 0 : 1);
