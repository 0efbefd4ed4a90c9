import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { leavesMachine, whereaboutsOf } from "./private-only.ts";

describe("where a server is, by its URL", () => {
  test.each([
    ["http://127.0.0.1:11434", "this machine"],
    ["http://localhost:11434/v1", "this machine"],
    ["http://LOCALHOST.:1234/v1", "this machine"],
    ["http://ollama.localhost/v1", "this machine"],
    ["http://[::1]:8000/v1", "this machine"],
    ["http://[::ffff:127.0.0.1]:8000/v1", "this machine"],
    ["http://0.0.0.0:8000/v1", "this machine"],
    ["http://2130706433/v1", "this machine"],
    ["http://192.168.1.20:8000/v1", "private network"],
    ["http://10.0.0.5/v1", "private network"],
    ["http://172.31.255.1/v1", "private network"],
    ["http://169.254.3.4/v1", "private network"],
    ["http://100.100.1.2/v1", "private network"],
    ["http://[fd00::1]/v1", "private network"],
    ["http://[fe80::1]/v1", "private network"],
    ["http://gpu-box:8000/v1", "private network"],
    ["http://gpu.local/v1", "private network"],
    ["http://gpu.lan/v1", "private network"],
    ["http://host.docker.internal:11434", "private network"],
    ["http://gpu.home.arpa/v1", "private network"],
    ["https://api.openai.com/v1", "elsewhere"],
    ["https://localhost.example.com/v1", "elsewhere"],
    ["https://mylocal/v1", "private network"],
    ["https://notlocal.lan.example.com/v1", "elsewhere"],
    ["http://8.8.8.8/v1", "elsewhere"],
    ["http://172.32.0.1/v1", "elsewhere"],
    ["http://[2606:4700::1111]/v1", "elsewhere"],
    ["http://[::ffff:8.8.8.8]/v1", "elsewhere"],
    // IPv4 inside IPv6 that a gateway would carry to the internet.
    ["http://[64:ff9b::808:808]/v1", "elsewhere"],
    ["http://[2002:0808:0808::1]/v1", "elsewhere"],
    // The same address twice, and no way to this machine in either writing.
    ["http://[::127.0.0.2]/v1", "elsewhere"],
    ["http://[::7f00:2]/v1", "elsewhere"],
    ["http://255.255.255.255/v1", "elsewhere"],
    ["not a URL", "elsewhere"],
    ["", "elsewhere"],
  ])("%s: %s", (url, where) => {
    expect(leavesMachine(url)).toBe(where);
  });

  test("agrees with the check of the address that is connected to", () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => {
        expect(leavesMachine(`http://${address.includes(":") ? `[${address}]` : address}:8000/v1`)).toBe(whereaboutsOf(address));
      }),
      // The counterexample that was found in 14,000.
      { examples: [["::0.0.0.2"]] },
    );
  });

  test("never calls private what is anywhere on the internet, and never throws", () => {
    fc.assert(
      fc.property(fc.webUrl({ withFragments: true, withQueryParameters: true }), (url) => {
        const { hostname } = new URL(url);
        fc.pre(!/\.(local|lan|internal|arpa|localhost)\.?$/.test(hostname) && hostname.includes("."));
        expect(leavesMachine(url)).toBe("elsewhere");
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => void leavesMachine(text)));
  });
});
