"""Prints a Slint global with one path per icon: make_icons.py LIST SVG_FOLDER."""

import re
import sys
from pathlib import Path

listed, folder = Path(sys.argv[1]), Path(sys.argv[2])
print("// Made by assets/icons/make-icons.sh from Material Design Icons 7.4.47 (Pictogrammers, Apache-2.0). Do not edit.")
print("// Every path lies in a box of 24 × 24.")
print("export global Icons {")
for line in listed.read_text(encoding="utf-8").splitlines():
    if not line or line.startswith("#"):
        continue
    name, source = (part.strip() for part in line.split("="))
    paths = re.findall(r' d="([^"]+)"', (folder / f"{source}.svg").read_text(encoding="utf-8"))
    if len(paths) != 1:
        raise SystemExit(f"{source}: expected one path, found {len(paths)}")
    print(f'    out property <string> {name}: "{paths[0]}";')
print("}")
