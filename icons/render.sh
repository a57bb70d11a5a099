#!/usr/bin/env bash
# Renders the bitmaps that bundlers want from the three drawings. Needs rsvg-convert, ImageMagick and python3.
set -euo pipefail
cd "$(dirname "$0")"
rsvg-convert -w 32 mark-small.svg -o 32x32.png
rsvg-convert -w 128 mark.svg -o 128x128.png
rsvg-convert -w 256 mark.svg -o 128x128@2x.png
rsvg-convert -w 512 mark.svg -o icon.png
rsvg-convert -w 44 tray-template.svg -o tray-template.png
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for size in 16 32 48; do rsvg-convert -w "$size" mark-small.svg -o "$work/$size.png"; done
for size in 64 128 256 512 1024; do rsvg-convert -w "$size" mark.svg -o "$work/$size.png"; done
convert "$work/16.png" "$work/32.png" "$work/48.png" "$work/64.png" "$work/256.png" icon.ico
python3 - "$work" icon.icns <<'PY'
import pathlib, struct, sys
work, target = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
kinds = [("ic11", 32), ("ic12", 64), ("ic07", 128), ("ic13", 256), ("ic08", 256), ("ic14", 512), ("ic09", 512), ("ic10", 1024)]
body = b""
for kind, size in kinds:
    png = (work / f"{size}.png").read_bytes()
    body += kind.encode() + struct.pack(">I", len(png) + 8) + png
target.write_bytes(b"icns" + struct.pack(">I", len(body) + 8) + body)
PY
