// Opens pages of the HTML report in a real browser and says what is wrong with them: requests,
// console messages, what axe finds, elements that are not ours, what prints on the first sheet.
//
// usage: node check.mjs MODULES CHROMIUM OUT PAGE...
// MODULES holds node_modules; screenshots and printed pages go to OUT.  One line for each
// check, "ok   ..." or "FAIL ...: why"; ends with 1 where one failed.

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, chromiumPath, out, ...pages] = process.argv.slice(2);
const require = createRequire(join(resolve(modules), "node_modules", "x.js"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const WIDTHS = [390, 1280];
const SCHEMES = ["light", "dark"];
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
// Everything src/report writes; anything else came from somewhere it must not.
const OURS = new Set(("html head meta title style body a header p span nav ol ul li main section " +
  "h1 h2 h3 h4 article dl div dt dd strong time bdi figure figcaption pre code mark details " +
  "summary input label footer svg g line text rect circle path defs marker").split(" "));
const ATTRIBUTES = new Set(("aria-hidden aria-label aria-labelledby charset class content cx cy d " +
  "datetime dx for height href http-equiv id lang marker-end markerheight markerwidth name orient " +
  "r refx refy role rx tabindex text-anchor title type viewbox width x x1 x2 y y1 y2").split(" "));

let failed = 0;
function say(good, what, why) {
  failed += good ? 0 : 1;
  console.log(good ? `ok   ${what}` : `FAIL ${what}: ${why}`);
}

// Runs in the page, before any policy of the page's own could matter: by the debugger.
function inventory({ ours, attributes }) {
  const problems = [];
  for (const element of document.querySelectorAll("*")) {
    const name = element.localName;
    if (!ours.includes(name)) problems.push(`element ${name}`);
    for (const { name: attribute, value } of element.attributes) {
      if (!attributes.includes(attribute.toLowerCase())) problems.push(`${name} ${attribute}`);
      if (attribute === "href" && (!value.startsWith("#") || !document.getElementById(value.slice(1))))
        problems.push(`link to ${value}`);
    }
  }
  const walker = document.createTreeWalker(document, NodeFilter.SHOW_COMMENT);
  if (walker.nextNode()) problems.push("a comment");
  if (/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u
    .test(document.documentElement.textContent)) problems.push("a hidden character");
  return [...new Set(problems)];
}

async function look(browser, path, width, scheme) {
  const name = `${basename(path, ".html")} ${width} ${scheme}`;
  const context = await browser.newContext({
    viewport: { width, height: width < 600 ? 844 : 900 }, colorScheme: scheme, bypassCSP: false });
  const page = await context.newPage();
  const url = pathToFileURL(resolve(path)).href;
  const messages = [];
  const requests = [];
  page.on("console", (message) => messages.push(message.text()));
  page.on("pageerror", (error) => messages.push(String(error)));
  page.on("request", (request) => request.url() !== url && requests.push(request.url()));
  await page.goto(url);
  say(messages.length === 0, `${name}: the console is silent`, messages.slice(0, 3).join(" | "));
  say(requests.length === 0, `${name}: nothing is requested`, requests.slice(0, 3).join(" "));
  const problems = await page.evaluate(inventory, { ours: [...OURS], attributes: [...ATTRIBUTES] });
  say(problems.length === 0, `${name}: no element beyond ours`, problems.slice(0, 5).join(", "));
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  say(over <= 0, `${name}: nothing is wider than the window`, `${over} pixels too wide`);
  // Last, because taking one puts a style of its own on inputs.
  await page.screenshot({ path: join(out, `${name.replaceAll(" ", "-")}.png`), fullPage: true });
  await context.close();
}

// A page under its own policy cannot be given axe: a second visit sets the policy aside.
async function judge(browser, path, width, scheme, unfold) {
  const context = await browser.newContext({
    viewport: { width, height: 900 }, colorScheme: scheme, bypassCSP: true });
  const page = await context.newPage();
  await page.goto(pathToFileURL(resolve(path)).href);
  if (unfold)
    await page.evaluate(() => document.querySelectorAll("details").forEach((d) => { d.open = true; }));
  await page.evaluate(axe);
  const { violations } = await page.evaluate(
    (tags) => axe.run(document, { runOnly: tags }), TAGS);
  const why = violations.map((v) => `${v.id} (${v.nodes.length}, ${v.nodes[0].target} ${v.nodes[0].failureSummary})`);
  say(violations.length === 0,
    `${basename(path, ".html")} ${width} ${scheme}${unfold ? " unfolded" : ""}: axe finds nothing`,
    why.join("; "));
  await context.close();
}

// The keyboard: the first stop is the link that skips to the report, and it shows.
async function type(browser, path) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(pathToFileURL(resolve(path)).href);
  await page.keyboard.press("Tab");
  const seen = await page.evaluate(() => {
    const box = document.activeElement.getBoundingClientRect();
    return { text: document.activeElement.textContent, left: box.left };
  });
  say(seen.text === "Skip to the report" && seen.left >= 0,
    `${basename(path)}: the first stop skips to the report`, JSON.stringify(seen));
  await page.keyboard.press("Enter");
  const at = await page.evaluate(() => document.activeElement.id);
  say(at === "report", `${basename(path)}: it leads there`, at);
  const boxes = await page.locator("input[type=checkbox]").count();
  if (boxes > 0) {
    await page.locator("input[type=checkbox]").first().focus();
    await page.keyboard.press("Space");
    const ticked = await page.locator("input[type=checkbox]").first().isChecked();
    say(ticked, `${basename(path)}: a step can be ticked by keyboard`, "it was not");
  }
  await page.close();
}

async function print(browser, path) {
  const page = await browser.newPage();
  await page.goto(pathToFileURL(resolve(path)).href);
  for (const format of ["A4", "Letter"])
    await page.pdf({ path: join(out, `${basename(path, ".html")}-${format}.pdf`), format,
      preferCSSPageSize: false, printBackground: false });
  await page.close();
}

const browser = await chromium.launch({
  executablePath: chromiumPath, args: ["--no-sandbox", "--disable-gpu", "--font-render-hinting=none"] });
for (const path of pages) {
  for (const width of WIDTHS)
    for (const scheme of SCHEMES) {
      await look(browser, path, width, scheme);
      await judge(browser, path, width, scheme, false);
    }
  await judge(browser, path, 1280, "light", true);
  await type(browser, path);
  await print(browser, path);
}
await browser.close();
process.exit(failed ? 1 : 0);
