import { context, propagation, SpanStatusCode, trace, type Attributes, type Span } from "@opentelemetry/api";

/** Without a tracer that was started (`startTracing`) all of this does nothing. */

const tracer = () => trace.getTracer("sightline");

/** Runs within a span of that name; one that fails has the kind of its error, and never its words: they may be a document's. */
export function inSpan<Value>(name: string, attributes: Attributes, run: (span: Span) => Promise<Value>): Promise<Value> {
  return tracer().startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await run(span);
    } catch (error) {
      const kind = error instanceof Error ? ("kind" in error ? String(error.kind) : error.name) : "unknown";
      span.setStatus({ code: SpanStatusCode.ERROR, message: kind });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** The trace that goes on here, for whoever continues it in another process: W3C's `traceparent`. Empty where there is none. */
export function traceHeaders(): Record<string, string> {
  const headers: Record<string, string> = {};
  propagation.inject(context.active(), headers);
  return headers;
}

/** Runs within the trace that another process named. */
export function continueTrace<Value>(headers: unknown, run: () => Value): Value {
  return context.with(propagation.extract(context.active(), headers ?? {}), run);
}
