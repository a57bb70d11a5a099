/* A drawing as a file of its own: the colours and letters that the page gives it are written into it. */

const KEPT = [
  "fill",
  "stroke",
  "stroke-width",
  "font-family",
  "font-size",
  "font-weight",
  "display",
] as const;
const PADDING = 24;

/** The SVG text of what is drawn, whole, whatever part of it is in view. */
export function drawingText(frame: SVGSVGElement): string {
  const content = frame.querySelector("g");
  if (!content) return "";
  const { x, y, width, height } = content.getBBox();
  const copy = frame.cloneNode(false);
  if (!(copy instanceof SVGSVGElement)) return "";
  for (const name of ["class", "style", "role", "aria-describedby", "data-far"]) copy.removeAttribute(name);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  const box = [x - PADDING, y - PADDING, width + 2 * PADDING, height + 2 * PADDING].map(Math.round);
  copy.setAttribute("viewBox", box.join(" "));
  copy.setAttribute("width", String(box[2]));
  copy.setAttribute("height", String(box[3]));
  const ground = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  for (const [at, name] of ["x", "y", "width", "height"].entries())
    ground.setAttribute(name, String(box[at]));
  ground.setAttribute("fill", plainColour(getComputedStyle(document.body).backgroundColor));
  copy.append(ground, styled(content));
  return new XMLSerializer().serializeToString(copy);
}

/** A copy that needs no style sheet, without what only the page needs. */
function styled(element: Element): Element {
  const copy = document.createElementNS(element.namespaceURI, element.tagName);
  const style = getComputedStyle(element);
  for (const { name, value } of element.attributes)
    if (!/^(class|style|role|tabindex|aria-|data-)/.test(name)) copy.setAttribute(name, value);
  if (element.tagName === "g") {
    if (element.parentElement?.tagName === "svg") copy.removeAttribute("transform");
  } else {
    for (const name of KEPT) {
      const value = style.getPropertyValue(name);
      if (value !== "" && name !== "display")
        copy.setAttribute(name, isColour(name) ? plainColour(value) : value);
    }
  }
  for (const child of element.childNodes)
    copy.append(child instanceof Element ? styled(child) : child.cloneNode());
  return copy;
}

const isColour = (name: string): boolean => name === "fill" || name === "stroke";

const plain = new Map<string, string>();

/** Other programs do not read every way of writing a colour that browsers do. */
function plainColour(value: string): string {
  if (!value.startsWith("oklch") && !value.startsWith("color")) return value;
  const known = plain.get(value) ?? painted(value);
  plain.set(value, known);
  return known;
}

function painted(value: string): string {
  const canvas = document.createElement("canvas").getContext("2d");
  if (!canvas) return value;
  canvas.fillStyle = value;
  canvas.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0, alpha = 0] = canvas.getImageData(0, 0, 1, 1).data;
  return alpha === 0 ? "none" : `rgb(${red} ${green} ${blue})`;
}
