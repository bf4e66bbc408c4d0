// Builds js/app.js, css/app.css, css/paper.css, css/paper-chart.css, css/takeaway.css and every file of img/ into dist/, under content-hashed names, with dist/manifest.json:
// {"app.js": "app-3F….js", "app.css": "app-….css", "img/logo.svg": "logo-….svg"}.
import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));
const dist = path.join(here, "dist");
const watch = process.argv.includes("--watch");

async function images() {
  const entries = await readdir(path.join(here, "img"), { recursive: true, withFileTypes: true }).catch(() => []);
  const made = {};
  for (const entry of entries.filter((each) => each.isFile())) {
    const source = path.join(entry.parentPath, entry.name);
    const hash = createHash("sha256").update(await readFile(source)).digest("hex").slice(0, 10);
    const { name, ext } = path.parse(entry.name);
    const target = `${name}-${hash}${ext}`;
    await copyFile(source, path.join(dist, target));
    made[path.relative(here, source).split(path.sep).join("/")] = target;
  }
  return made;
}

// Beside each file of text the same in gzip, made once: the server need only send it.
async function compress(names) {
  const texts = names.filter((name) => /\.(js|css|svg)$/.test(name));
  for (const name of texts) {
    const packed = gzipSync(await readFile(path.join(dist, name)), { level: 9 });
    await writeFile(path.join(dist, `${name}.gz`), packed);
  }
  return texts.map((name) => `${name}.gz`);
}

// The new files stand before the manifest names them, and the old ones go last: a page served meanwhile is whole.
async function finish(metafile) {
  const manifest = await images();
  const keep = new Set(["manifest.json", ...Object.values(manifest)]);
  for (const [output, { entryPoint }] of Object.entries(metafile.outputs)) {
    const name = path.basename(output);
    keep.add(name);
    if (entryPoint) manifest[path.basename(entryPoint)] = name;
  }
  if (!watch) for (const name of await compress([...keep])) keep.add(name);
  await writeFile(path.join(dist, "manifest.json.new"), `${JSON.stringify(manifest, null, 2)}\n`);
  await rename(path.join(dist, "manifest.json.new"), path.join(dist, "manifest.json"));
  for (const name of await readdir(dist)) {
    if (!keep.has(name)) await rm(path.join(dist, name), { recursive: true });
  }
}

await mkdir(dist, { recursive: true });
const context = await esbuild.context({
  absWorkingDir: here,
  entryPoints: ["js/app.js", "css/app.css", "css/paper.css", "css/paper-chart.css", "css/takeaway.css"],
  outdir: "dist",
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  loader: { ".svg": "file", ".png": "file", ".woff2": "file" },
  bundle: true,
  minify: !watch,
  sourcemap: watch ? "inline" : false,
  format: "esm",
  // What a page needs later, or never, is fetched then.
  splitting: true,
  // Browsers of late 2021. CSS nesting is written out for them; light-dark() is kept, so give a plain value before it.
  target: ["chrome95", "edge95", "firefox94", "safari15", "ios15"],
  charset: "utf8",
  logLevel: "info",
  metafile: true,
  plugins: [
    {
      name: "manifest",
      setup: (build) => build.onEnd((result) => (result.metafile ? finish(result.metafile) : undefined)),
    },
  ],
});
if (watch) {
  await context.watch();
} else {
  try {
    await context.rebuild();
  } catch {
    process.exitCode = 1;
  }
  await context.dispose();
}
