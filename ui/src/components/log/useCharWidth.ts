import { useEffect, useState } from "react";

const SAMPLE = "0".repeat(100);

/** Width of one character of the log's font in pixels, measured once the font is there. */
export function useCharWidth(): number {
  const [width, setWidth] = useState(7.2);
  useEffect(() => {
    let isGone = false;
    const measure = () => {
      const probe = document.createElement("span");
      probe.className = "font-mono";
      probe.style.cssText = "position:absolute;visibility:hidden;white-space:pre";
      probe.textContent = SAMPLE;
      document.body.append(probe);
      const measured = probe.getBoundingClientRect().width / SAMPLE.length;
      probe.remove();
      if (!isGone && measured > 0) setWidth(measured);
    };
    measure();
    void document.fonts?.ready.then(measure);
    return () => {
      isGone = true;
    };
  }, []);
  return width;
}
