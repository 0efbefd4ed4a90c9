import { SetupError } from "@sightline/core";
import ipaddr from "ipaddr.js";

/** Where what is sent to a server ends up. */
export type Whereabouts = "this machine" | "private network" | "elsewhere";

/** By the names of ipaddr.js. 0.0.0.0 and :: lead to this machine when they are connected to. */
const THIS_MACHINE: ReadonlySet<string> = new Set(["loopback", "unspecified"]);

/**
 * RFC 1918, RFC 4193 (fc00::/7), link-local, and 100.64.0.0/10 (RFC 6598): no route of the internet leads there, and networks such as Tailscale
 * live in it.
 */
const PRIVATE: ReadonlySet<string> = new Set(["private", "uniqueLocal", "linkLocal", "carrierGradeNat"]);

/** Names that never belong to a host of the internet: RFC 6762, RFC 8375, ICANN's .internal, and .lan by custom. */
const PRIVATE_NAME = /\.(?:local|lan|internal|home\.arpa)$/;

/** Where an IP address lies, in any way of writing it; "elsewhere" for what is none. */
export function whereaboutsOf(address: string): Whereabouts {
  if (!ipaddr.isValid(address)) return "elsewhere";
  const range = ipaddr.process(inOneWriting(address)).range(); // unwraps IPv4 inside IPv6 (::ffff:127.0.0.1)
  return THIS_MACHINE.has(range) ? "this machine" : PRIVATE.has(range) ? "private network" : "elsewhere";
}

/** ipaddr.js takes the deprecated "::127.0.0.1" for IPv4 and "::7f00:1", the same address, for IPv6: the URL standard writes both as the latter. */
function inOneWriting(address: string): string {
  const url = `http://[${address.replace(/%.*$/, "")}]`;
  return URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : address;
}

/**
 * Where pictures go that are sent to this server, by its URL alone: nothing is looked up. A name that could belong to a host of the
 * internet counts as elsewhere.
 */
export function leavesMachine(baseUrl: string): Whereabouts {
  if (!URL.canParse(baseUrl)) return "elsewhere";
  const host = new URL(baseUrl).hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  if (host === "localhost" || host.endsWith(".localhost")) return "this machine";
  if (ipaddr.isValid(host)) return whereaboutsOf(host);
  return host !== "" && (!host.includes(".") || PRIVATE_NAME.test(host)) ? "private network" : "elsewhere";
}

/** What `--local-only` lets a model request connect to; for `guardedConnector`. */
export const privateOnly = {
  mayConnect: (address: string): boolean => whereaboutsOf(address) !== "elsewhere",
  refuse: (host: string): SetupError =>
    new SetupError(`${host} is not on this machine or your network, and --local-only is set.`, {
      hint: "Name a model server of this machine or network with --base-url (SIGHTLINE_BASE_URL), or leave out --local-only (SIGHTLINE_LOCAL_ONLY).",
    }),
};
