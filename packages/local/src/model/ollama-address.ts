/** The address in OLLAMA_HOST, in all the forms Ollama takes: `host`, `host:port`, `:port`, a URL, and 0.0.0.0 for "everywhere", which a client reaches on loopback. */
export function ollamaAddress(host: string | undefined): string {
  const text = (host ?? "").trim().replace(/^["']|["']$/g, "");
  const [, scheme = "http", rest = ""] = /^(?:(https?):\/\/)?(.*)$/.exec(text) ?? [];
  const [, name = "", port] = /^(\[[^\]]*\]|[^:/]*)(?::(\d+))?/.exec(rest) ?? [];
  const everywhere = name === "" || name === "0.0.0.0" ? "127.0.0.1" : name === "[::]" ? "[::1]" : name;
  // As Ollama does: a bare host means its own port, a URL without one means its scheme's.
  const usual = !/^https?:/.test(text) ? "11434" : scheme === "https" ? "443" : "80";
  return new URL(`${scheme}://${everywhere}:${port ?? usual}`).origin;
}
