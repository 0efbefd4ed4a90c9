import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isPublicAddress } from "./public-address.ts";

describe("isPublicAddress", () => {
  it.each(["8.8.8.8", "93.184.215.14", "::ffff:8.8.8.8", "2606:4700::1111", "2a00:1450:4001:830::200e"])("says yes to %s", (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each(
    [
      "0.0.0.0 10.0.0.1 100.64.0.1 127.0.0.1 169.254.169.254 172.31.255.255 192.0.0.8 192.0.2.1",
      "192.168.0.1 198.19.0.1 198.51.100.1 203.0.113.1 224.0.0.1 240.0.0.1 255.255.255.255",
      ":: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:a9fe:a9fe 64:ff9b::7f00:1 64:ff9b:1::1 100::1 2001::1",
      "2001:db8::1 2002:7f00:1:: 4000::1 fc00::1 fd00::1 fe80::1 fe80::1%eth0 fec0::1 ff02::1",
      "localhost 1.2.3.4.5 8.8.8.8/8",
    ].flatMap((line) => line.split(" ")),
  )("says no to %s", (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it("judges an IPv4 address and the same one inside IPv6 alike", () => {
    fc.assert(fc.property(fc.ipV4(), (address) => isPublicAddress(`::ffff:${address}`) === isPublicAddress(address)));
  });
});
