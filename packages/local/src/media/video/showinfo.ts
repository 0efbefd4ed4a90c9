/** What ffmpeg tells about each frame on standard error: the `showinfo` filter, with the level before each line (`-loglevel level+info`). */
export type FrameNews =
  /** A frame left the filters; seconds. */
  | { readonly kind: "frame"; readonly time: number }
  /** Something could not be decoded, somewhere since the frame before. */
  | { readonly kind: "fault"; readonly words: string };

/**
 * Takes the program's lines one by one. The time of a frame is its time stamp times the time base, which showinfo prints first: `pts_time` has
 * six digits in all, which is a tenth of a second in a long video.
 */
export function createShowinfoReader(): (line: string) => FrameNews | undefined {
  let timeBase: number | undefined;
  return (line) => {
    // A file's own tags are printed too, and may say anything: those lines begin otherwise.
    const [, info] = /^\[Parsed_showinfo_\d+ @ [^\]]*\] \[info\] (.*)$/.exec(line) ?? [];
    const base = /^config in time_base: (\d+)\/(\d+)/.exec(info ?? "");
    if (base !== null) timeBase = Number(base[1]) / Number(base[2]);
    const frame = /^n: *\d+ pts: *(-?\d+) +pts_time: *(-?[\d.e+]+)/.exec(info ?? "");
    if (frame !== null) return { kind: "frame", time: timeBase === undefined ? Number(frame[2]) : Number(frame[1]) * timeBase };
    const fault = /^(?:\[[^\]]* @ [^\]]*\] )?\[(?:error|fatal)\] (.*)$/.exec(line);
    return fault === null ? undefined : { kind: "fault", words: fault[1] ?? "" };
  };
}
