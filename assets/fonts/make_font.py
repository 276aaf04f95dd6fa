"""Cuts one weight of the bundled font out of a Noto Sans CJK collection.

Takes the Simplified Chinese face, keeps the characters named below, drops the layout and hinting tables, turns the
cubic outlines into quadratic ones (a plain TrueType file, which every rasteriser reads) and gives the family its own
name, so that a copy of Noto Sans SC installed on the machine can never be picked instead of the bundled one.
"""

import argparse
from pathlib import Path

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont, newTable

FAMILY = "Jiaohao Sans SC"
FACE = "Noto Sans CJK SC"
# Of 1000 units to the em: at the 300 px of the hall screen's number this is a quarter of a pixel.
OUTLINE_ERROR_UNITS = 0.8
# Fixed, so that the same inputs give the same bytes (seconds since 1904-01-01, here 2022-01-27).
TIMESTAMP = 3726086400

# Shapes and signs the pages and tickets draw as text.
SIGNS = "★☆◆◇●○■□▲▼▶◀♥♡✓⚠→←↑↓〓…—–·•※№℃€£¥￥×÷±≤≥≈∞§©®™‰′″"


def wanted_characters(table: Path) -> set[int]:
    """The code points to keep."""
    lines = table.read_text(encoding="utf-8").splitlines()
    general = {ord(c) for line in lines if not line.startswith("#") for c in line}
    if len(general) != 8105:
        raise SystemExit(f"{table}: expected 8,105 characters, found {len(general)}")

    gb2312 = set()
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                gb2312.add(ord(bytes([row, cell]).decode("gb2312")))
            except UnicodeDecodeError:
                continue

    latin = set(range(0x20, 0x7F)) | set(range(0xA0, 0x100))
    punctuation = set(range(0x2010, 0x2017)) | set(map(ord, "‘’‚“”„†‡•‥…")) | set(range(0x3000, 0x3018))
    numbers = set(range(0x2460, 0x249C)) | set(range(0x2776, 0x2780)) | set(range(0x2160, 0x216C))
    fullwidth = set(range(0xFF01, 0xFF5F)) | set(range(0xFFE0, 0xFFE7))
    return general | gb2312 | latin | punctuation | numbers | fullwidth | {ord(c) for c in SIGNS}


def simplified_face(collection: Path) -> TTFont:
    for font in TTCollection(collection).fonts:
        if font["name"].getDebugName(1).startswith(FACE):
            return font
    raise SystemExit(f"{collection}: no face named {FACE}")


def cut(font: TTFont, characters: set[int]) -> None:
    options = Options()
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx", "DSIG"]
    options.layout_features = []
    options.hinting = False
    options.desubroutinize = True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 7, 13, 14]
    options.notdef_outline = True
    options.glyph_names = False
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)


def to_truetype(font: TTFont) -> None:
    """Replaces the CFF outlines by quadratic ones; .notdef becomes 〓, so that a missing character is seen as one."""
    order = font.getGlyphOrder()
    glyphs = font.getGlyphSet()
    missing = font.getBestCmap()[ord("〓")]
    drawn = {}
    for name in order:
        pen = TTGlyphPen(glyphs)
        glyphs[missing if name == ".notdef" else name].draw(Cu2QuPen(pen, OUTLINE_ERROR_UNITS, reverse_direction=True))
        drawn[name] = pen.glyph()

    del font["CFF "]
    font["loca"] = newTable("loca")
    glyf = font["glyf"] = newTable("glyf")
    glyf.glyphOrder = order
    glyf.glyphs = drawn
    for name in order:
        drawn[name].recalcBounds(glyf)
        width = font["hmtx"].metrics[missing if name == ".notdef" else name][0]
        font["hmtx"].metrics[name] = (width, getattr(drawn[name], "xMin", 0))

    maxp = font["maxp"] = newTable("maxp")
    maxp.tableVersion = 0x00010000
    for field in ("maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs", "maxStackElements"):
        setattr(maxp, field, 0)
    maxp.maxZones = 1
    maxp.maxSizeOfInstructions = maxp.maxComponentElements = 0
    maxp.numGlyphs = len(order)
    font["post"].formatType = 3.0
    font.sfntVersion = "\x00\x01\x00\x00"


def rename(font: TTFont, weight: str) -> None:
    names = font["name"]
    kept = [record for record in names.names if record.nameID in (0, 5, 7, 13, 14) and record.langID == 0x409]
    names.names = kept
    postscript = f"{FAMILY.replace(' ', '')}-{weight}"
    for name_id, text in ((1, FAMILY), (2, weight), (3, postscript), (4, f"{FAMILY} {weight}"), (6, postscript)):
        names.setName(text, name_id, 3, 1, 0x409)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--collection", type=Path, required=True)
    parser.add_argument("--characters", type=Path, required=True)
    parser.add_argument("--weight", choices=["Regular", "Bold"], required=True)
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()

    font = simplified_face(arguments.collection)
    characters = wanted_characters(arguments.characters)
    lacking = sorted(characters - set(font.getBestCmap()))
    if lacking:
        raise SystemExit("not in the face: " + " ".join(f"{chr(c)} U+{c:04X}" for c in lacking))
    cut(font, characters)
    to_truetype(font)
    rename(font, arguments.weight)
    font["head"].created = font["head"].modified = TIMESTAMP
    font.recalcTimestamp = False
    font.save(arguments.output)
    print(f"{arguments.output}: {len(font.getBestCmap())} characters, {arguments.output.stat().st_size} bytes")


if __name__ == "__main__":
    main()
