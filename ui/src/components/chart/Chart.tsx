import { useEffect, useRef, useState } from "react";
import type uPlot from "uplot";
import { type ChartOptions, makeChart, resizeChart } from "./plot";

interface ChartProps extends ChartOptions {
  data: uPlot.AlignedData;
  /** What it shows, in words. */
  label: string;
}

/** One chart; drawn anew when the colour scheme changes. `lines`, `format` and `steps` must keep their identity. */
export function Chart({ data, label, ...options }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const latest = useRef(data);
  const { lines, format, formatAgo, steps, spanMs, leastTop, height, onPoint } = options;
  const theme = useThemeName();
  latest.current = data;

  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme means other colours
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const made = makeChart(element, latest.current, options);
    chart.current = made;
    const observer = new ResizeObserver(() => resizeChart(made, element));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      chart.current = null;
    };
  }, [theme, lines, format, formatAgo, steps, spanMs, leastTop, height, onPoint]);

  useEffect(() => chart.current?.setData(data), [data]);

  return <div ref={place} role="img" aria-label={label} className="w-full overflow-hidden" />;
}

function useThemeName(): string {
  const [theme, setTheme] = useState(() => document.documentElement.dataset.theme ?? "");
  useEffect(() => {
    const observer = new MutationObserver(() => setTheme(document.documentElement.dataset.theme ?? ""));
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    return () => observer.disconnect();
  }, []);
  return theme;
}
