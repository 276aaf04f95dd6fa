#!/bin/sh
# Makes NotoSansSC-Regular.ttf and NotoSansSC-Bold.ttf beside this script.
#
# Needs Debian's fonts-noto-cjk (the collections) and fonttools from PyPI at the version below; python3-venv to install it.
# The result is checked in: run this only to change the set of characters. The same inputs give the same bytes.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
collections=${NOTO_CJK_DIR:-/usr/share/fonts/opentype/noto}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet 'fonttools==4.68.0'

for weight in Regular Bold; do
    "$work/venv/bin/python" "$here/make_font.py" \
        --collection "$collections/NotoSansCJK-$weight.ttc" \
        --characters "$here/general-standard-characters.txt" \
        --weight "$weight" \
        --output "$here/NotoSansSC-$weight.ttf"
done
