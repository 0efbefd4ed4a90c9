import { readFileSync } from "node:fs";

/** By the distribution's `ID` or `ID_LIKE` in os-release(5). */
const LINUX: Readonly<Record<string, string>> = {
  debian: "sudo apt-get install ffmpeg",
  ubuntu: "sudo apt-get install ffmpeg",
  fedora: "sudo dnf install ffmpeg-free",
  rhel: "sudo dnf install ffmpeg-free (from EPEL)",
  alpine: "sudo apk add ffmpeg",
  arch: "sudo pacman -S ffmpeg",
  suse: "sudo zypper install ffmpeg",
};

const ELSEWHERE: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  darwin: "brew install ffmpeg",
  win32: "winget install Gyan.FFmpeg",
};

/** The command that installs FFmpeg on this system, or where to get it. */
export function installLine(platform: NodeJS.Platform = process.platform, release = osRelease()): string {
  const names = platform === "linux" ? distributionsOf(release) : [];
  const known = names.map((name) => LINUX[name]).find((line) => line !== undefined);
  return known ?? ELSEWHERE[platform] ?? "https://ffmpeg.org/download.html";
}

/** Its own name first, then those of the ones it is like. */
function distributionsOf(release: string): string[] {
  const value = (key: string): string => new RegExp(`^${key}="?([^"\\n]*)"?$`, "m").exec(release)?.[1] ?? "";
  return [value("ID"), ...value("ID_LIKE").split(/\s+/)].filter((name) => name !== "");
}

function osRelease(): string {
  try {
    return readFileSync("/etc/os-release", "utf8");
  } catch {
    return "";
  }
}
