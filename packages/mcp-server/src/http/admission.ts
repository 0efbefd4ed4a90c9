/** How much is taken in at a time. */
export interface AdmissionLimits {
  /** Requests under way, of all clients. */
  readonly total: number;
  /** Requests under way, of one client. */
  readonly perClient: number;
}

/** What is let in gives its place back once, with `leave`. */
export type Admitted = { readonly ok: true; leave(): void } | { readonly ok: false; readonly because: "client" | "total" };

/** Counts who is in: what is let in waits for a worker or the model, and what is not is told so at once instead of timing out. */
export function createAdmission({ total, perClient }: AdmissionLimits) {
  const inside = new Map<string, number>();
  let all = 0;

  return {
    /** Requests under way. */
    get count(): number {
      return all;
    },

    enter(client: string): Admitted {
      const mine = inside.get(client) ?? 0;
      if (mine >= perClient) return { ok: false, because: "client" };
      if (all >= total) return { ok: false, because: "total" };
      inside.set(client, mine + 1);
      all += 1;
      let left = false;
      return {
        ok: true,
        leave() {
          if (left) return;
          left = true;
          all -= 1;
          const rest = (inside.get(client) ?? 1) - 1;
          if (rest === 0) inside.delete(client);
          else inside.set(client, rest);
        },
      };
    },
  };
}

export type Admission = ReturnType<typeof createAdmission>;
