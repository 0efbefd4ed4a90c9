import ipaddr from "ipaddr.js";

/** Global unicast IPv6 is 2000::/3 alone (RFC 4291, IANA); the library says unicast of unassigned space too, ::7f00:1 (127.0.0.1) among it. */
const GLOBAL_UNICAST = ipaddr.IPv6.parse("2000::");

/** True when `text` is the IP address of a host on the public internet, in any way of writing it. */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text); // unwraps IPv4 inside IPv6 (::ffff:127.0.0.1)
  return address.range() === "unicast" && (address.kind() === "ipv4" || address.match(GLOBAL_UNICAST, 3));
}
