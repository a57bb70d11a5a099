import { describe, expect, test } from "vitest";
import { choose } from "./choose";
import { en } from "./en";
import { pseudo } from "./pseudo";

describe("languages", () => {
  test("the stored one wins, then what the system wants, then English", () => {
    const known = ["en", "de", "pt-BR"];
    const pick = (stored: string, ...wanted: string[]) => choose(stored, wanted, known, "en");
    expect(pick("de", "en")).toBe("de");
    expect(pick("", "fr", "de-AT")).toBe("de");
    expect(pick("", "pt-br")).toBe("pt-BR");
    expect(pick("xx", "de")).toBe("de");
    expect(pick("", "fr")).toBe("en");
  });

  test("the pseudo-language brackets every text, also those with values", () => {
    const words = pseudo(en);
    expect(words.cancel).toBe("⟦Cancel⟧");
    expect(words.settings.outOfRange("Size", 1, 2)).toBe("⟦Size is a whole number from 1 to 2.⟧");
    expect(words.format.locale).toBe(en.format.locale);
  });
});
