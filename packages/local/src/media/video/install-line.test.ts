import { expect, test } from "vitest";
import { installLine } from "./install-line.ts";

test.each<[NodeJS.Platform, string, string]>([
  ["linux", 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n', "sudo apt-get install ffmpeg"],
  ["linux", 'NAME="Linux Mint"\nID=linuxmint\nID_LIKE="ubuntu debian"\n', "sudo apt-get install ffmpeg"],
  ["linux", "ID=fedora\nVERSION_ID=42\n", "sudo dnf install ffmpeg-free"],
  ["linux", 'ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"\n', "sudo zypper install ffmpeg"],
  ["linux", "ID=nixos\n", "https://ffmpeg.org/download.html"],
  ["linux", "", "https://ffmpeg.org/download.html"],
  ["darwin", "", "brew install ffmpeg"],
  ["freebsd", "ID=freebsd", "https://ffmpeg.org/download.html"],
])("%s, %j: %s", (platform, release, line) => {
  expect(installLine(platform, release)).toBe(line);
});
