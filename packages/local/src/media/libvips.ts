import { isMainThread } from "node:worker_threads";
import { SetupError } from "@sightline/core/errors";
import sharp from "sharp";

/**
 * The one place that sets up sharp and libvips, in a worker only.
 *
 * Only the loaders below may run: libvips brings more (among them ones its authors mark as not made for untrusted
 * bytes), and each is a way in.
 */
sharp.block({ operation: ["VipsForeignLoad"] });
sharp.unblock({
  operation: ["Jpeg", "Png", "Webp", "Heif", "Nsgif", "Tiff", "Svg"].map((format) => `VipsForeignLoad${format}`),
});
// Every picture is another one: a cache would only hold memory.
sharp.cache(false);

if (!isMainThread && !("emscripten" in sharp.versions)) {
  throw new SetupError("Pictures are not decoded in a worker thread by native code: a thread that hangs there could not be ended.", {
    hint: "Leave SIGHTLINE_WORKERS unset so that child processes are used, or install the WebAssembly build in place of the native one: npm install --cpu=wasm32 sharp.",
  });
}

export { sharp };
