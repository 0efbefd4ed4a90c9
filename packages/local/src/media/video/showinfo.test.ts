import { expect, test } from "vitest";
import { createShowinfoReader } from "./showinfo.ts";

/** As ffmpeg 5.1 prints with `-loglevel level+info`. */
const LINES = [
  "[Parsed_showinfo_1 @ 0x5581] [info] config in time_base: 1/90000, frame_rate: 25/1",
  "[Parsed_showinfo_1 @ 0x5581] [info] config out time_base: 0/0, frame_rate: 0/0",
  "[Parsed_showinfo_1 @ 0x5581] [info] n:   0 pts: 981000450 pts_time:10900 duration:      0 duration_time:0       fmt:gray sar:1/1 s:96x54 i:P iskey:1 type:I ",
  "[h264 @ 0x7f12] [error] error while decoding MB 34 12, bytestream -7",
  "[Parsed_showinfo_1 @ 0x5581] [info] color_range:unknown color_space:unknown",
  "[info] Stream mapping:",
];

test("times are exact where showinfo's own are rounded, and faults are told between them", () => {
  const read = createShowinfoReader();
  expect(LINES.map(read).filter((news) => news !== undefined)).toEqual([
    { kind: "frame", time: expect.closeTo(10900.005, 6) },
    { kind: "fault", words: "error while decoding MB 34 12, bytestream -7" },
  ]);
});

test("what a file's own tags say is no news", () => {
  const read = createShowinfoReader();
  expect(read("[info]     title           : n:   0 pts: 5 pts_time:5 [error] boo")).toBeUndefined();
});
